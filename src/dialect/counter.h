#pragma once

// The next id that a table's auto-increment column will give out, asked and set: what a backup must
// carry so that ids of deleted rows never come back. One thread, that of the connection.

#include <cstdint>
#include <optional>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Nothing when the table has no such column.
std::optional<std::int64_t> next_id(database::Connection& connection, const schema::Table& table);

/// Requires: the table has such a column.
void set_next_id(database::Connection& connection, const schema::Table& table, std::int64_t id);

}  // namespace parley::dialect
