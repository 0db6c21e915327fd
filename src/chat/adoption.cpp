#include "chat/adoption.h"

namespace parley::chat {
namespace {

using schema::SqlText;

constexpr const char* kTimes = "times without a zone are read as UTC";

}  // namespace

schema::AdoptionRules adoption_rules() {
  schema::AdoptionRules rules;
  for (const char* table :
       {"users", "accounts", "memberships", "agents", "chats", "chat_messages", "refresh_tokens",
        "invitations", "email_verifications", "password_resets", "agent_credentials"}) {
    rules.accepted_types.push_back({table, "", kTimes});
  }
  rules.notes = {
      {"agent_credentials.client_id", "of an earlier way to embed an agent"},
      {"agent_credentials.client_secret", "of an earlier way to embed an agent"},
      {"table agent_launch_tokens", "its newest tokens are copied into agent_credentials"},
      {"table alembic_version", "the marker of the original's own tool"}};
  rules.changeables = {{"accounts", "owner_user_id"},
                       {"memberships", "role"},
                       {"invitations", "role"},
                       {"agents", "connection_type"},
                       {"chat_messages", "dax_attempts"},
                       {"chat_messages", "final_dax"},
                       {"chat_messages", "resolution_note"}};
  rules.common_tables = {"users", "accounts", "memberships"};
  rules.keep_newest = {{"agent_credentials", {"agent_id"}, "created_at", "agent_credentials_old"}};
  rules.rows = {
      {.object = "table agent_credentials",
       .needs = {"agent_launch_tokens.agent_id", "agent_launch_tokens.token",
                 "agent_launch_tokens.created_at", "agent_credentials.raw_token",
                 "agents.account_id"},
       .count = {SqlText{"",
                         "SELECT COUNT(DISTINCT t.agent_id) FROM agent_launch_tokens t JOIN agents "
                         "a ON a.id = t.agent_id WHERE NOT EXISTS (SELECT 1 FROM "
                         "agent_credentials c WHERE c.agent_id = t.agent_id)"}},
       .mend = {SqlText{"",
                        "INSERT INTO agent_credentials (id, agent_id, account_id, created_at, "
                        "is_active, raw_token) SELECT t.id, t.agent_id, a.account_id, "
                        "t.created_at, TRUE, t.token FROM agent_launch_tokens t JOIN agents a ON "
                        "a.id = t.agent_id WHERE NOT EXISTS (SELECT 1 FROM agent_launch_tokens n "
                        "WHERE n.agent_id = t.agent_id AND (n.created_at > t.created_at OR "
                        "n.created_at = t.created_at AND n.id > t.id)) AND NOT "
                        "EXISTS (SELECT 1 FROM agent_credentials c WHERE c.agent_id = "
                        "t.agent_id)"}},
       .wanted = "a credential for each agent that had a launch token",
       .done = "Copied launch tokens into agent_credentials"}};
  rules.other_products = {{"agents.id", "an agents table with such ids belongs to another product"},
                          {"users.id", "a users table with such ids belongs to another product"}};
  return rules;
}

}  // namespace parley::chat
