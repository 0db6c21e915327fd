#pragma once

// The part of the configuration that concerns the HTTP server: where it listens, TLS, limits, which
// browser pages may call it.

#include "app/configuration.h"
#include "http/server.h"

namespace parley::app {

/// Reads `listen`, `tls.*`, `limits.*`, `cors.*` and `log.access`. Throws
/// Error{InvalidConfiguration} naming the setting whose value cannot be used.
http::ServerOptions http_settings(const Configuration& configuration);

/// True when nobody but this machine can reach the server.
bool listens_on_loopback(const Configuration& configuration);

}  // namespace parley::app
