#pragma once

// Walks through the rows of a table in the order of its primary key, piece by piece, so that
// neither the work of one piece nor the memory for it depends on the size of the table. A position
// is the key of the last row dealt with; an empty one is the beginning or the end. One thread, that
// of the connection.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"
#include "dialect/dialect.h"
#include "schema/schema.h"

namespace parley::dialect {

using Position = std::vector<Value>;

/// True when the rows can be walked through: there is a primary key, it holds no NULL (SQLite
/// allows it in keys that are not INTEGER), and its values compare as they are sorted. Those of
/// ENUM and SET are sorted by their numbers and compare as texts, a BIT is given as bytes and
/// compares as a number, and a FLOAT is not equal to its own text (MySQL manual, 11.3.5, 11.3.6 and
/// B.3.4.8).
bool has_key_order(const schema::Table& table, const Dialect& dialect);

class KeyOrder {
 public:
  /// Requires: has_key_order(table).
  KeyOrder(database::Connection& connection, const schema::Table& table);

  /// The position of the row that is `count` rows behind `after`; nothing when there are fewer.
  std::optional<Position> ahead(const Position& after, std::int64_t count);

  /// Rows behind `after`, up to and including `last`.
  std::int64_t count(const Position& after, const Position& last);

  /// Runs `UPDATE table SET assignments` on the rows behind `after`, up to and including `last`,
  /// for which `condition` holds (SQL; empty: all). Gives the number of rows it changed.
  std::int64_t update(std::string_view assignments, std::string_view condition,
                      const Position& after, const Position& last);

  /// The next rows behind `after`, at most `count`, with these columns: executed, ready for next().
  database::Statement& read(const std::vector<std::string>& columns, const Position& after,
                            std::int64_t count);

  /// Where in `columns` the parts of the key are. Requires: all of them are among the columns.
  std::vector<std::size_t> key_places(const std::vector<std::string>& columns) const;

 private:
  std::string range_text(const Position& after, const Position& last) const;
  std::string bound_text(std::string_view sign, std::string_view last_sign) const;
  std::vector<Value> parameters(const Position& after, const Position& last) const;
  std::string order_text() const;

  database::Connection& connection_;
  std::string table_;
  std::vector<std::string> names_;   ///< Of the key's columns, as they are.
  std::vector<std::string> quoted_;  ///< The same, for SQL.
};

}  // namespace parley::dialect
