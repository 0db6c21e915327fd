#pragma once

// What an altered enum means for the columns of it, which are text with a check (enum_check.h).
// Pure; any thread.

#include "dialect/mysql/clauses.h"
#include "schema/change.h"

namespace parley::dialect {

/// For each column: one ALTER TABLE that puts the new check in the place of the old one; when rows
/// must follow, first a check that allows both lists, then the UPDATE. Every statement may be run
/// again. Tables come by name, as inspection finds them.
Statements alter_mysql_enum(const schema::AlterEnum& change, const MysqlState& state);

}  // namespace parley::dialect
