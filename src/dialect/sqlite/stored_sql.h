#pragma once

// What only the stored CREATE statements know of a SQLite table: names of constraints, checks,
// collations, AUTOINCREMENT, expressions. Reads tokens, so that quotes, comments and nested
// parentheses cannot mislead it. Pure; any thread.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace parley::dialect {

struct StoredForeignKey {
  std::string name;
  schema::Deferral deferral = schema::Deferral::NotDeferrable;
};

struct StoredTable {
  std::string primary_key_name;
  bool has_auto_increment = false;
  std::vector<schema::Unique> uniques;
  std::vector<schema::Check> checks;
  std::vector<StoredForeignKey> foreign_keys;     ///< In order of definition.
  std::map<std::string, std::string> collations;  ///< By column.
  std::map<std::string, std::string>
      generations;  ///< By column: the expression of a generated column.
  /// What no field of the model tells, in words: `ON CONFLICT REPLACE`, `DESC in PRIMARY KEY`.
  std::vector<std::string> unmodelled;
};

/// Requires: `sql` is a CREATE TABLE statement that SQLite accepted.
StoredTable read_stored_table(std::string_view sql);

/// The column of that name in any letter case, which is how SQLite finds it; null when there is
/// none.
const schema::Column* find_column_ignoring_case(const schema::Table& table, std::string_view name);

/// `sql`, an expression over the columns of `table`, as it means the same anywhere: without the
/// table's own name in front of columns, which a table under a temporary name would not understand;
/// and with single quotes around what stands in double ones and names no column, which SQLite takes
/// for a string (SQLite documentation, "Double-quoted String Literals Are Accepted").
std::string plain_expression(std::string_view sql, const schema::Table& table);

/// All checks, conditions and expressions of `table` as `plain_expression`.
void sqlite_make_plain(schema::Table& table);

/// The text behind DEFAULT as an expression: a name there is a string as well.
std::string plain_default(std::string_view sql);

}  // namespace parley::dialect
