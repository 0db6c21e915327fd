#pragma once

// What the login of a connection may do, asked of the engine before something is tried: a dry run
// on a read-only login, or `parley db doctor`, wants to know without failing. Reads only.

#include "database/connection.h"

namespace parley::dialect {

struct Privileges {
  bool can_write = false;             ///< Rows: the login and the server both allow it.
  bool can_create = false;            ///< Tables in this namespace.
  bool can_create_namespace = false;  ///< A schema or database beside it, for proofs in scratch.
};

/// As far as the catalogue tells: on MySQL and MariaDB grants through roles are not followed.
Privileges privileges_of(database::Connection& connection);

}  // namespace parley::dialect
