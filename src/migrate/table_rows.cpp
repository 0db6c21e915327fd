#include "migrate/table_rows.h"

#include <fmt/format.h>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/key_order.h"

namespace parley::migrate {
namespace {

constexpr std::int64_t kRowsAtOnce = 1000;

std::vector<Value> values_of(database::Statement& statement) {
  std::vector<Value> row;
  for (int i = 0; i < statement.column_count(); ++i) row.push_back(statement.value(i));
  return row;
}

void for_each_in_any_order(database::Connection& connection, const schema::Table& table,
                           const std::function<void(const std::vector<Value>&)>& function) {
  const dialect::Dialect& dialect = dialect::dialect_of(connection);
  std::vector<std::string> quoted;
  for (const std::string& column : written_columns(table)) quoted.push_back(dialect.quote(column));
  database::Statement& statement = connection.prepare(
      fmt::format("SELECT {} FROM {}", join(quoted, ", "), dialect.quote(table.name)));
  for (statement.execute(); statement.next();) function(values_of(statement));
  statement.reset();
}

}  // namespace

std::vector<std::string> written_columns(const schema::Table& table) {
  std::vector<std::string> columns;
  for (const schema::Column& column : table.columns) {
    if (!column.generated) columns.push_back(column.name);
  }
  return columns;
}

void for_each_row(database::Connection& connection, const schema::Table& table,
                  const std::function<void(const std::vector<Value>&)>& function) {
  if (!dialect::has_key_order(table, dialect::dialect_of(connection))) {
    return for_each_in_any_order(connection, table, function);
  }
  const auto columns = written_columns(table);
  dialect::KeyOrder order(connection, table);
  const auto places = order.key_places(columns);
  dialect::Position after;
  for (std::int64_t taken = kRowsAtOnce; taken == kRowsAtOnce;) {
    database::Statement& statement = order.read(columns, after, kRowsAtOnce);
    std::vector<Value> last;
    for (taken = 0; statement.next(); ++taken) {
      last = values_of(statement);
      function(last);
    }
    statement.reset();
    if (taken == 0) break;
    after.clear();
    for (const std::size_t place : places) after.push_back(last[place]);
  }
}

}  // namespace parley::migrate
