#pragma once

// What a database of a server holds that schemas have no words for: inspection passes over it, so
// what is made from an inspected schema (a backup, a first revision) would be without it. SQLite
// keeps the text of each table, which inspection reads to the end. One thread, that of the
// connection.

#include <string>
#include <vector>

#include "database/connection.h"

namespace parley::dialect {

/// One line each, such as `table orders is partitioned`; empty on SQLite. One query.
std::vector<std::string> beyond_model(database::Connection& connection);

}  // namespace parley::dialect
