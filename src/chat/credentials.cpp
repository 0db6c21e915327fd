#include "chat/credentials.h"

#include "base/ids.h"
#include "chat/auth.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

constexpr std::size_t kTokenBytes = 32;

AgentCredentialRow with_new_token(database::Connection& connection, AgentCredentialRow credential) {
  credential.raw_token = random_hex(kTokenBytes);
  credential.token_hash = hash_of_token(*credential.raw_token);
  store::update(connection, equals<&AgentCredentialRow::id>(credential.id),
                set<&AgentCredentialRow::raw_token>(credential.raw_token),
                set<&AgentCredentialRow::token_hash>(credential.token_hash));
  return credential;
}

}  // namespace

std::optional<AgentCredentialRow> credential_of_agent(database::Connection& connection,
                                                      const std::string& agent_id) {
  return store::select<AgentCredentialRow>()
      .where(equals<&AgentCredentialRow::agent_id>(agent_id))
      .first(connection);
}

AgentCredentialRow credential_for(database::Connection& connection, const std::string& agent_id,
                                  const std::string& id) {
  std::optional<AgentCredentialRow> credential = credential_of_agent(connection, agent_id);
  if (!credential || credential->id != id) throw http::not_found("Credential not found");
  return *std::move(credential);
}

std::optional<AgentCredentialRow> credential_of_token(database::Connection& connection,
                                                      const std::string& token) {
  if (token.empty()) return std::nullopt;
  const auto by_hash = store::select<AgentCredentialRow>()
                           .where(equals<&AgentCredentialRow::token_hash>(hash_of_token(token)))
                           .first(connection);
  if (by_hash) return by_hash;
  // Adopted rows may have the token without its hash.
  return store::select<AgentCredentialRow>()
      .where(all_of(equals<&AgentCredentialRow::raw_token>(token),
                    store::is_null<&AgentCredentialRow::token_hash>()))
      .first(connection);
}

AgentCredentialRow issue_credential(database::Connection& connection, const AgentRow& agent,
                                    Timestamp now) {
  if (auto existing = credential_of_agent(connection, agent.id)) {
    return with_new_token(connection, *std::move(existing));
  }
  AgentCredentialRow credential{.id = make_uuid_at(now),
                                .agent_id = agent.id,
                                .account_id = agent.account_id,
                                .created_at = now,
                                .is_active = true,
                                .token_hash = {},
                                .raw_token = random_hex(kTokenBytes),
                                .theme = {}};
  credential.token_hash = hash_of_token(*credential.raw_token);
  store::insert(connection, credential);
  return credential;
}

AgentCredentialRow ensure_credential(database::Connection& connection, const AgentRow& agent,
                                     Timestamp now) {
  auto existing = credential_of_agent(connection, agent.id);
  if (existing && existing->raw_token) return *std::move(existing);
  return issue_credential(connection, agent, now);
}

AgentCredentialRow switch_credential(database::Connection& connection,
                                     AgentCredentialRow credential,
                                     const std::optional<bool>& is_active) {
  if (is_active) credential.is_active = *is_active;
  store::update(connection, equals<&AgentCredentialRow::id>(credential.id),
                set<&AgentCredentialRow::is_active>(credential.is_active));
  return credential;
}

AgentCredentialRow set_theme(database::Connection& connection, AgentCredentialRow credential,
                             const std::optional<Json>& theme) {
  credential.theme = theme;
  store::update(connection, equals<&AgentCredentialRow::id>(credential.id),
                set<&AgentCredentialRow::theme>(credential.theme));
  return credential;
}

void delete_credential(database::Connection& connection, const AgentCredentialRow& credential) {
  store::erase(connection, equals<&AgentCredentialRow::id>(credential.id));
}

}  // namespace parley::chat
