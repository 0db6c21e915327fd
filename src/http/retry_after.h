#pragma once

// The header by which a server says when to come again. Pure; any thread.

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace parley::http {

/// How long to wait from `now` on: seconds, or until a date in the form that servers must send (RFC
/// 9110 sections 10.2.3 and 5.6.7); zero for a date that is over. Nothing for an empty text and for
/// any other.
std::optional<std::chrono::milliseconds> retry_after(std::string_view value, Timestamp now);

}  // namespace parley::http
