#pragma once

// What an agent's connection needs: the keys of `connection_config`, and the secrets in it. Pure
// functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "chat/vocabulary.h"

namespace parley::chat {

/// What is wrong with a configuration: "Invalid DB config: missing host, port". Nothing when it
/// will do.
std::optional<std::string> config_problem(ConnectionType type, const Json& config);

/// The same for what is stored, whose type may be a word that nobody knows.
std::optional<std::string> config_problem(std::string_view stored_type, const Json& config);

/// `config` as it was sent, with the stored secret wherever the mask stands.
Json unmasked_config(const Json& config, const Json& stored);

}  // namespace parley::chat
