#include "live_agent/adoption.h"

namespace parley::live_agent {
namespace {

using schema::RowRule;
using schema::SqlText;

/// The counters of a session always equal the number of messages that the other side has not read.
RowRule counter(const std::string& column, const std::string& sender, const std::string& flag) {
  const std::string unread =
      "(SELECT COUNT(*) FROM live_agent_messages m WHERE m.session_id = live_agent_sessions.id AND "
      "m.sender_type = '" +
      sender + "' AND (m." + flag + " IS NULL OR NOT m." + flag + "))";
  const std::string differs = "COALESCE(" + column + ", 0) <> " + unread;
  return {.object = "live_agent_sessions." + column,
          .needs = {"live_agent_sessions." + column, "live_agent_messages.session_id",
                    "live_agent_messages." + flag, "live_agent_messages.sender_type"},
          .count = {SqlText{"", "SELECT COUNT(*) FROM live_agent_sessions WHERE " + differs}},
          .mend = {SqlText{"", "UPDATE live_agent_sessions SET " + column + " = " + unread +
                                   " WHERE " + differs}},
          .wanted = "the number of unread messages",
          .done = "Recomputed live_agent_sessions." + column};
}

}  // namespace

schema::AdoptionRules adoption_rules() {
  schema::AdoptionRules rules;
  rules.table_prefix = "live_agent_";
  rules.notes = {
      {"live_agent_messages.metadata",
       "the name that the column had before message_metadata; its values are copied there"},
      {"users.hashed_password", "read as the password until the password changes"},
      {"users.password", "read as the password until the password changes"}};
  rules.changeables = {{"live_agent_sessions", "assigned_agent_id"}};
  rules.fills = {
      {"live_agent_messages",
       "message_metadata",
       "metadata",
       {SqlText{"postgresql",
                "UPDATE live_agent_messages SET message_metadata = metadata::jsonb "
                "WHERE metadata IS NOT NULL"},
        SqlText{"",
                "UPDATE live_agent_messages SET message_metadata = metadata "
                "WHERE metadata IS NOT NULL"}}},
      {"users",
       "password_hash",
       "hashed_password",
       {SqlText{"", "UPDATE users SET password_hash = hashed_password"}}},
      {"users",
       "password_hash",
       "password",
       {SqlText{"", "UPDATE users SET password_hash = password"}}},
      {"users", "full_name", "name", {SqlText{"", "UPDATE users SET full_name = name"}}}};
  rules.rows = {counter("unread_count_user", "agent", "read_by_user"),
                counter("unread_count_agent", "user", "read_by_agent")};
  return rules;
}

}  // namespace parley::live_agent
