// parley db copy, as a person sees it: from every engine to every other, and the module of a
// server.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kShop = R"(revision: 001_shop
message: shop
upgrade:
  - create_table: customers
    columns:
      - id: integer auto_increment
      - name: text
      - is_active: boolean default true
      - notes: json null
      - key: uuid
      - balance: decimal(10,2) default 0
      - seen_at: datetimetz(6) null
      - changed_at: datetimetz(6) default now on update now
      - advised_by: integer null
      - photo: binary null
    primary_key: [id]
    foreign_keys:
      - advised_by -> customers(id)
  - create_table: orders
    columns:
      - customer_id: integer
      - number: integer
    primary_key: [customer_id, number]
    foreign_keys:
      - customer_id -> customers(id) on delete cascade
  - create_index: idx_customers_name on customers (is_active, seen_at)
)";

/// What the shop sells to, with what engines write differently.
constexpr std::string_view kRows[] = {
    "INSERT INTO customers (id, name, is_active, notes, key, balance, seen_at, changed_at, "
    "advised_by) VALUES "
    "(1, 'Ada 😀 ''quoted''\nsecond line', TRUE, '{\"b\": 1, \"a\": [true, null]}', "
    "'5f0c1a52-9f1e-4c7b-8f0e-0d5f3a6b7c8d', 12.50, '2025-03-15 10:00:00.123456', "
    "'2025-03-15 10:00:00', NULL)",
    "INSERT INTO customers (id, name, is_active, notes, key, balance, seen_at, changed_at, "
    "advised_by) VALUES "
    "(7, '', FALSE, NULL, '00000000-0000-4000-8000-000000000000', -0.05, NULL, "
    "'2025-03-15 10:00:00', 1)",
    "INSERT INTO orders (customer_id, number) VALUES (7, 1)",
    "INSERT INTO orders (customer_id, number) VALUES (7, 2)",
};

std::string for_mysql(std::string sql) {
  for (std::size_t at = sql.find(" key,"); at != std::string::npos;
       at = sql.find(" key,", at + 1)) {
    sql.replace(at, 5, " `key`,");
  }
  return sql;
}

class CopyCommand : public testing::TestWithParam<std::tuple<TestEngine, TestEngine>> {
 protected:
  CopyCommand() {
    std::filesystem::create_directory(directory_.path() + "/revisions");
    std::ofstream(directory_.path() + "/revisions/001_shop.yaml") << kShop;
    db(from_, {"upgrade"});
    for (const std::string_view sql : kRows) {
      from_.connect()->execute(std::get<0>(GetParam()) == TestEngine::Mariadb
                                   ? for_mysql(std::string(sql))
                                   : std::string(sql));
    }
  }

  Outcome db(const TestDatabase& database, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database.url_text(), "--dir", "revisions"});
    return run_parley(arguments, directory_.path());
  }
  Outcome copy() const { return db(from_, {"copy", "--to", to_.url_text()}); }
  std::vector<std::string> texts(const TestDatabase& database, const std::string& sql) const {
    std::vector<std::string> found;
    const auto connection = database.connect();
    for (const auto& row : database::query(*connection, sql)) {
      found.push_back(database::text_of(row.front()));
    }
    return found;
  }

  TestDatabase from_{std::get<0>(GetParam())};
  TestDatabase to_{std::get<1>(GetParam())};
  TemporaryDirectory directory_;
};

TEST_P(CopyCommand, CarriesEveryRowOverAndProvesIt) {
  const Outcome copied = copy();
  ASSERT_EQ(copied.exit_code, 0) << copied.err;
  EXPECT_THAT(copied.out, HasSubstr("✓ customers: 2 rows, sum "));
  EXPECT_THAT(copied.out, HasSubstr("✓ orders: 2 rows, sum "));
  EXPECT_THAT(copied.out, HasSubstr("equal on both sides"));
  EXPECT_EQ(db(to_, {"verify"}).exit_code, 0) << db(to_, {"verify"}).out;
  EXPECT_THAT(texts(to_, "SELECT name FROM customers ORDER BY id"),
              ElementsAre("Ada 😀 'quoted'\nsecond line", ""));
  EXPECT_THAT(texts(to_, "SELECT number FROM orders ORDER BY number"), ElementsAre("1", "2"));
}

