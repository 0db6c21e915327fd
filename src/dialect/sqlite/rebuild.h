#pragma once

// The way to change a SQLite table that ALTER TABLE cannot change (SQLite documentation, "ALTER
// TABLE", "Making Other Kinds Of Table Schema Changes"): a new table under a temporary name, the
// rows copied, the old table dropped, the new one renamed, its indexes and triggers made again.
// Pure; any thread.
//
// What it keeps: rows and row ids, the high-water mark of AUTOINCREMENT, indexes and triggers of
// the table. Views and the triggers of other tables are not touched: under `legacy_alter_table` the
// rename does not read them, and they go on to mean the table of that name.
//
// Whoever runs the statements must have foreign keys off: DROP TABLE would delete the rows of the
// children. If one of them fails, `PRAGMA legacy_alter_table = OFF` must be run after the rollback.

#include <string>
#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// What rows get that hold certain values of an enum.
struct EnumMapping {
  std::string enumeration;
  std::vector<schema::ValueMapping> values;
};

/// The statements that turn the table of that name in `before` into the one in `after`. Columns of
/// one name keep their values, but for those of the mapped enum; new ones take their default.
/// Throws Error{UnsupportedChange} when the table has something that would be lost.
std::vector<std::string> sqlite_rebuild(const schema::Schema& before, const schema::Schema& after,
                                        const std::string& table, const EnumMapping& mapping = {});

}  // namespace parley::dialect
