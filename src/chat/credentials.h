#pragma once

// The credential of an agent: what lets the visitors of a web site ask it. At most one per agent.
// Functions run inside a transaction given by the store; the connection's thread.

#include <optional>
#include <string>

#include "base/clock.h"
#include "chat/tables.h"
#include "store/connection.h"

namespace parley::chat {

std::optional<AgentCredentialRow> credential_of_agent(database::Connection& connection,
                                                      const std::string& agent_id);

/// The credential of that id and agent. Throws 404.
AgentCredentialRow credential_for(database::Connection& connection, const std::string& agent_id,
                                  const std::string& id);

/// The credential whose token that is.
std::optional<AgentCredentialRow> credential_of_token(database::Connection& connection,
                                                      const std::string& token);

/// A credential with a new token, in the place of the one that the agent may have.
AgentCredentialRow issue_credential(database::Connection& connection, const AgentRow& agent,
                                    Timestamp now);

/// The agent's credential with its token, made when either is absent.
AgentCredentialRow ensure_credential(database::Connection& connection, const AgentRow& agent,
                                     Timestamp now);

AgentCredentialRow switch_credential(database::Connection& connection,
                                     AgentCredentialRow credential,
                                     const std::optional<bool>& is_active);
AgentCredentialRow set_theme(database::Connection& connection, AgentCredentialRow credential,
                             const std::optional<Json>& theme);
void delete_credential(database::Connection& connection, const AgentCredentialRow& credential);

}  // namespace parley::chat
