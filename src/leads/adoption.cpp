#include "leads/adoption.h"

#include <initializer_list>

namespace parley::leads {
namespace {

using schema::RowRule;
using schema::SqlText;

/// A JSON value that was stored as a text inside JSON text is taken out of it; nothing becomes what
/// a fresh row has.
RowRule json_column(const std::string& table, const std::string& column, const std::string& fresh) {
  const std::string of = " FROM " + table + " WHERE ";
  const std::string update = "UPDATE " + table + " SET " + column + " = ";
  const std::string inner_lite = "json_extract(" + column + ", '$')";
  const std::string lite = "(" + column + " IS NULL OR json_valid(" + column + ") AND (json_type(" +
                           column + ") = 'null' OR json_type(" + column +
                           ") = 'text' AND json_valid(" + inner_lite + ")))";
  const std::string inner_pg = "(" + column + "::jsonb #>> '{}')";
  const std::string pg = "(" + column + " IS NULL OR jsonb_typeof(" + column +
                         "::jsonb) = 'null' OR jsonb_typeof(" + column +
                         "::jsonb) = 'string' AND " + inner_pg + " ~ '^\\s*[\\[{]')";
  const std::string inner_my = "JSON_UNQUOTE(" + column + ")";
  const std::string my = "(" + column + " IS NULL OR JSON_TYPE(" + column +
                         ") = 'NULL' OR JSON_TYPE(" + column + ") = 'STRING' AND JSON_VALID(" +
                         inner_my + "))";
  return {.object = table + "." + column,
          .needs = {table + "." + column},
          .count = {SqlText{"sqlite", "SELECT COUNT(*)" + of + lite},
                    SqlText{"postgresql", "SELECT COUNT(*)" + of + pg},
                    SqlText{"", "SELECT COUNT(*)" + of + my}},
          .mend = {SqlText{"sqlite",
                           update + "COALESCE(" + inner_lite + ", '" + fresh + "') WHERE " + lite},
                   SqlText{"postgresql", update + "COALESCE(" + inner_pg + ", '" + fresh +
                                             "')::jsonb WHERE " + pg},
                   SqlText{"", update + "CASE WHEN " + column + " IS NULL OR JSON_TYPE(" + column +
                                   ") = 'NULL' THEN '" + fresh + "' ELSE " + inner_my +
                                   " END WHERE " + my}},
          .wanted = "JSON",
          .done = "Rewrote " + table + "." + column + " as JSON",
          .is_note = true};
}

/// The same text of the same lead, stored twice within two seconds.
RowRule doubled_messages() {
  const auto twice = [](const std::string& seconds) {
    return "sender_type = 'lead' AND EXISTS (SELECT 1 FROM (SELECT * FROM messages) o WHERE o.id < "
           "messages.id AND o.sender_type = 'lead' AND o.agent_session_id = "
           "messages.agent_session_id AND o.content = messages.content AND "
           "COALESCE(o.external_platform, '') = COALESCE(messages.external_platform, '') AND " +
           seconds + " <= 2)";
  };
  const std::string lite =
      twice("ABS(julianday(messages.created_at) - julianday(o.created_at)) * 86400.0");
  const std::string pg = twice("ABS(EXTRACT(EPOCH FROM messages.created_at - o.created_at))");
  const std::string my =
      twice("ABS(TIMESTAMPDIFF(MICROSECOND, o.created_at, messages.created_at)) / 1000000");
  const auto both = [](const std::string& head, const std::string& lite_, const std::string& pg_,
                       const std::string& my_) {
    return schema::SqlTexts{SqlText{"sqlite", head + lite_}, SqlText{"postgresql", head + pg_},
                            SqlText{"", head + my_}};
  };
  return {.object = "table messages",
          .needs = {"messages.sender_type", "messages.agent_session_id", "messages.content",
                    "messages.external_platform", "messages.created_at"},
          .count = both("SELECT COUNT(*) FROM messages WHERE ", lite, pg, my),
          .mend = both("DELETE FROM messages WHERE ", lite, pg, my),
          .wanted = "each message of a lead once",
          .done = "Removed doubled messages of leads",
          .is_note = true,
          .option = "--dedupe"};
}

}  // namespace

schema::AdoptionRules adoption_rules() {
  schema::AdoptionRules rules;
  for (const char* table : {"agents", "leads", "agent_sessions", "messages", "follow_up_tasks"}) {
    rules.accepted_types.push_back({table, "", "times without a zone are read as UTC"});
  }
  rules.accepted_types.push_back(
      {"agent_sessions", "last_follow_up_trigger", "times kept as text are read"});
  rules.changeables = {{"leads", "status"},
                       {"leads", "name"},
                       {"follow_up_tasks", "delay_minutes"},
                       {"follow_up_tasks", "original_delay"}};
  for (const char* column : {"prompt_variables", "tool_configs", "conversation_settings"}) {
    rules.rows.push_back(json_column("agents", column, "{}"));
  }
  for (const char* column : {"personality_traits", "knowledge", "enabled_tools", "triggers",
                             "actions", "workflow_steps", "integrations", "sample_conversations"}) {
    rules.rows.push_back(json_column("agents", column, "[]"));
  }
  for (const char* column : {"notes", "interaction_history"}) {
    rules.rows.push_back(json_column("leads", column, "[]"));
  }
  for (const char* column : {"initial_context", "session_metadata"}) {
    rules.rows.push_back(json_column("agent_sessions", column, "{}"));
  }
  rules.rows.push_back(json_column("messages", "message_metadata", "{}"));
  rules.rows.push_back(doubled_messages());
  rules.other_products = {
      {"agents.id", "an agents table with such ids belongs to another product"}};
  rules.parents = {"agents", "leads", "agent_sessions"};
  rules.takeover = schema::Takeover::WhenEqual;
  return rules;
}

}  // namespace parley::leads
