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

struct StoredTable {
  std::string primary_key_name;
  bool has_auto_increment = false;
  std::vector<schema::Unique> uniques;
  std::vector<schema::Check> checks;
  std::vector<std::string> foreign_key_names;     ///< In order of definition; empty: none.
  std::map<std::string, std::string> collations;  ///< By column.
  std::map<std::string, std::string>
      generations;  ///< By column: the expression of a generated column.
};

/// Requires: `sql` is a CREATE TABLE statement that SQLite accepted.
StoredTable read_stored_table(std::string_view sql);

struct StoredIndex {
  std::vector<std::string> parts;  ///< As written, without ASC and DESC.
  std::string where;
};

/// Requires: `sql` is a CREATE INDEX statement that SQLite accepted.
StoredIndex read_stored_index(std::string_view sql);

/// True when `sql` is a trigger that sets `column` to the current time after each update.
bool is_on_update_trigger(std::string_view sql, std::string_view column);

}  // namespace parley::dialect
