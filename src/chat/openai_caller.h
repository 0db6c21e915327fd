#pragma once

// Who knocks at the OpenAI-compatible door, and which agents are models for them. Functions with a
// connection run inside a transaction given by the store, and throw `http::Problem` for what the
// caller must hear; the connection's thread.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chat/auth.h"
#include "chat/settings.h"
#include "chat/tables.h"
#include "http/message.h"
#include "store/connection.h"

namespace parley::chat {

/// The token of an agent's credential.
struct CredentialToken {
  std::string token;
};
using DoorCaller = std::variant<Identity, CredentialToken>;

/// Throws 401 when there is no token, or one of this module that is not valid.
DoorCaller door_caller(const http::Request& request, const Settings& settings, Timestamp now);

/// An agent that the caller may ask.
struct AskedAgent {
  AgentRow agent;
  std::optional<Caller> member;  ///< Of its account, with its ids; nothing for a credential.
};

/// All of them, by name. Throws 401 and 403.
std::vector<AskedAgent> agents_for(database::Connection& connection, const DoorCaller& caller);

/// The one of that id, or of that name if it is the only one. Throws 404 otherwise.
AskedAgent agent_called(database::Connection& connection, const DoorCaller& caller,
                        const std::string& model);

}  // namespace parley::chat
