#pragma once

// Reads what a server of the MySQL family calls its version. Pure.

#include <string_view>

#include "database/connection.h"

namespace parley::database {

/// "8.0.36" is MySQL; "10.11.6-MariaDB-log" is MariaDB, also behind the "5.5.5-" that MariaDB put
/// before its version for old replicas.
ServerVersion parse_mysql_version(std::string_view text);

}  // namespace parley::database
