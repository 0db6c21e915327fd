#pragma once

// The CREATE statements of SQLite. A table is given in its stored form: enums as text with their
// checks, and in a STRICT table only the types that such a table takes. Pure; any thread.

#include <optional>
#include <string>
#include <vector>

#include "schema/schema.h"

namespace parley::dialect {

/// The part of `schema` that a change of one table is about: the table and the enums.
schema::Schema sqlite_part(const schema::Schema& schema, const std::string& table);

/// `table` as SQLite holds it. `schema` has its enums.
schema::Table sqlite_stored_form(schema::Table table, const schema::Schema& schema);

/// CREATE TABLE alone, under this name. Requires: `table` is in stored form.
std::string sqlite_create_table(const schema::Table& table, const std::string& name);

/// `name TYPE DEFAULT x NOT NULL`. Requires: the column is one of a table in stored form.
std::string sqlite_column_text(const schema::Column& column);

/// CREATE INDEX for all indexes of `table`.
std::vector<std::string> sqlite_create_indexes(const schema::Table& table);

std::string sqlite_create_view(const schema::View& view);

/// The CREATE statement of the catalogue while it still says what `trigger` does, so that it keeps
/// its letters and comments; otherwise one of our own. Requires: it has a text for SQLite.
std::string sqlite_create_trigger(const schema::Trigger& trigger);

/// True when SQLite has a text of the view; of the trigger, and of the view that it may be on.
bool sqlite_has(const schema::View& view);
bool sqlite_has(const schema::Trigger& trigger, const schema::Schema& schema);

/// The trigger that stands in for the columns with `on_update_now`, all of them: two triggers would
/// each take the other's UPDATE for one of the user's. Empty when there is no such column.
std::vector<std::string> sqlite_create_on_update_trigger(const schema::Table& table);
std::vector<std::string> sqlite_drop_on_update_triggers(const schema::Table& table);

/// A name of the row id that no column of `table` hides; nothing when there is none, or no row id.
std::optional<std::string> sqlite_row_id(const schema::Table& table);

/// The one column of the primary key is the row id itself.
bool sqlite_has_row_id_key(const schema::Table& table);

}  // namespace parley::dialect
