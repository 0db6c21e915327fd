#include "migrate/import_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/dialect.h"

namespace parley::migrate {
namespace {

using fmt::format;

std::vector<std::string> columns_of(database::Connection& connection, const std::string& table) {
  const schema::Schema schema = dialect::dialect_of(connection).inspect(connection);
  const schema::Table* found = schema.find_table(table);
  if (found == nullptr) {
    throw Error(ErrorCode::UnknownTable, format("There is no table {} to import from", table),
                "Name the file that has it.");
  }
  std::vector<std::string> names;
  for (const schema::Column& column : found->columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> common(const std::vector<std::string>& a,
                                const std::vector<std::string>& b) {
  std::vector<std::string> both;
  std::ranges::copy_if(a, std::back_inserter(both), [&](const std::string& name) {
    return std::ranges::find(b, name) != b.end();
  });
  return both;
}

}  // namespace

std::int64_t import_rows(database::Connection& into, database::Connection& from,
                         const RowImport& import) {
  const auto columns = common(columns_of(from, import.table), columns_of(into, import.table));
  const auto position = [&](const std::string& name) {
    const auto found = std::ranges::find(columns, name);
    if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
    throw Error(ErrorCode::UnknownTable,
                format("{} has no column {} to import by", import.table, name));
  };
  const std::size_t key = position(import.key);
  const std::size_t newer = position(import.newer_by);
  const std::string marks = join(std::vector<std::string>(columns.size(), "?"), ", ");
  const std::string names = join(columns, ", ");
  std::int64_t taken = 0;
  database::Transaction transaction(into);
  for (const auto& row : database::query(from, format("SELECT {} FROM {}", names, import.table))) {
    const auto here = database::query(
        into, format("SELECT {} FROM {} WHERE {} = ?", import.newer_by, import.table, import.key),
        {row[key]});
    if (!here.empty() && database::text_of(here.front().front()) >= database::text_of(row[newer])) {
      continue;
    }
    into.prepare(format("DELETE FROM {} WHERE {} = ?", import.table, import.key))
        .execute({row[key]});
    into.prepare(format("INSERT INTO {} ({}) VALUES ({})", import.table, names, marks))
        .execute(row);
    ++taken;
  }
  transaction.commit();
  return taken;
}

}  // namespace parley::migrate
