// Statements that nobody has checked, on every engine: what they may not do, they cannot.

#include "database/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "database/connection.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::error_of;
using test::TestEngine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kNumbers =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) ";

class Reader : public testing::TestWithParam<TestEngine> {
 protected:
  Reader() {
    const auto connection = database_.connect();
    connection->execute(
        "CREATE TABLE cities (id INTEGER PRIMARY KEY, name VARCHAR(20), people DECIMAL(10, 1));"
        "CREATE VIEW names AS SELECT name FROM cities;"
        "INSERT INTO cities VALUES (1, 'Köln', 1.5), (2, 'Rom', NULL)");
  }

  ReadRows read(std::string_view sql, const Cancellation& cancellation = {}) const {
    return database::read(database_.url(), sql, limits_, cancellation);
  }
  std::string on(const char* sqlite, const char* postgresql, const char* mariadb) const {
    switch (GetParam()) {
      case TestEngine::Sqlite: return sqlite;
      case TestEngine::Postgresql: return postgresql;
      case TestEngine::Mariadb: return mariadb;
    }
    return {};
  }
  std::string slow() const {
    return on(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "SELECT pg_sleep(30)", "SELECT SLEEP(30)");
  }
  /// Everything that a statement might have changed.
  std::string state() const {
    const auto connection = database_.connect();
    std::string text;
    for (const Row& row : query(*connection, "SELECT id, name FROM cities ORDER BY id")) {
      text += text_of(row.at(0)) + text_of(row.at(1)) + " ";
    }
    for (const auto& column : read_columns(database_.url(), {}, {})) text += column.table + " ";
    return text;
  }

  test::TestDatabase database_{GetParam()};
  ReadLimits limits_;
};

TEST_P(Reader, GivesColumnsAndRowsAsText) {
  const ReadRows rows = read("SELECT id, name, people AS size FROM cities ORDER BY id");
  EXPECT_THAT(rows.columns, ElementsAre("id", "name", "size"));
  ASSERT_EQ(rows.rows.size(), 2U);
  EXPECT_THAT(rows.rows[0], ElementsAre("1", "Köln", "1.5"));
  EXPECT_THAT(rows.rows[1], ElementsAre("2", "Rom", std::nullopt));
  EXPECT_FALSE(rows.is_cut);
}

TEST_P(Reader, NamesTheColumnsOfAnEmptyResult) {
  const ReadRows rows = read("SELECT id FROM cities WHERE id > 9;  -- none\n");
  EXPECT_THAT(rows.columns, ElementsAre("id"));
  EXPECT_THAT(rows.rows, IsEmpty());
}

TEST_P(Reader, CountsBytesThatAreNoText) {
  const ReadRows rows = read(on("SELECT x'00ff'", R"(SELECT '\x00ff'::bytea)", "SELECT x'00ff'"));
  EXPECT_THAT(rows.rows.at(0), ElementsAre("<2 bytes>"));
}

TEST_P(Reader, TakesAQuestionMarkForWhatItIs) {
  EXPECT_THAT(read("SELECT '?' AS a").rows.at(0), ElementsAre("?"));
  EXPECT_NO_FATAL_FAILURE(error_of([&] { read("SELECT ?"); }));
}

TEST_P(Reader, ListsTheColumns) {
  const auto columns = read_columns(database_.url(), limits_, {});
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.table + "." + column.name);
  EXPECT_THAT(names, ElementsAre("cities.id", "cities.name", "cities.people", "names.name"));
  EXPECT_THAT(columns.at(1).type, testing::AnyOf(HasSubstr("VARCHAR"), HasSubstr("char")));
}

TEST_P(Reader, StopsAfterTheRowsThatItMayRead) {
  limits_.rows_max = 10;
  const ReadRows exactly = read(std::string(kNumbers) + "SELECT i FROM n WHERE i <= 10");
  EXPECT_EQ(exactly.rows.size(), 10U);
  EXPECT_FALSE(exactly.is_cut);
  const ReadRows million = read(std::string(kNumbers) + "SELECT a.i FROM n AS a CROSS JOIN n AS b");
  EXPECT_EQ(million.rows.size(), 10U);
  EXPECT_TRUE(million.is_cut);
}

