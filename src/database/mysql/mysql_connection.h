#pragma once

// The driver for MySQL and MariaDB, on libmariadb: its way in. See database/connection.h.

#include <memory>

#include "database/connection.h"

namespace parley::database {

/// Connects over TCP, or over the socket that the URL's option `unix_socket` names, waiting 5 s at
/// most. Further options: connect_timeout, ssl_ca, ssl_cert, ssl_key, ssl_verify_cert; the drivers'
/// own of Python (charset, …) are accepted and change nothing. A URL without a database connects
/// without one. Throws CannotConnect, PermissionDenied, UnknownDatabase, and InvalidArgument for an
/// unknown option.
std::unique_ptr<Connection> open_mysql(const Url& url);

}  // namespace parley::database
