#pragma once

// How both ways to use PostgreSQL, as our database and as somebody else's, get their connection.

#include "database/url.h"

struct pg_conn;

namespace parley::database {

/// A handle that is connected, the caller's to close. Waits five seconds at most. Throws
/// CannotConnect, PermissionDenied, UnknownDatabase.
pg_conn* connect_postgresql(const Url& url);

}  // namespace parley::database