TEST_P(Reader, StopsAfterTheBytesThatItMayRead) {
  limits_.bytes_max = 100;
  const ReadRows rows =
      read(std::string(kNumbers) + "SELECT 'a text of twenty-six bytes' AS a FROM n WHERE i < 50");
  EXPECT_EQ(rows.rows.size(), 3U);
  EXPECT_TRUE(rows.is_cut);
}

TEST_P(Reader, DoesNotTakeAValueThatIsTooLarge) {
  limits_.bytes_max = 100'000;
  const std::string sql = on("SELECT hex(zeroblob(9000000))", "SELECT repeat('x', 9000000)",
                             "SELECT REPEAT('x', 9000000)");
  bool was_too_large = false;
  const auto error = error_of([&] { was_too_large = read(sql).is_cut; });
  EXPECT_TRUE(was_too_large || error.has_value());
}

TEST_P(Reader, EndsWhatTakesTooLong) {
  limits_.timeout = 200ms;
  const auto start = std::chrono::steady_clock::now();
  const auto error = error_of([&] { read(slow()); });
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), ErrorCode::Unavailable);
  EXPECT_THAT(error->what(), HasSubstr("longer than 200 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_P(Reader, EndsWhatIsCancelled) {
  const Cancellation cancellation;
  auto outcome =
      std::async(std::launch::async, [&] { return error_of([&] { read(slow(), cancellation); }); });
  cancellation.cancel();
  const auto error = outcome.get();
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->what(), HasSubstr("cancelled"));
}

TEST_P(Reader, ChangesNothing) {
  const std::string before = state();
  for (const std::string sql : {
           "INSERT INTO cities VALUES (3, 'Ulm', 1)",
           "UPDATE cities SET name = 'x'",
           "DELETE FROM cities",
           "DROP TABLE cities",
           "DROP VIEW names",
           "CREATE TABLE more (id INTEGER)",
           "ALTER TABLE cities ADD COLUMN more INTEGER",
           "SELECT 1; DELETE FROM cities",
           "SELECT 1; COMMIT; DELETE FROM cities",
           "COMMIT; DELETE FROM cities",
           "WITH old AS (SELECT 1) DELETE FROM cities",
           "WITH gone AS (DELETE FROM cities RETURNING id) SELECT * FROM gone",
           "SELECT * INTO more FROM cities",
           "ATTACH DATABASE '/tmp/other.db' AS other",
           "PRAGMA writable_schema = 1",
           "PRAGMA user_version = 7",
           "VACUUM",
           "SELECT load_extension('/tmp/x.so')",
           "DO $$ BEGIN DELETE FROM cities; END $$",
           "CREATE FUNCTION f() RETURNS INTEGER RETURN 1",
           "SET TRANSACTION READ WRITE",
           "SELECT set_config('transaction_read_only', 'off', true)",
           "TRUNCATE TABLE cities",
           "",
           "-- nothing",
       }) {
    EXPECT_TRUE(error_of([&] { read(sql); }).has_value()) << sql;
  }
  EXPECT_EQ(state(), before);
}

TEST_P(Reader, LeavesNothingBehindInASession) {
  if (GetParam() == TestEngine::Sqlite) {
    EXPECT_EQ(code_of([&] { read("PRAGMA query_only = 0"); }), ErrorCode::PermissionDenied);
    return;
  }
  error_of(
      [&] { read(on("", "SET statement_timeout = 0", "SET SESSION max_statement_time = 0")); });
  limits_.timeout = 200ms;
  EXPECT_EQ(code_of([&] { read(slow()); }), ErrorCode::Unavailable);
}

TEST_P(Reader, SaysWhatIsWrongWithAStatement) {
  EXPECT_EQ(code_of([&] { read("SELECT absent FROM nowhere"); }), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of([&] { read("SELECT absent FROM cities"); }), ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of([&] { read("SELEC 1"); }), ErrorCode::SyntaxError);
}

TEST_P(Reader, SaysThatNobodyIsThere) {
  Url url = database_.url();
  if (GetParam() == TestEngine::Sqlite) {
    url.database += ".missing";
  } else {
    url.port = 1;
  }
  EXPECT_EQ(code_of([&] { database::read(url, "SELECT 1", limits_, {}); }),
            ErrorCode::CannotConnect);
}

INSTANTIATE_TEST_SUITE_P(Engines, Reader, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::database
