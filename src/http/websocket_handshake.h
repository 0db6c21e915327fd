#pragma once

// The opening handshake of a WebSocket on the server's side (RFC 6455 section 4.2). Neither
// subprotocols nor extensions are agreed on: both are left out of the answer, which declines them.
// Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace parley::http {

/// Why the request cannot become a WebSocket: 426 with `Upgrade` when it does not ask for one or
/// asks for another version (with `Sec-WebSocket-Version`), 400 when it asks wrongly. Nothing when
/// it can.
std::optional<Problem> handshake_problem(const Request& request);

/// The header fields of the answer, whose status is 101, that makes it one. Requires:
/// handshake_problem has none.
std::vector<std::pair<std::string, std::string>> handshake_headers(const Request& request);

/// What `Sec-WebSocket-Accept` answers to a `Sec-WebSocket-Key`.
std::string accept_of_key(std::string_view key);

}  // namespace parley::http
