#include "dialect/row_questions.h"

#include <fmt/format.h>

#include "base/text.h"

namespace parley::dialect {
namespace {

using schema::TypeKind;

constexpr int kSampledKeys = 3;

std::string where(const std::string& condition) {
  return condition.empty() ? "" : " WHERE " + condition;
}

bool is_text(const schema::Type& type) {
  return type.kind == TypeKind::String || type.kind == TypeKind::Char ||
         type.kind == TypeKind::Text;
}

/// The column as text, for questions about its characters.
std::string text_of_column(const schema::Column& column, const Dialect& dialect) {
  const std::string name = dialect.quote(column.name);
  const std::string& engine = dialect.capabilities().name;
  const bool is_mysql = engine == "mysql" || engine == "mariadb";
  return fmt::format("CAST({} AS {})", name, is_mysql ? "CHAR" : "TEXT");
}

struct Range {
  const char* lowest;
  const char* highest;
};

Range range_of(TypeKind kind) {
  if (kind == TypeKind::SmallInteger) return {"-32768", "32767"};
  if (kind == TypeKind::Integer) return {"-2147483648", "2147483647"};
  return {"-9223372036854775808", "9223372036854775807"};
}

std::string is_not_numeric(const std::string& text, bool is_whole, const Dialect& dialect) {
  const std::string& engine = dialect.capabilities().name;
  const char* pattern = is_whole ? "^[[:space:]]*[-+]?[0-9]+[[:space:]]*$"
                                 : "^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)"
                                   "?[[:space:]]*$";
  if (engine == "postgresql") return fmt::format("{} !~ '{}'", text, pattern);
  if (engine != "sqlite") return fmt::format("{} NOT REGEXP '{}'", text, pattern);
  // SQLite has no regular expressions: a text is a number when it survives becoming one.
  return fmt::format("(typeof({0} + 0) NOT IN ('integer'{1}) OR trim({0}) GLOB '*[^-+.eE0-9]*' OR "
                     "trim({0}) NOT GLOB '*[0-9]*')",
                     text, is_whole ? "" : ", 'real'");
}

}  // namespace

FoundRows find_rows(database::Connection& connection, const schema::Table& table,
                    const std::string& condition) {
  const Dialect& dialect = dialect_of(connection);
  const std::string from = dialect.quote(table.name) + where(condition);
  FoundRows found;
  const auto counted = database::query(connection, "SELECT COUNT(*) FROM " + from);
  found.count = database::integer_of(counted.front().front());
  if (found.count == 0 || !table.primary_key || table.primary_key->columns.size() != 1) {
    return found;
  }
  const std::string key = dialect.quote(table.primary_key->columns.front());
  for (const auto& row :
       database::query(connection, fmt::format("SELECT {0} FROM {1} ORDER BY {0} LIMIT {2}", key,
                                               from, kSampledKeys))) {
    found.keys.push_back(database::text_of(row[0]));
  }
  return found;
}

std::int64_t count_duplicates(database::Connection& connection, const std::string& table,
                              const std::vector<std::string>& columns,
                              const std::string& condition) {
  const Dialect& dialect = dialect_of(connection);
  std::string list;
  std::string conditions = condition.empty() ? "" : "(" + condition + ") AND ";
  for (const std::string& column : columns) {
    list += (list.empty() ? "" : ", ") + dialect.quote(column);
    conditions += (&column == columns.data() ? "" : " AND ") + dialect.quote(column) +
                  " IS NOT NULL";
  }
  const auto rows = database::query(
      connection,
      fmt::format("SELECT COUNT(*) FROM (SELECT COUNT(*) AS n FROM {} WHERE {} GROUP BY {} HAVING "
                  "COUNT(*) > 1) AS duplicates",
                  dialect.quote(table), conditions, list));
  return database::integer_of(rows.front().front());
}

std::string holds_something(const schema::Column& column, const Dialect& dialect) {
  const std::string name = dialect.quote(column.name);
  if (is_text(column.type)) return fmt::format("{0} IS NOT NULL AND {0} <> ''", name);
  return name + " IS NOT NULL";
}

std::string is_longer_than(const schema::Column& column, int length, const Dialect& dialect) {
  const bool is_sqlite = dialect.capabilities().name == "sqlite";
  return fmt::format("{}({}) > {}", is_sqlite ? "length" : "CHAR_LENGTH",
                     text_of_column(column, dialect), length);
}

std::string is_no_number_of(const schema::Column& column, const schema::Type& type,
                            const Dialect& dialect) {
  const bool is_whole = type.kind == TypeKind::SmallInteger || type.kind == TypeKind::Integer ||
                        type.kind == TypeKind::BigInteger;
  std::string condition;
  if (is_text(column.type)) {
    condition = is_not_numeric(text_of_column(column, dialect), is_whole, dialect);
  }
  const bool is_number = column.type.kind == TypeKind::Integer ||
                         column.type.kind == TypeKind::BigInteger ||
                         column.type.kind == TypeKind::SmallInteger;
  if (!is_whole || !is_number) return condition;
  const Range range = range_of(type.kind);
  return fmt::format("{0} < {1} OR {0} > {2}", dialect.quote(column.name), range.lowest,
                     range.highest);
}

std::string is_none_of(const schema::Column& column, const std::vector<std::string>& values,
                       const Dialect& dialect) {
  std::string list;
  for (const std::string& value : values) {
    list += (list.empty() ? "" : ", ") + dialect.literal(value);
  }
  return fmt::format("{0} IS NOT NULL AND {1} NOT IN ({2})", dialect.quote(column.name),
                     text_of_column(column, dialect), list);
}

std::string is_value(const std::string& column, const std::string& value, const Dialect& dialect) {
  return fmt::format("{} = {}", dialect.quote(column), dialect.literal(value));
}

std::string is_orphan(const std::string& table, const schema::ForeignKey& key,
                      const Dialect& dialect) {
  const std::string own = dialect.quote(table);
  std::string conditions;
  std::string matches;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string column = own + "." + dialect.quote(key.columns[i]);
    conditions += column + " IS NOT NULL AND ";
    matches += (i == 0 ? "" : " AND ") +
               fmt::format("parley_parent.{} = {}", dialect.quote(key.referenced_columns[i]), column);
  }
  return fmt::format("{}NOT EXISTS (SELECT 1 FROM {} AS parley_parent WHERE {})", conditions,
                     dialect.quote(key.referenced_table), matches);
}

}  // namespace parley::dialect
