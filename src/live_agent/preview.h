#pragma once

// Forms in which stored values leave the server. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace parley::live_agent {

/// The text of a message for a list: white space collapsed, first 100 characters plus `...` when
/// longer.
std::string preview_of(std::string_view message_text);

/// Stored metadata as clients can read it, an object or null: an object as it is, an object inside
/// a text decoded, anything else as `{"value": …}`.
Json metadata_on_wire(const std::optional<Json>& stored);

}  // namespace parley::live_agent
