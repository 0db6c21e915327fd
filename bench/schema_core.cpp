// The schema engine's own work, without the start of a process around it: how long it takes to read
// and compare a database of many tables, and to rebuild a large SQLite table.
//
//   schema_core fill URL TABLES          creates the tables of `wide_schema`
//   schema_core compare URL TABLES       times inspect + diff with the same schema as declared
//   schema_core rebuild FILE ROWS        times a rebuild, and the bare INSERT … SELECT of its rows

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"
#include "database/transaction.h"
#include "database/url.h"
#include "dialect/dialect.h"
#include "dialect/foreign_key_pause.h"
#include "dialect/page_release.h"
#include "dialect/probe.h"
#include "migrate/diff.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string table_name(int number) { return fmt::format("t{:04}", number); }

/// Ten columns, two indexes, a foreign key to the table before.
schema::Table wide_table(int number) {
  schema::Table table{.name = table_name(number), .columns = {}};
  table.columns.push_back({.name = "id", .type = schema::integer(), .auto_increment = true});
  table.columns.push_back({.name = "parent_id", .type = schema::integer(), .nullable = true});
  for (int i = 0; i < 4; ++i) {
    table.columns.push_back({.name = fmt::format("name{}", i), .type = schema::string(100)});
  }
  for (int i = 0; i < 2; ++i) {
    table.columns.push_back(
        {.name = fmt::format("note{}", i), .type = schema::text(), .nullable = true});
  }
  table.columns.push_back(
      {.name = "amount", .type = schema::integer(), .default_value = schema::Number{"0"}});
  table.columns.push_back({.name = "created_at",
                           .type = schema::datetime(),
                           .default_value = schema::CurrentTimestamp{}});
  table.primary_key = schema::PrimaryKey{.columns = {"id"}};
  if (number > 0) {
    table.foreign_keys = {{.name = fmt::format("fk_{}", table.name),
                           .columns = {"parent_id"},
                           .referenced_table = table_name(number - 1),
                           .referenced_columns = {"id"}}};
  }
  table.indexes = {
      {.name = fmt::format("ix_{}_name", table.name),
       .parts = {{.column = "name0"}, {.column = "name1"}}},
      {.name = fmt::format("ix_{}_created", table.name), .parts = {{.column = "created_at"}}}};
  return table;
}

schema::Schema wide_schema(int tables) {
  schema::Schema schema;
  for (int i = 0; i < tables; ++i) schema.tables.push_back(wide_table(i));
  return schema;
}

std::unique_ptr<database::Connection> open(const std::string& url) {
  return database::open(database::Url::parse(url), database::Open::CreateIfMissing);
}

void run(database::Connection& connection, const schema::Change& change,
         const schema::Schema& before) {
  for (const std::string& statement : dialect::dialect_of(connection).render(change, before)) {
    connection.execute(statement);
  }
}

void fill(const std::string& url, int tables) {
  const auto connection = open(url);
  const auto& capabilities = dialect::dialect_of(*connection).capabilities();
  database::Transaction transaction(*connection);
  for (const schema::Table& table : wide_schema(tables).tables) {
    run(*connection, schema::CreateTable{table}, {});
  }
  transaction.commit();
  fmt::print("{} tables on {}\n", tables, capabilities.name);
}

void compare(const std::string& url, int tables) {
  const auto connection = open(url);
  const auto& dialect = dialect::dialect_of(*connection);
  const schema::Schema declared = wide_schema(tables);
  const auto start = std::chrono::steady_clock::now();
  const schema::Schema live = dialect.inspect(*connection);
  const double inspected = seconds_since(start);
  const auto changes = migrate::diff(live, dialect.normalize(declared));
  fmt::print("inspect {:.4f} s, inspect + diff {:.4f} s, {} differences\n", inspected,
             seconds_since(start), changes.size());
  if (!changes.empty()) fmt::print("first: {}\n", schema::describe(changes.front()));
}

void fill_rows(database::Connection& connection, int rows) {
  database::Transaction transaction(connection);
  connection.execute(fmt::format(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
      "INSERT INTO t0000 (name0, name1, name2, name3, note0, amount) "
      "SELECT 'name ' || i, 'b', 'c', 'd', 'A note of some length about row ' || i, i % 100 FROM n",
      rows));
  transaction.commit();
}

/// What any rebuild must do at the least: the rows into another table with the same indexes.
double time_bare_copy(database::Connection& connection, const schema::Table& table) {
  schema::Table copy = table;
  copy.name = "bare";
  for (schema::Index& index : copy.indexes) index.name += "_bare";
  const auto start = std::chrono::steady_clock::now();
  database::Transaction transaction(connection);
  schema::Table without_indexes = copy;
  without_indexes.indexes.clear();
  run(connection, schema::CreateTable{without_indexes}, {});
  connection.execute("INSERT INTO bare SELECT * FROM t0000");
  const schema::Schema state{.tables = {copy}};
  for (const schema::Index& index : copy.indexes) {
    run(connection, schema::CreateIndex{"bare", index}, state);
  }
  transaction.commit();
  const double taken = seconds_since(start);
  connection.execute("DROP TABLE bare");
  return taken;
}

/// As the executor does it: foreign keys off, one transaction, rows counted before and after, keys
/// checked before the commit.
double time_rebuild(database::Connection& connection, const schema::Change& change,
                    const schema::Schema& before) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<std::string> tables = {schema::table_of(change)};
  dialect::ForeignKeyPause pause(connection, dialect::ForeignKeyPause::Needed::Yes);
  dialect::PageRelease release(connection, dialect::PageRelease::Overwrites::Never);
  database::Transaction transaction(connection);
  const auto rows = dialect::count_rows(connection, tables.front());
  run(connection, change, before);
  if (dialect::count_rows(connection, tables.front()) != rows) std::abort();
  pause.check(tables);
  transaction.commit();
  return seconds_since(start);
}

void rebuild(const std::string& file, int rows) {
  const auto connection = open("sqlite:///" + file);
  schema::Schema state{.tables = {wide_table(0)}};
  run(*connection, schema::CreateTable{state.tables[0]}, {});
  fill_rows(*connection, rows);
  constexpr int kRounds = 5;
  for (int round = 0; round < kRounds; ++round) {
    const double bare = time_bare_copy(*connection, state.tables[0]);
    schema::Column amount = *state.tables[0].find_column("amount");
    amount.default_value = schema::Number{std::to_string(round + 1)};
    const schema::Change change = schema::AlterColumn{"t0000", amount};
    const double rebuilt = time_rebuild(*connection, change, state);
    schema::apply(state, change);
    fmt::print("bare {:.3f} s, rebuild {:.3f} s\n", bare, rebuilt);
  }
}

int usage() {
  fmt::print(stderr, "usage: schema_core fill|compare URL TABLES, schema_core rebuild FILE ROWS\n");
  return 2;
}

}  // namespace
}  // namespace parley

int main(int count, char** words) {
  if (count != 4) return parley::usage();
  const std::string_view verb = words[1];
  const int number = std::atoi(words[3]);
  if (verb == "fill") {
    parley::fill(words[2], number);
  } else if (verb == "compare") {
    parley::compare(words[2], number);
  } else if (verb == "rebuild") {
    parley::rebuild(words[2], number);
  } else {
    return parley::usage();
  }
  return 0;
}
