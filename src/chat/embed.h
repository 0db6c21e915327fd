#pragma once

// What visitors of a web site may do with an agent: who is let in. Functions run inside a
// transaction given by the store; the connection's thread.

#include <optional>
#include <string>

#include "chat/settings.h"
#include "chat/tables.h"
#include "store/connection.h"

namespace parley::chat {

/// The agent that a visitor may ask. `token` is what the visitor brought. Throws 404, 400 for an
/// agent that is not active, 403 for a credential that is switched off or a token that is wanted.
AgentRow agent_for_visitor(database::Connection& connection, const Settings& settings,
                           const std::string& agent_id, const std::string& token);

/// An agent with the credential that a token is of.
struct Embedded {
  AgentRow agent;
  std::optional<AgentCredentialRow> credential;
};

/// By its token. Throws 401 when it is nobody's, 403 when it is switched off, 404 when the agent
/// has gone.
Embedded embedded_by_token(database::Connection& connection, const std::string& token);

/// By the agent's id, as `agent_for_visitor` without a token.
Embedded embedded_by_id(database::Connection& connection, const std::string& agent_id);

/// Throws the 400 problem when the agent is not active.
void require_active(const AgentRow& agent);
/// Throws the 403 problem when the credential is switched off.
void require_switched_on(const std::optional<AgentCredentialRow>& credential);

}  // namespace parley::chat
