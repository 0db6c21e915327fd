#pragma once

// Questions about the rows of a table that decide whether a change can be done, and what it would
// lose: the numbers and examples of a verdict. They read, and never write. Each is one or two
// statements that go through the whole table at most once each. Errors are those of the connection.

#include <cstdint>
#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::dialect {

/// True when some row has NULL in the column.
bool has_nulls(database::Connection& connection, const std::string& table,
               const std::string& column);

bool has_rows(database::Connection& connection, const std::string& table);

std::int64_t count_rows(database::Connection& connection, const std::string& table);

/// Rows that have a value in the column: what dropping it loses.
std::int64_t count_non_null(database::Connection& connection, const std::string& table,
                            const std::string& column);

/// Rows for which the condition, SQL in the engine's own words, holds.
std::int64_t count_rows_where(database::Connection& connection, const std::string& table,
                              const std::string& condition);

/// Rows that stand in the way of a change.
struct RowsFound {
  std::int64_t count = 0;
  /// The primary keys of the first of them in its order, `4` or `4, x`; none in a table without
  /// one.
  std::vector<std::string> examples;
  bool operator==(const RowsFound&) const = default;
};

/// How many examples an answer has at most.
inline constexpr int kProbeExamplesMax = 5;

/// Rows for which the condition holds: with `NOT (…)` those that a check would refuse. For a row
/// without an answer (NULL) neither holds, and a check lets it pass.
RowsFound rows_where(database::Connection& connection, const schema::Table& table,
                     const std::string& condition);

/// What NOT NULL refuses.
RowsFound rows_with_null(database::Connection& connection, const schema::Table& table,
                         const std::string& column);

/// What a shorter type refuses or cuts: texts of more than `length` characters, or bytes when the
/// column is binary. Requires: the table has the column, of a text or binary type.
RowsFound rows_longer_than(database::Connection& connection, const schema::Table& table,
                           const std::string& column, int length);

/// What an enum of these values refuses in a column of text.
RowsFound rows_outside(database::Connection& connection, const schema::Table& table,
                       const std::string& column, const std::vector<std::string>& values);

/// What a foreign key refuses: rows whose parent is not there. A row with NULL in one of the
/// columns has none to look for.
RowsFound orphans(database::Connection& connection, const schema::Table& table,
                  const schema::ForeignKey& key);

/// What a unique key refuses.
struct Duplicates {
  std::int64_t groups = 0;
  std::int64_t rows = 0;              ///< In those groups, all together.
  std::vector<std::string> examples;  ///< The values that several rows share: `a@x`, or `a, b`.
  bool operator==(const Duplicates&) const = default;
};

/// Groups of rows that are equal in all columns, and NULL in none.
Duplicates duplicates(database::Connection& connection, const std::string& table,
                      const std::vector<std::string>& columns);

struct ValueUse {
  std::string value;
  std::int64_t rows = 0;
  bool operator==(const ValueUse&) const = default;
};

/// Which values a column holds and how often, sorted by value, without NULL. Meant for columns of
/// enums, whose values are few.
std::vector<ValueUse> value_uses(database::Connection& connection, const std::string& table,
                                 const std::string& column);

}  // namespace parley::dialect
