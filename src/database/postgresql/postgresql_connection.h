#pragma once

// The PostgreSQL driver's way in. See database/connection.h.

#include <memory>

#include "database/connection.h"

namespace parley::database {

/// Connects with libpq, waiting 5 s at most. The URL's options are libpq's connection parameters
/// (sslmode, connect_timeout, host for a socket directory…). Throws CannotConnect,
/// PermissionDenied, UnknownDatabase, and InvalidArgument for an option that libpq does not know.
std::unique_ptr<Connection> open_postgresql(const Url& url);

}  // namespace parley::database
