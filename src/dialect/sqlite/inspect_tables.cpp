#include "base/error.h"
#include "base/json.h"
#include "database/connection.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

// What a table is made of is all in these texts; what serves a constraint has none.
constexpr std::string_view kDefinitions = R"(
  SELECT sql FROM sqlite_schema
  WHERE tbl_name IN (SELECT value FROM json_each(?)) AND type <> 'view' AND sql IS NOT NULL
    AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
  ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid)";

/// An empty database in memory, kept by its thread: opening one for every look costs more than the
/// look.
database::Connection& scratch() {
  static thread_local const auto kConnection =
      database::open(database::Url::sqlite_file(":memory:"));
  return *kConnection;
}

}  // namespace

/// SQLite's catalogue has no index by table, and its pragma functions are asked once for every
/// table there is. So the few tables that matter are made again, empty, in a database in memory,
/// and that is inspected.
schema::Schema SqliteDialect::inspect_tables(database::Connection& connection,
                                             const std::set<std::string>& tables) const {
  json::array names;
  for (const std::string& table : tables) names.emplace_back(table);
  const auto rows = database::query(connection, kDefinitions, {to_text(Json(std::move(names)))});
  try {
    scratch().begin();
    for (const auto& row : rows) scratch().execute(database::text_of(row.front()));
    schema::Schema found{.tables = inspect(scratch()).tables};
    scratch().rollback();
    return found;
  } catch (const Error&) {
    // A function or module of the application's own, which the scratch database does not know.
    scratch().rollback();
    return Dialect::inspect_tables(connection, tables);
  }
}

}  // namespace parley::dialect
