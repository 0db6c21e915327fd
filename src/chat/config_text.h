#pragma once

// A text of an agent's `connection_config`, which anybody may have stored. Pure.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace parley::chat {

/// Throws Error{InvalidArgument} that names the key when it is missing or no text.
inline std::string config_text(const Json& config, std::string_view key) {
  const auto* object = config.if_object();
  const Json* value = object == nullptr ? nullptr : object->if_contains(key);
  if (value != nullptr && value->is_string()) return std::string(value->get_string());
  throw Error(ErrorCode::InvalidArgument, fmt::format("Invalid config: missing {}", key));
}

}  // namespace parley::chat
