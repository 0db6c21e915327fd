#include "dialect/probe.h"

#include <fmt/format.h>

#include "dialect/dialect.h"

namespace parley::dialect {

bool has_nulls(database::Connection& connection, const std::string& table,
               const std::string& column) {
  const Dialect& dialect = dialect_of(connection);
  const auto rows =
      database::query(connection, fmt::format("SELECT 1 FROM {} WHERE {} IS NULL LIMIT 1",
                                              dialect.quote(table), dialect.quote(column)));
  return !rows.empty();
}

bool has_rows(database::Connection& connection, const std::string& table) {
  const auto rows = database::query(
      connection, fmt::format("SELECT 1 FROM {} LIMIT 1", dialect_of(connection).quote(table)));
  return !rows.empty();
}

std::int64_t count_rows(database::Connection& connection, const std::string& table) {
  const auto rows = database::query(
      connection, fmt::format("SELECT COUNT(*) FROM {}", dialect_of(connection).quote(table)));
  return database::integer_of(rows.front().front());
}

}  // namespace parley::dialect
