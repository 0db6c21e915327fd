#pragma once

// What the command line does with API keys: each call opens the module's namespace, brings its
// schema up to date, and does one thing. One thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/api_keys.h"
#include "app/configuration.h"

namespace parley::app {

struct KeyRequest {
  std::string module;
  std::string user_id;
  std::string scopes;  ///< `read,write`.
  std::optional<std::string> label;
  std::optional<std::string> tenant;  ///< The only one that the key reaches.
};

/// Makes a key. Throws Error{InvalidArgument} for a module without keys, a word that is no scope,
/// and in live_agent an account that is not there or not active.
api::CreatedApiKey create_key(const Configuration& configuration, const KeyRequest& request);

/// All keys of the module, the revoked ones included.
std::vector<store::ApiKeyRow> list_keys(const Configuration& configuration,
                                        const std::string& module);

/// Revokes the key. Throws Error{NotFound} when there is none of that id.
void revoke_key(const Configuration& configuration, const std::string& module, std::int64_t id);

}  // namespace parley::app
