#pragma once

// Cuts a file of SQL into statements as the engine's own command line client does: dollar quotes
// and backslash lines of psql, DELIMITER lines of mysql, the bodies of SQLite's triggers and the
// dot lines of its shell. What `pg_dump -s`, `mariadb-dump --no-data` and `sqlite3 .schema` write
// is cut where they meant it. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace parley::dialect {

struct ScriptStatement {
  std::string text;      ///< Without the semicolon or delimiter behind it, and comments before it.
  std::size_t line = 1;  ///< Where it begins, counted from 1.
};

/// The statements of `script`, in order, for the dialect of that name. What only the client
/// understands is left out. Throws Error{InvalidArgument} naming the line of a quote or body that
/// is not closed, and of rows that follow a COPY … FROM stdin.
std::vector<ScriptStatement> split_script(std::string_view script, std::string_view dialect);

}  // namespace parley::dialect
