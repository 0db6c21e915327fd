#include "chat/embed.h"

#include "base/crypto.h"
#include "chat/agents.h"
#include "chat/credentials.h"
#include "chat/problems.h"

namespace parley::chat {

void require_active(const AgentRow& agent) {
  if (agent.status == kActiveStatus) return;
  throw http::bad_request("Agent is not active. Current status: " + agent.status);
}

void require_switched_on(const std::optional<AgentCredentialRow>& credential) {
  if (credential && !credential->is_active) {
    throw http::forbidden("The credential of this agent is disabled");
  }
}

Embedded embedded_by_id(database::Connection& connection, const std::string& agent_id) {
  std::optional<AgentRow> agent = find_agent(connection, agent_id);
  if (!agent) throw agent_not_found();
  require_active(*agent);
  Embedded found{.agent = *std::move(agent),
                 .credential = credential_of_agent(connection, agent_id)};
  require_switched_on(found.credential);
  return found;
}

AgentRow agent_for_visitor(database::Connection& connection, const Settings& settings,
                           const std::string& agent_id, const std::string& token) {
  Embedded found = embedded_by_id(connection, agent_id);
  if (!settings.embed_requires_token) return std::move(found.agent);
  const bool fits = found.credential && found.credential->raw_token && !token.empty() &&
                    equal_constant_time(*found.credential->raw_token, token);
  if (!fits) throw http::forbidden("A valid token is required");
  return std::move(found.agent);
}

Embedded embedded_by_token(database::Connection& connection, const std::string& token) {
  std::optional<AgentCredentialRow> credential = credential_of_token(connection, token);
  if (!credential) throw http::unauthenticated("Token not found");
  require_switched_on(credential);
  std::optional<AgentRow> agent = find_agent(connection, credential->agent_id);
  if (!agent) throw agent_not_found();
  return {.agent = *std::move(agent), .credential = std::move(credential)};
}

}  // namespace parley::chat
