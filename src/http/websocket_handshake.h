#pragma once

// The opening handshake of a WebSocket on the server's side (RFC 6455 section 4.2). Neither
// subprotocols nor extensions are agreed on: both are left out of the answer, which declines them.
// Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parley::http {

/// Why the request cannot become a WebSocket: 426 with `Upgrade` when it does not ask for one or
/// asks for another version (with `Sec-WebSocket-Version`), 400 when it asks wrongly. Nothing when
/// it can.
std::optional<Problem> handshake_problem(const Request& request);

/// The answer that makes it one: 101 with `Upgrade` and `Sec-WebSocket-Accept`. Requires:
/// handshake_problem has none.
Response handshake_response(const Request& request);

/// What `Sec-WebSocket-Accept` answers to a `Sec-WebSocket-Key`.
std::string accept_of_key(std::string_view key);

}  // namespace parley::http
