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
  bool native_json = false;
  bool one_writer = false;  ///< Only one transaction writes at a time: writers queue in-process.
  int datetime_digits = 6;  ///< Fraction digits that a plain DATETIME column keeps.
};

}  // namespace parley::dialect
