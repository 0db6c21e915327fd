#pragma once

// The way to change a SQLite table that ALTER TABLE cannot change (SQLite documentation, "ALTER
// TABLE", "Making Other Kinds Of Table Schema Changes"): a new table under a temporary name, the
// rows copied, the old table dropped, the new one renamed, its indexes and triggers made again.
// Pure; any thread.
//
// Whoever runs the statements must have foreign keys off: DROP TABLE would delete the rows of the
// children. If one of them fails, `PRAGMA legacy_alter_table = OFF` must be run after the rollback.

#include <string>
#include <vector>

#include "schema/schema.h"

namespace parley::dialect {

/// CREATE TABLE alone, under this name.
std::string sqlite_create_table(const schema::Table& table, const std::string& name);

/// The indexes and on-update triggers of `table`.
std::vector<std::string> sqlite_indexes_and_triggers(const schema::Table& table);

std::string sqlite_create_trigger(const std::string& table, const std::string& column);
std::string sqlite_drop_trigger(const std::string& table, const std::string& column);

/// `name TYPE DEFAULT x NOT NULL`.
std::string sqlite_column_text(const schema::Column& column);

/// The statements that turn `before` into `after`, a table of the same name. Columns of one name
/// keep their values, new ones take their default; the high-water mark of AUTOINCREMENT stays.
std::vector<std::string> sqlite_rebuild(const schema::Table& before, const schema::Table& after);

}  // namespace parley::dialect
