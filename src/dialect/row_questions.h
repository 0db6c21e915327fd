#pragma once

// Conditions that pick the rows which a change would lose or stumble over, and how many and which
// they are. The conditions are SQL of the connection's engine. They read, and never write. One
// thread: that of the connection.

#include <cstdint>
#include <string>
#include <vector>

#include "database/connection.h"
#include "dialect/dialect.h"
#include "schema/schema.h"

namespace parley::dialect {

struct FoundRows {
  std::int64_t count = 0;
  std::vector<std::string> keys;  ///< The first few, when the table has a primary key of one column.
};

/// The rows of `table` for which `condition` holds; all when it is empty.
FoundRows find_rows(database::Connection& connection, const schema::Table& table,
                    const std::string& condition);

/// How many combinations of values of `columns` are there more than once. NULL equals nothing.
std::int64_t count_duplicates(database::Connection& connection, const std::string& table,
                              const std::vector<std::string>& columns,
                              const std::string& condition);

/// The column holds something: no NULL and, where it is text, no empty text.
std::string holds_something(const schema::Column& column, const Dialect& dialect);

/// The column's text is longer than `length` characters.
std::string is_longer_than(const schema::Column& column, int length, const Dialect& dialect);

/// The column's text is no number of `type`, or one outside its range.
std::string is_no_number_of(const schema::Column& column, const schema::Type& type,
                            const Dialect& dialect);

/// The column holds something else than one of `values`.
std::string is_none_of(const schema::Column& column, const std::vector<std::string>& values,
                       const Dialect& dialect);

/// The column holds `value`.
std::string is_value(const std::string& column, const std::string& value, const Dialect& dialect);

/// The row refers by `key` to a row that is not there.
std::string is_orphan(const std::string& table, const schema::ForeignKey& key,
                      const Dialect& dialect);

}  // namespace parley::dialect
