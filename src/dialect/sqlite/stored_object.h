#pragma once

// Indexes, views and triggers as SQLite keeps them: as the text of their CREATE statement. Reads
// tokens, so that quotes, comments and nested parentheses cannot mislead it. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace parley::dialect {

/// The index that a CREATE INDEX statement which SQLite accepted makes on `table`. Names get the
/// letters that the table has for them; text in double quotes that names no column is the string
/// which SQLite takes it for.
schema::Index read_stored_index(std::string_view sql, const schema::Table& table);

/// The view of a CREATE VIEW statement, its query as it was written.
schema::View read_stored_view(std::string_view sql);

/// The trigger of a CREATE TRIGGER statement, its condition and body as they were written.
schema::Trigger read_stored_trigger(std::string_view sql);

/// The columns that the trigger sets to the current time after each update of a row which left them
/// alone, when it does nothing else: what stands in for `on_update_now`. Otherwise empty.
std::vector<std::string> columns_set_to_now(const schema::Trigger& trigger);

}  // namespace parley::dialect
