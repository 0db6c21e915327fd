#include "dialect/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using database::Connection;
using database::integer_of;
using database::text_of;
using fmt::format;

std::string quoted_list(const Dialect& dialect, const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(dialect.quote(name));
  return join(quoted, ", ");
}

std::int64_t number(Connection& connection, const std::string& sql) {
  return integer_of(database::query(connection, sql).front().front());
}

/// The first `columns` values of each row as one text.
std::vector<std::string> texts_of(const std::vector<database::Row>& rows, std::size_t columns) {
  std::vector<std::string> texts;
  for (const database::Row& row : rows) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < columns; ++i) values.push_back(text_of(row[i]));
    texts.push_back(join(values, ", "));
  }
  return texts;
}

std::vector<std::string> keys_where(Connection& connection, const schema::Table& table,
                                    const std::string& condition) {
  if (!table.primary_key) return {};
  const Dialect& dialect = dialect_of(connection);
  const auto& columns = table.primary_key->columns;
  const std::string keys = quoted_list(dialect, columns);
  return texts_of(
      database::query(connection,
                      format("SELECT {0} FROM {1} WHERE {2} ORDER BY {0} LIMIT {3}", keys,
                             dialect.quote(table.name), condition, kProbeExamplesMax)),
      columns.size());
}

/// All columns, each behind its table's name, have a value.
std::string all_there(const Dialect& dialect, const std::string& table,
                      const std::vector<std::string>& columns) {
  std::vector<std::string> conditions;
  for (const std::string& column : columns) {
    conditions.push_back(format("{}.{} IS NOT NULL", dialect.quote(table), dialect.quote(column)));
  }
  return join(conditions, " AND ");
}

}  // namespace

bool has_nulls(Connection& connection, const std::string& table, const std::string& column) {
  const Dialect& dialect = dialect_of(connection);
  const auto rows =
      database::query(connection, format("SELECT 1 FROM {} WHERE {} IS NULL LIMIT 1",
                                         dialect.quote(table), dialect.quote(column)));
  return !rows.empty();
}

bool has_rows(Connection& connection, const std::string& table) {
  const auto rows = database::query(
      connection, format("SELECT 1 FROM {} LIMIT 1", dialect_of(connection).quote(table)));
  return !rows.empty();
}

std::int64_t count_rows(Connection& connection, const std::string& table) {
  return number(connection, format("SELECT COUNT(*) FROM {}", dialect_of(connection).quote(table)));
}

std::int64_t count_non_null(Connection& connection, const std::string& table,
                            const std::string& column) {
  const Dialect& dialect = dialect_of(connection);
  return number(connection,
                format("SELECT COUNT({}) FROM {}", dialect.quote(column), dialect.quote(table)));
}

std::int64_t count_rows_where(Connection& connection, const std::string& table,
                              const std::string& condition) {
  return number(connection, format("SELECT COUNT(*) FROM {} WHERE {}",
                                   dialect_of(connection).quote(table), condition));
}

RowsFound rows_where(Connection& connection, const schema::Table& table,
                     const std::string& condition) {
  RowsFound found;
  found.count = count_rows_where(connection, table.name, condition);
  if (found.count > 0) found.examples = keys_where(connection, table, condition);
  return found;
}

RowsFound rows_with_null(Connection& connection, const schema::Table& table,
                         const std::string& column) {
  return rows_where(connection, table, dialect_of(connection).quote(column) + " IS NULL");
}

RowsFound rows_longer_than(Connection& connection, const schema::Table& table,
                           const std::string& column, int length) {
  const Dialect& dialect = dialect_of(connection);
  const schema::Column* found = table.find_column(column);
  PARLEY_CHECK(found != nullptr);
  // Of bytes, LENGTH counts bytes everywhere.
  const bool is_binary = found->type.kind == schema::TypeKind::Binary;
  const std::string& function = is_binary ? "LENGTH" : dialect.capabilities().character_length;
  return rows_where(connection, table,
                    format("{}({}) > {}", function, dialect.quote(column), length));
}

RowsFound rows_outside(Connection& connection, const schema::Table& table,
                       const std::string& column, const std::vector<std::string>& values) {
  const Dialect& dialect = dialect_of(connection);
  std::vector<std::string> literals;
  for (const std::string& value : values) literals.push_back(dialect.literal(value));
  return rows_where(connection, table,
                    format("{} NOT IN ({})", dialect.quote(column), join(literals, ", ")));
}

RowsFound orphans(Connection& connection, const schema::Table& table,
                  const schema::ForeignKey& key) {
  const Dialect& dialect = dialect_of(connection);
  PARLEY_CHECK(key.columns.size() == key.referenced_columns.size());
  std::vector<std::string> equal;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    equal.push_back(format("parley_parent.{} = {}.{}", dialect.quote(key.referenced_columns[i]),
                           dialect.quote(table.name), dialect.quote(key.columns[i])));
  }
  return rows_where(connection, table,
                    format("{} AND NOT EXISTS (SELECT 1 FROM {} parley_parent WHERE {})",
                           all_there(dialect, table.name, key.columns),
                           dialect.quote(key.referenced_table), join(equal, " AND ")));
}

Duplicates duplicates(Connection& connection, const std::string& table,
                      const std::vector<std::string>& columns) {
  const Dialect& dialect = dialect_of(connection);
  const std::string names = quoted_list(dialect, columns);
  const std::string groups = format(
      "SELECT {0}, COUNT(*) AS parley_rows FROM {1} WHERE {2} GROUP BY {0} "
      "HAVING COUNT(*) > 1",
      names, dialect.quote(table), all_there(dialect, table, columns));
  const auto totals = database::query(
      connection, format("SELECT COUNT(*), SUM(parley_rows) FROM ({}) parley_groups", groups));
  Duplicates found;
  found.groups = integer_of(totals.front()[0]);
  found.rows = integer_of(totals.front()[1]);
  if (found.groups == 0) return found;
  found.examples = texts_of(database::query(connection, format("{} ORDER BY {} LIMIT {}", groups,
                                                               names, kProbeExamplesMax)),
                            columns.size());
  return found;
}

std::vector<ValueUse> value_uses(Connection& connection, const std::string& table,
                                 const std::string& column) {
  const Dialect& dialect = dialect_of(connection);
  std::vector<ValueUse> uses;
  for (const database::Row& row :
       database::query(connection, format("SELECT {0}, COUNT(*) FROM {1} WHERE {0} IS NOT NULL "
                                          "GROUP BY {0}",
                                          dialect.quote(column), dialect.quote(table)))) {
    uses.push_back({.value = text_of(row[0]), .rows = integer_of(row[1])});
  }
  std::ranges::sort(uses, {}, &ValueUse::value);
  return uses;
}

}  // namespace parley::dialect
