#include "faults/shop.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/deployment.h"
#include "migrate/diff.h"
#include "migrate/journal.h"

namespace parley::test {
namespace {

using namespace schema;
using migrate::Revision;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kCustomers = 7;
constexpr int kOrders = 23;

Table customers() {
  return Table{.name = "customers",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "name", .type = string(40)},
                           {.name = "visits", .type = integer(), .default_value = Number{"0"}},
                           {.name = "nickname", .type = string(40), .nullable = true}},
               .primary_key = PrimaryKey{.columns = {"id"}}};
}

Table orders() {
  return Table{.name = "orders",
               .columns = {{.name = "customer_id", .type = integer()},
                           {.name = "number", .type = integer()},
                           {.name = "total", .type = integer()}},
               .primary_key = PrimaryKey{.columns = {"customer_id", "number"}},
               .foreign_keys = {{.columns = {"customer_id"},
                                 .referenced_table = "customers",
                                 .referenced_columns = {"id"},
                                 .on_delete = ReferenceAction::Cascade}}};
}

Table refunds() {
  return Table{.name = "refunds",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "reason", .type = string(100)}},
               .primary_key = PrimaryKey{.columns = {"id"}},
               .indexes = {{.name = "idx_refunds_reason", .parts = {{.column = "reason"}}}}};
}

SqlTexts sql(std::string text) { return {{.dialect = "", .sql = std::move(text)}}; }

Revision create() {
  return {.id = "001_shop",
          .message = "open the shop",
          .upgrade = {CreateTable{customers()}, CreateTable{orders()}},
          .file = "001.yaml"};
}

Revision grow() {
  Column longer = customers().columns[1];
  longer.type = string(200);
  return {.id = "002_grow",
          .down_revisions = {"001_shop"},
          .message = "grow",
          .upgrade = {AddColumn{"orders",
                                {.name = "touched",
                                 .type = integer(),
                                 .default_value = Number{"0"}}},
                      Backfill{.table = "orders",
                               .set = {{.column = "touched", .value = sql("touched + 1")},
                                       {.column = "total", .value = sql("total + 1000")}}},
                      AlterColumn{"customers", longer},
                      CreateIndex{"customers",
                                  {.name = "idx_customers_name", .parts = {{.column = "name"}}}}},
          .file = "002.yaml"};
}

Revision tidy() {
  return {.id = "003_tidy",
          .down_revisions = {"002_grow"},
          .message = "tidy",
          .upgrade = {CreateTable{refunds()},
                      Execute{.texts = sql("UPDATE customers SET visits = visits + 1")},
                      DropColumn{"customers", "nickname"},
                      RenameColumn{"orders", "touched", "revision"}},
          .file = "003.yaml"};
}

std::vector<std::string> column_of(database::Connection& connection, const std::string& query) {
  std::vector<std::string> values;
  for (const auto& row : database::query(connection, query)) {
    values.push_back(database::text_of(row.front()));
  }
  return values;
}

}  // namespace

Shop::Shop(const TestDatabase& database, TestEngine engine, std::string name)
    : database_(database),
      engine_(engine),
      // Databases of MariaDB belong to the server, and other tests have theirs there.
      name_(engine == TestEngine::Mariadb ? database.url().database + "_" + name : name),
      definition_{.name = "",
                  .histories = {migrate::HistoryDefinition{.declared_tables = {customers()}}},
                  .graph = migrate::History({create(), grow(), tidy()})},
      options_{.lock_patience = std::chrono::seconds(30),
               .tool_version = "test",
               .retries = 0,
               .batch_time = std::chrono::milliseconds(1'000),
               .first_batch = 3} {}

database::Url Shop::url() const {
  if (engine_ != TestEngine::Sqlite) return database_.url();
  return database::Url::sqlite_file(database_.url().database + "." + name_);
}

std::unique_ptr<database::Connection> Shop::connect() const {
  auto connection = database::open(url());
  connection->use_namespace(name_, database::Connection::Create::IfMissing);
  return connection;
}

void Shop::open() const {
  const auto connection = connect();
  migrate::Deployment deployment(*connection, definition_, clock_);
  migrate::upgrade(deployment, "001_shop", "", options_);
  std::string people;
  std::string rows;
  for (int i = 1; i <= kCustomers; ++i) people += fmt::format("{}('c{}')", i > 1 ? ", " : "", i);
  for (int i = 1; i <= kOrders; ++i) {
    rows += fmt::format("{}({}, {}, {})", i > 1 ? ", " : "", i % kCustomers + 1, i, i);
  }
  connection->execute("INSERT INTO customers (name) VALUES " + people);
  connection->execute("INSERT INTO orders (customer_id, number, total) VALUES " + rows);
}

std::vector<std::string> Shop::upgrade(database::Connection& connection) const {
  migrate::Deployment deployment(connection, definition_, clock_);
  return migrate::upgrade(deployment, "head", "", options_);
}

void Shop::expect_upgraded() const {
  const auto connection = connect();
  migrate::Deployment deployment(*connection, definition_, clock_);
  const auto state = deployment.state();
  EXPECT_THAT(state.applied, ElementsAre("001_shop", "002_grow", "003_tidy"));
  EXPECT_THAT(deployment.journal().marker().value(), ElementsAre("003_tidy"));
  EXPECT_THAT(migrate::diff(deployment.live(), deployment.recorded(state)), IsEmpty());
  EXPECT_EQ(column_of(*connection, "SELECT name FROM customers WHERE visits = 1").size(),
            static_cast<std::size_t>(kCustomers));
  EXPECT_EQ(column_of(*connection,
                      "SELECT number FROM orders WHERE revision = 1 AND total = number + 1000")
                .size(),
            static_cast<std::size_t>(kOrders));
  std::vector<std::string> finished;
  for (const migrate::JournalRow& entry : deployment.journal().entries()) {
    if (entry.finished_at && !entry.error) finished.push_back(entry.revision);
  }
  EXPECT_THAT(finished, ElementsAre("001_shop", "002_grow", "003_tidy"));
  EXPECT_FALSE(deployment.journal().half_done());
  EXPECT_FALSE(deployment.journal().lock_owner());
  EXPECT_THAT(column_of(*connection, "SELECT position FROM parley_steps"), IsEmpty());
}

void Shop::expect_untouched() const {
  const auto connection = connect();
  migrate::Deployment deployment(*connection, definition_, clock_);
  const auto state = deployment.state();
  EXPECT_THAT(state.applied, ElementsAre("001_shop"));
  EXPECT_THAT(migrate::diff(deployment.live(), deployment.recorded(state)), IsEmpty());
  EXPECT_EQ(column_of(*connection, "SELECT name FROM customers WHERE visits = 0").size(),
            static_cast<std::size_t>(kCustomers));
  EXPECT_EQ(column_of(*connection, "SELECT number FROM orders WHERE total = number").size(),
            static_cast<std::size_t>(kOrders));
  EXPECT_FALSE(deployment.journal().half_done());
}

}  // namespace parley::test
