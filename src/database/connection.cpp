#include "database/connection.h"

#include <charconv>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "database/mysql/mysql_connection.h"
#include "database/postgresql/postgresql_connection.h"
#include "database/sqlite/sqlite_connection.h"

namespace parley::database {
namespace {

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::unique_ptr<Connection> open(const Url& url, Open mode) {
  switch (url.engine) {
    case Engine::Sqlite: return open_sqlite(url, mode);
    case Engine::Postgresql: return open_postgresql(url);
    case Engine::Mysql: return open_mysql(url);
  }
  return nullptr;
}

std::unique_ptr<Connection> open_another(const Connection& connection) {
  const Url& url = connection.url();
  if (url.engine == Engine::Sqlite && url.database == ":memory:") return nullptr;
  auto another = open(url, Open::Existing);
  if (const std::string name = connection.namespace_in_use(); !name.empty()) {
    another->use_namespace(name, Connection::Create::Never);
  }
  return another;
}

std::vector<Row> query(Connection& connection, std::string_view sql,
                       std::span<const Value> parameters) {
  Statement& statement = connection.prepare(sql);
  statement.execute(parameters);
  std::vector<Row> rows;
  while (statement.next()) {
    Row& row = rows.emplace_back();
    const int columns = statement.column_count();
    row.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) row.push_back(statement.value(column));
  }
  statement.reset();
  return rows;
}

std::vector<Row> query(Connection& connection, std::string_view sql,
                       std::initializer_list<Value> parameters) {
  return query(connection, sql, std::span<const Value>(parameters.begin(), parameters.size()));
}

std::string text_of(const Value& value) {
  return std::visit(overloaded{[](Null) { return std::string(); },
                               [](bool truth) { return std::string(truth ? "true" : "false"); },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](double number) { return fmt::format("{}", number); },
                               [](const std::string& text) { return text; },
                               [](const Blob& blob) { return blob.bytes; }},
                    value);
}

std::int64_t integer_of(const Value& value) {
  return std::visit(overloaded{[](Null) { return std::int64_t{0}; },
                               [](bool truth) { return std::int64_t{truth}; },
                               [](std::int64_t number) { return number; },
                               [](double number) { return static_cast<std::int64_t>(number); },
                               [](const std::string& text) { return number_in(text); },
                               [](const Blob& blob) { return number_in(blob.bytes); }},
                    value);
}

bool truth_of(const Value& value) {
  if (const std::string* text = std::get_if<std::string>(&value)) {
    return *text == "t" || *text == "true" || number_in(*text) != 0;
  }
  if (const double* number = std::get_if<double>(&value)) return *number != 0;
  return integer_of(value) != 0;
}

}  // namespace parley::database
