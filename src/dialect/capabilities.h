#pragma once

// What an engine can do, as questions with names. Everybody outside `dialect/` and `database/` asks
// these and never "which database is this?". A plain value, made once per connection from its
// version.

#include <string>

namespace parley::dialect {

struct Capabilities {
  std::string name;  ///< "sqlite", "postgresql", "mysql", "mariadb": what `--dialect` takes.

  bool transactional_ddl = false;  ///< A schema change can be rolled back.
  bool add_constraint = false;     ///< Keys and checks can be added to and dropped from a table.
  bool alter_column = false;       ///< A column's type, default and nullability can be changed.
  bool add_column_with_now =
      false;                   ///< ADD COLUMN may default to the current time on a table with rows.
  bool on_update_now = false;  ///< Native; otherwise a trigger does it.
  bool partial_index = false;
  bool multi_row_returning = false;
  bool insert_returning =
      false;  ///< A generated id comes by RETURNING; otherwise last_insert_id() has it.
  bool update_returning = false;  ///< UPDATE … RETURNING.
  bool or_fail = false;  ///< UPDATE OR FAIL: a statement that fails leaves the rows that it changed
                         ///< before, and so needs no journal of its own (SQLite).
  bool on_conflict =
      false;  ///< INSERT … ON CONFLICT … DO UPDATE; otherwise ON DUPLICATE KEY UPDATE.
  bool native_json = false;
  bool one_writer = false;  ///< Only one transaction writes at a time: writers queue in-process.
  bool times_are_text = false;  ///< Times are kept as text, in whatever form they were written.
  int datetime_digits = 6;      ///< Fraction digits that a plain DATETIME column keeps.
  std::string character_length = "CHAR_LENGTH";  ///< The function that counts a text's characters.

  bool native_enums = false;  ///< Enums are types of the schema; otherwise text with a check, and
                              ///< an enum that no column uses is not there.
  bool materialized_views = false;
  bool statement_triggers = false;        ///< FOR EACH STATEMENT.
  bool instead_of_triggers = false;       ///< On views.
  bool triggers_of_many_events = false;   ///< One trigger for INSERT and UPDATE…
  bool trigger_update_of = false;         ///< UPDATE OF a column.
  bool trigger_when = false;              ///< A condition in front of the body.
  bool expression_indexes = false;        ///< A part may be an expression.
  bool prefix_indexes = false;            ///< A part may be the beginning of a column.
  bool include_columns = false;           ///< INCLUDE.
  bool index_methods = false;             ///< `hash` beside the B-tree.
  bool nulls_order = false;               ///< NULLS FIRST and LAST in an index.
  bool deferrable_keys = false;           ///< Foreign keys may wait for COMMIT.
  bool stored_generated_columns = false;  ///< They can be written in CREATE TABLE.
  bool virtual_generated_columns = false;
  bool strict_tables = false;  ///< STRICT and WITHOUT ROWID mean something.
  bool comments = false;       ///< Tables and columns keep theirs.
};

}  // namespace parley::dialect
