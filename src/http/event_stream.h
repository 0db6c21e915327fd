#pragma once

// The text of server-sent events (WHATWG HTML, section 9.2). Pure functions; any thread.

#include <chrono>
#include <string>
#include <string_view>

namespace parley::http {

/// One event: `id` and `event` are left out when empty, `text` becomes as many `data` lines as it
/// has lines. Requires: no line break in `id` and `event`, no U+0000 in `id`.
std::string event_stream_text(std::string_view id, std::string_view event, std::string_view text);

/// What a stream begins with: how long a client waits before it comes back.
std::string event_stream_opening(std::chrono::milliseconds retry);

/// A comment, which keeps proxies from thinking that the connection is dead.
constexpr std::string_view kEventStreamHeartbeat = ":\n\n";

}  // namespace parley::http
