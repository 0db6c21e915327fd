#pragma once

// The one question that drivers ask about their sockets.

namespace parley::database {

/// True when the socket has bytes to read or has reached its end. Does not wait.
bool has_input(int socket);

}  // namespace parley::database