TEST_P(CopyCommand, KeepsKeysAndTheNextId) {
  ASSERT_EQ(copy().exit_code, 0);
  const auto connection = to_.connect();
  EXPECT_ANY_THROW(connection->execute("INSERT INTO orders (customer_id, number) VALUES (99, 1)"))
      << "foreign keys are there again";
  connection->execute(std::get<1>(GetParam()) == TestEngine::Mariadb
                          ? "INSERT INTO customers (name, `key`) VALUES ('Bob', UUID())"
                          : "INSERT INTO customers (name, key) VALUES ('Bob', "
                            "'11111111-1111-4111-8111-111111111111')");
  EXPECT_THAT(texts(to_, "SELECT MAX(id) FROM customers"), ElementsAre("8"));
}

TEST_P(CopyCommand, RefusesADatabaseThatHasRows) {
  ASSERT_EQ(copy().exit_code, 0);
  const Outcome again = copy();
  EXPECT_EQ(again.exit_code, 3) << again.err;
  EXPECT_THAT(again.err, HasSubstr("is not empty: customers has 2 rows"));
  EXPECT_THAT(texts(to_, "SELECT COUNT(*) FROM customers"), ElementsAre("2"));
}

TEST_P(CopyCommand, LeavesNothingBehindUnasked) {
  from_.connect()->execute("ALTER TABLE customers ADD COLUMN shoe_size INTEGER");
  const Outcome refused = copy();
  EXPECT_EQ(refused.exit_code, 3) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("column customers.shoe_size"));
  EXPECT_EQ(db(from_, {"copy", "--to", to_.url_text(), "--without-extras"}).exit_code, 0);
  EXPECT_THAT(texts(to_, "SELECT COUNT(*) FROM customers"), ElementsAre("2"));
}

std::string names_of_both(const testing::TestParamInfo<std::tuple<TestEngine, TestEngine>>& info) {
  return name_of(std::get<0>(info.param)) + "_to_" + name_of(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Engines, CopyCommand,
                         testing::Combine(testing::ValuesIn(all_engines()),
                                          testing::ValuesIn(all_engines())),
                         names_of_both);

TEST(CopyOfModules, NeedsOneFileEach) {
  const TemporaryDirectory directory;
  const Outcome refused =
      run_parley({"db", "copy", "--data", "d", "--to", "sqlite:///x.db"}, directory.path());
  EXPECT_EQ(refused.exit_code, 2) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("Copy one at a time"));
}

TEST(CopyOfModules, MovesAModuleToAServer) {
  const TemporaryDirectory directory;
  const TestDatabase server(TestEngine::Postgresql);
  ASSERT_EQ(run_parley({"db", "upgrade", "--data", "d"}, directory.path()).exit_code, 0);
  const auto file =
      database::open(database::Url::sqlite_file(directory.path() + "/d/live_agent.db"));
  file->execute(
      "INSERT INTO live_agent_sessions (id, tenant_domain, user_account, metadata) VALUES "
      "('5f0c1a52-9f1e-4c7b-8f0e-0d5f3a6b7c8d', 'shop.example', 'ann@x', '{\"a\": 1}')");
  const Outcome copied =
      run_parley({"db", "copy", "--data", "d", "--module", "live_agent", "--to", server.url_text()},
                 directory.path());
  ASSERT_EQ(copied.exit_code, 0) << copied.err;
  EXPECT_THAT(copied.out, HasSubstr("✓ live_agent_sessions: 1 rows"));
  const auto connection = server.connect();
  EXPECT_EQ(
      database::query(*connection, "SELECT metadata->>'a' FROM live_agent.live_agent_sessions")
          .size(),
      1U);
}

}  // namespace
}  // namespace parley::test
