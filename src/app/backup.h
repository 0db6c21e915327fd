#pragma once

// The copy of a database that is made before an adoption changes it. One thread.

#include <string>

#include "database/connection.h"

namespace parley::app {

/// Copies a SQLite file, while others may use it, to `<name>_backup_<UTC time>.db` beside it and
/// gives that path. For a server gives nothing: its own tools (pg_dump, mariadb-dump) do that.
std::string back_up_beside(database::Connection& connection);

}  // namespace parley::app
