#include "database/mysql/mysql_statement.h"

#include <gtest/gtest.h>

#include "database/transaction.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

class MysqlStatementTest : public testing::Test {
 protected:
  test::TestDatabase database{test::TestEngine::Mariadb};
  std::unique_ptr<Connection> connection = database.connect();
};

TEST_F(MysqlStatementTest, GivesEachTypeItsKindOfValue) {
  connection->execute(
      "CREATE TABLE t (flag BOOLEAN, small SMALLINT UNSIGNED, big BIGINT UNSIGNED, bits BIT(12),"
      " price DECIMAL(10, 2), ratio FLOAT, year_ YEAR, day DATE, clock TIME(3), at DATETIME,"
      " document JSON, word CHAR(5), code BINARY(3), choice ENUM('a', 'b'))");
  connection->execute(
      "INSERT INTO t VALUES (TRUE, 65535, 18446744073709551615, b'100000000001', 12.5, 0.5, 2025,"
      " '2025-01-31', '-01:02:03.004', '2025-01-31 09:30:00', '{\"a\": 1}', 'é', x'00ff00', 'b')");
  EXPECT_EQ(query(*connection, "SELECT * FROM t").at(0),
            (Row{std::int64_t{1}, std::int64_t{65535}, "18446744073709551615", std::int64_t{2049},
                 "12.50", 0.5, std::int64_t{2025}, "2025-01-31", "-01:02:03.004",
                 "2025-01-31 09:30:00", "{\"a\": 1}", "é", Blob{std::string("\0\xff\0", 3)}, "b"}));
}

TEST_F(MysqlStatementTest, RunsAsTextWhatCannotBePrepared) {
  connection->execute("PREPARE inner_one FROM 'SELECT 7 AS seven, NULL, 1.5e0, ''x'''");
  Statement& statement = connection->prepare("EXECUTE inner_one");
  for (int turn = 0; turn < 2; ++turn) {
    statement.execute();
    ASSERT_EQ(statement.column_count(), 4);
    EXPECT_EQ(statement.column_name(0), "seven");
    ASSERT_TRUE(statement.next());
    EXPECT_EQ(statement.value(0), Value(std::int64_t{7}));
    EXPECT_EQ(statement.value(1), Value(Null{}));
    EXPECT_EQ(statement.value(2), Value(1.5));
    EXPECT_EQ(statement.value(3), Value("x"));
    EXPECT_FALSE(statement.next());
  }
}

TEST_F(MysqlStatementTest, SessionIsStrictAndInUtc) {
  const Row row =
      query(*connection, "SELECT @@sql_mode, @@time_zone, @@character_set_client").at(0);
  EXPECT_NE(text_of(row.at(0)).find("STRICT_TRANS_TABLES"), std::string::npos);
  EXPECT_EQ(text_of(row.at(1)), "+00:00");
  EXPECT_EQ(text_of(row.at(2)), "utf8mb4");
}

TEST_F(MysqlStatementTest, ReportsTheNumberOfAFailingStatement) {
  const std::optional<Error> error =
      test::error_of([&] { connection->execute("SELECT 1; SELECT 2; SELECT nothing"); });
  ASSERT_TRUE(error);
  EXPECT_NE(std::string(error->what()).find("statement 3"), std::string::npos) << error->what();
}

TEST_F(MysqlStatementTest, ConnectsWithoutADatabase) {
  Url url = database.url();
  url.database.clear();
  const auto without = open(url);
  EXPECT_EQ(query(*without, "SELECT DATABASE()").at(0).at(0), Value(Null{}));
  EXPECT_EQ(test::code_of([&] { without->execute("CREATE TABLE t (a INTEGER)"); }),
            ErrorCode::UnknownDatabase);
}

}  // namespace
}  // namespace parley::database
