#include "dialect/counter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using database::integer_of;
using database::query;
using database::text_of;

const schema::Column* counted_column(const schema::Table& table) {
  const auto found = std::ranges::find_if(table.columns, &schema::Column::auto_increment);
  return found == table.columns.end() ? nullptr : &*found;
}

enum class Kind { Sequence, TableProperty, SqliteSequence };

Kind kind_of(const Dialect& dialect) {
  const std::string& name = dialect.capabilities().name;
  if (name == "postgresql") return Kind::Sequence;
  return name == "sqlite" ? Kind::SqliteSequence : Kind::TableProperty;
}

/// The sequence behind the column, ready to stand in a FROM: the column's own, or the one that its
/// default takes numbers from.
std::string sequence_of(database::Connection& connection, const schema::Table& table) {
  const Dialect& dialect = dialect_of(connection);
  const auto rows = query(
      connection,
      "SELECT COALESCE(pg_get_serial_sequence(?::text, ?::text), (SELECT substring("
      "pg_get_expr(d.adbin, d.adrelid) FROM 'nextval[(]''(.*)''::regclass[)]') FROM pg_attrdef d "
      "JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
      "WHERE d.adrelid = ?::text::regclass AND a.attname = ?))",
      {dialect.quote(table.name), counted_column(table)->name, dialect.quote(table.name),
       counted_column(table)->name});
  return text_of(rows.front().front());
}

}  // namespace

std::optional<std::int64_t> next_id(database::Connection& connection, const schema::Table& table) {
  if (counted_column(table) == nullptr) return std::nullopt;
  std::vector<database::Row> rows;
  switch (kind_of(dialect_of(connection))) {
    case Kind::Sequence:
      rows = query(connection,
                   fmt::format("SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END "
                               "FROM {}",
                               sequence_of(connection, table)));
      break;
    case Kind::TableProperty:
      // MySQL 8 answers from statistics of yesterday unless told otherwise (MySQL manual,
      // information_schema_stats_expiry); MariaDB has no such variable.
      if (dialect_of(connection).capabilities().name == "mysql") {
        connection.execute("SET SESSION information_schema_stats_expiry = 0");
      }
      rows = query(connection,
                   "SELECT AUTO_INCREMENT FROM information_schema.TABLES "
                   "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
                   {table.name});
      break;
    case Kind::SqliteSequence:
      rows = query(connection, "SELECT seq + 1 FROM sqlite_sequence WHERE name = ?", {table.name});
      break;
  }
  return rows.empty() || is_null(rows.front().front()) ? std::int64_t{1}
                                                       : integer_of(rows.front().front());
}

void set_next_id(database::Connection& connection, const schema::Table& table, std::int64_t id) {
  PARLEY_CHECK(counted_column(table) != nullptr);
  const Dialect& dialect = dialect_of(connection);
  switch (kind_of(dialect)) {
    case Kind::Sequence:
      query(connection, "SELECT setval(?::text::regclass, ?, false)",
            {sequence_of(connection, table), id});
      return;
    case Kind::TableProperty:
      connection.execute(
          fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}", dialect.quote(table.name), id));
      return;
    case Kind::SqliteSequence:
      query(connection, "DELETE FROM sqlite_sequence WHERE name = ?", {table.name});
      query(connection, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
            {table.name, id - 1});
      return;
  }
}

}  // namespace parley::dialect
