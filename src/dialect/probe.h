#pragma once

// Questions about the rows of a table that decide whether a change can be done. They read, and
// never write.

#include <cstdint>
#include <string>

#include "database/connection.h"

namespace parley::dialect {

/// True when some row has NULL in the column.
bool has_nulls(database::Connection& connection, const std::string& table,
               const std::string& column);

bool has_rows(database::Connection& connection, const std::string& table);

std::int64_t count_rows(database::Connection& connection, const std::string& table);

}  // namespace parley::dialect
