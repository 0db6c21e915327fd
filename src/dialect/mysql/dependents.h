#pragma once

// Views and triggers that name what is renamed: the server keeps their text as it was, so they are
// made anew behind the rename. Pure; any thread.

#include "dialect/mysql/clauses.h"
#include "schema/change.h"

namespace parley::dialect {

/// Statements that replace the triggers whose text differs in `after`; each may be run again.
void append_changed_triggers(Statements& statements, const schema::Schema& after,
                             const MysqlState& state);

/// The rename, with the checks that stand for enums, whose names hold the table's, and then the
/// views and triggers that name the table.
Statements rename_mysql_table(const schema::RenameTable& change, const MysqlState& state);

}  // namespace parley::dialect
