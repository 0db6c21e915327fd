#include "database/connection.h"

#include <gtest/gtest.h>

#include <limits>

#include "database/transaction.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

using test::TestEngine;

class ConnectionTest : public testing::TestWithParam<TestEngine> {
 protected:
  // One column for each kind of value.
  std::string create_values_table() const {
    const bool is_mariadb = GetParam() == TestEngine::Mariadb;
    const std::string text = is_mariadb ? "LONGTEXT CHARACTER SET utf8mb4" : "TEXT";
    const std::string blob = is_mariadb                             ? "LONGBLOB"
                             : GetParam() == TestEngine::Postgresql ? "BYTEA"
                                                                    : "BLOB";
    return "CREATE TABLE kinds (truth BOOLEAN, number BIGINT, real_number DOUBLE PRECISION, "
           "content " +
           text + ", bytes " + blob + ")";
  }

  Value round_trip(const std::string& column, const Value& value) {
    connection->execute("DELETE FROM kinds");
    connection->prepare("INSERT INTO kinds (" + column + ") VALUES (?)").execute({value});
    return query(*connection, "SELECT " + column + " FROM kinds").at(0).at(0);
  }

  std::int64_t count(const std::string& table) {
    return integer_of(query(*connection, "SELECT count(*) FROM " + table).at(0).at(0));
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<Connection> connection = database.connect();
};

INSTANTIATE_TEST_SUITE_P(Engines, ConnectionTest, testing::ValuesIn(test::all_engines()),
                         [](const auto& engine) { return test::engine_name(engine); });

TEST_P(ConnectionTest, TellsItsVersion) {
  const ServerVersion version = connection->version();
  const std::map<TestEngine, std::string> products = {{TestEngine::Sqlite, "SQLite"},
                                                      {TestEngine::Postgresql, "PostgreSQL"},
                                                      {TestEngine::Mariadb, "MariaDB"}};
  EXPECT_EQ(version.product, products.at(GetParam()));
  EXPECT_GE(version.major, 3);
}

TEST_P(ConnectionTest, KeepsIntegers) {
  connection->execute(create_values_table());
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, Limits::min(), Limits::max()}) {
    EXPECT_EQ(round_trip("number", number), Value(number));
  }
}

TEST_P(ConnectionTest, KeepsDoublesToTheLastBit) {
  connection->execute(create_values_table());
  for (const double number : {0.0, -1.5, 0.1, 1.0 / 3.0, 1e-300, 1.7976931348623157e308}) {
    EXPECT_EQ(round_trip("real_number", number), Value(number));
  }
}

TEST_P(ConnectionTest, KeepsTruth) {
  connection->execute(create_values_table());
  EXPECT_TRUE(truth_of(round_trip("truth", true)));
  EXPECT_FALSE(truth_of(round_trip("truth", false)));
}

TEST_P(ConnectionTest, KeepsNull) {
  connection->execute(create_values_table());
  for (const char* column : {"truth", "number", "real_number", "content", "bytes"}) {
    EXPECT_EQ(round_trip(column, Null{}), Value(Null{})) << column;
  }
}

TEST_P(ConnectionTest, KeepsText) {
  connection->execute(create_values_table());
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("? 'quoted' \"\\\\ %"),
        std::string("Grüße, 世界 👩‍👩‍👧 \x01\r\n\t"), std::string(255, 'a'),
        std::string(256, 'b'), std::string(257, 'c'), std::string(1 << 20, 'x')}) {
    EXPECT_EQ(round_trip("content", text), Value(text));
  }
}

TEST_P(ConnectionTest, KeepsBytes) {
  connection->execute(create_values_table());
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const Blob& blob :
       {Blob{}, Blob{std::string(3, '\0')}, Blob{all}, Blob{std::string(1 << 20, '\xff')}}) {
    EXPECT_EQ(round_trip("bytes", blob), Value(blob));
  }
}

TEST_P(ConnectionTest, GivesTimestampsAsText) {
  const std::string type = GetParam() == TestEngine::Mariadb ? "DATETIME(6)" : "TIMESTAMP";
  connection->execute("CREATE TABLE times (at " + type + ")");
  connection->prepare("INSERT INTO times VALUES (?)").execute({"2025-01-31 09:30:00.123456"});
  EXPECT_EQ(query(*connection, "SELECT at FROM times").at(0).at(0),
            Value("2025-01-31 09:30:00.123456"));
}

TEST_P(ConnectionTest, GivesRowsInOrderAndColumnsByName) {
  connection->execute(
      "CREATE TABLE t (a INTEGER, b VARCHAR(10));"
      "INSERT INTO t VALUES (1, 'x'), (2, NULL)");
  Statement& select = connection->prepare("SELECT a, b AS named FROM t WHERE a >= ? ORDER BY a");
  select.execute({std::int64_t{1}});
  ASSERT_EQ(select.column_count(), 2);
  EXPECT_EQ(select.column_name(1), "named");
  ASSERT_TRUE(select.next());
  EXPECT_EQ(select.value(0), Value(std::int64_t{1}));
  EXPECT_EQ(select.value(1), Value("x"));
  ASSERT_TRUE(select.next());
  EXPECT_EQ(select.value(1), Value(Null{}));
  EXPECT_FALSE(select.next());
  EXPECT_FALSE(select.next());
}

TEST_P(ConnectionTest, CachesStatementsByText) {
  Statement& first = connection->prepare("SELECT 1");
  EXPECT_EQ(&first, &connection->prepare(std::string("SELECT ") + "1"));
  EXPECT_NE(&first, &connection->prepare("SELECT 2"));
  for (int i = 0; i < 3; ++i) {
    first.execute();
    EXPECT_TRUE(first.next());  // The rest of the rows is discarded by the next execution.
  }
}

TEST_P(ConnectionTest, RefusedTextStaysOutOfTheCache) {
  EXPECT_THROW(connection->prepare("SELECT * FROM later"), Error);
  connection->execute("CREATE TABLE later (a INTEGER)");
  EXPECT_TRUE(query(*connection, "SELECT * FROM later").empty());
}

TEST_P(ConnectionTest, CachedStatementSurvivesSchemaChange) {
  connection->execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
  EXPECT_EQ(query(*connection, "SELECT * FROM t").at(0).size(), 1U);
  connection->execute("ALTER TABLE t ADD COLUMN b INTEGER");
  EXPECT_EQ(query(*connection, "SELECT * FROM t").at(0).size(), 2U);
}

TEST_P(ConnectionTest, CountsMatchedRows) {
  connection->execute("CREATE TABLE t (a INTEGER, b INTEGER)");
  const auto affected = [&](const char* sql) {
    Statement& statement = connection->prepare(sql);
    statement.execute();
    return statement.affected_rows();
  };
  EXPECT_EQ(affected("INSERT INTO t VALUES (1, 1), (2, 1), (3, 2)"), 3);
  EXPECT_EQ(affected("UPDATE t SET b = 1 WHERE b = 1"), 2);
  EXPECT_EQ(affected("DELETE FROM t WHERE a = 9"), 0);
  EXPECT_EQ(affected("SELECT * FROM t"), 0);
  EXPECT_EQ(affected("CREATE TABLE u (a INTEGER)"), 0);
}

TEST_P(ConnectionTest, ReturningGivesRowsAndCounts) {
  connection->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)");
  Statement& insert = connection->prepare("INSERT INTO t (a) VALUES (?), (?) RETURNING a");
  insert.execute({std::int64_t{1}, std::int64_t{2}});
  EXPECT_EQ(insert.affected_rows(), 2);
  std::set<std::int64_t> keys;
  while (insert.next()) keys.insert(integer_of(insert.value(0)));
  EXPECT_EQ(keys, (std::set<std::int64_t>{1, 2}));
  EXPECT_EQ(test::code_of([&] { insert.execute({std::int64_t{3}, std::int64_t{1}}); }),
            ErrorCode::UniqueViolation);
  EXPECT_FALSE(insert.next());
  EXPECT_EQ(count("t"), 2);
}

TEST_P(ConnectionTest, UnreadRowsDoNotHoldACommit) {
  connection->execute("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
  Transaction transaction(*connection);
  Statement& select = connection->prepare("SELECT a FROM t");
  select.execute();
  ASSERT_TRUE(select.next());
  Statement& insert = connection->prepare("INSERT INTO t VALUES (3), (4) RETURNING a");
  insert.execute();
  transaction.commit();
  EXPECT_EQ(count("t"), 4);
}

TEST_P(ConnectionTest, ExecutesSeveralStatements) {
  connection->execute(
      "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1); SELECT a FROM t;"
      " INSERT INTO t VALUES (2); -- the end");
  EXPECT_EQ(count("t"), 2);
}

TEST_P(ConnectionTest, ReportsALaterStatementThatFails) {
  const std::optional<Error> error = test::error_of(
      [&] { connection->execute("CREATE TABLE t (a INTEGER); INSERT INTO missing VALUES (1)"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::UnknownTable);
  EXPECT_NE(std::string(error->what()).find("missing"), std::string::npos) << error->what();
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(query(*connection, "SELECT 1").size(), 1U);
}

TEST_P(ConnectionTest, PreparesOneStatementOnly) {
  EXPECT_EQ(test::code_of([&] { connection->prepare("SELECT 1; SELECT 2"); }),
            ErrorCode::SyntaxError);
}

TEST_P(ConnectionTest, PreparesAStatementWithACommentBehindIt) {
  EXPECT_EQ(query(*connection, "SELECT 1 -- the only one").size(), 1U);
}

TEST_P(ConnectionTest, TellsTheLastInsertId) {
  const std::map<TestEngine, std::string> keys = {
      {TestEngine::Sqlite, "INTEGER PRIMARY KEY AUTOINCREMENT"},
      {TestEngine::Postgresql, "SERIAL PRIMARY KEY"},
      {TestEngine::Mariadb, "INTEGER AUTO_INCREMENT PRIMARY KEY"}};
  connection->execute("CREATE TABLE t (id " + keys.at(GetParam()) + ", a INTEGER)");
  connection->prepare("INSERT INTO t (a) VALUES (?)").execute({std::int64_t{5}});
  connection->prepare("INSERT INTO t (a) VALUES (?)").execute({std::int64_t{6}});
  EXPECT_EQ(connection->last_insert_id(), 2);
}

TEST_P(ConnectionTest, LockIsHeldByOneConnection) {
  const auto other = database.connect();
  EXPECT_TRUE(connection->try_lock("upgrade"));
  EXPECT_TRUE(connection->try_lock("upgrade"));
  EXPECT_FALSE(other->try_lock("upgrade"));
  EXPECT_TRUE(other->try_lock("something else"));
  connection->unlock("upgrade");
  EXPECT_TRUE(other->try_lock("upgrade"));
  EXPECT_FALSE(connection->try_lock("upgrade"));
  connection->unlock("upgrade");  // Not ours: nothing happens.
  EXPECT_FALSE(connection->try_lock("upgrade"));
}

TEST_P(ConnectionTest, LockDiesWithItsConnection) {
  auto other = database.connect();
  ASSERT_TRUE(other->try_lock("upgrade"));
  ASSERT_FALSE(connection->try_lock("upgrade"));
  other.reset();
  // A server frees it when it notices the end, which takes it a moment.
  bool is_free = false;
  for (int i = 0; i < 10'000 && !is_free; ++i) is_free = connection->try_lock("upgrade");
  EXPECT_TRUE(is_free);
}

TEST_P(ConnectionTest, AnswersWhenAlive) {
  EXPECT_TRUE(connection->is_alive());
  EXPECT_FALSE(connection->is_lost());
}

class NamespaceTest : public ConnectionTest {
 protected:
  ~NamespaceTest() override {
    if (GetParam() == TestEngine::Mariadb) connection->execute("DROP DATABASE IF EXISTS " + name);
  }
  std::string name = "space_" + database.url().database.substr(5);
};

INSTANTIATE_TEST_SUITE_P(Servers, NamespaceTest,
                         testing::Values(TestEngine::Postgresql, TestEngine::Mariadb),
                         [](const auto& engine) { return test::engine_name(engine); });

TEST_P(NamespaceTest, IsCreatedAndHoldsItsOwnTables) {
  connection->use_namespace(name, Connection::Create::IfMissing);
  connection->execute("CREATE TABLE inside (a INTEGER)");
  const auto other = database.connect();
  EXPECT_EQ(test::code_of([&] { other->prepare("SELECT * FROM inside"); }),
            ErrorCode::UnknownTable);
  other->use_namespace(name, Connection::Create::Never);
  EXPECT_TRUE(query(*other, "SELECT * FROM inside").empty());
}

TEST_P(NamespaceTest, MustExistUnlessItMayBeCreated) {
  EXPECT_EQ(test::code_of([&] { connection->use_namespace(name, Connection::Create::Never); }),
            ErrorCode::UnknownDatabase);
}

TEST_P(NamespaceTest, IsFollowedByCachedStatements) {
  connection->execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
  EXPECT_EQ(count("t"), 1);
  connection->use_namespace(name, Connection::Create::IfMissing);
  connection->execute("CREATE TABLE t (a INTEGER)");
  EXPECT_EQ(count("t"), 0);
}

TEST_P(NamespaceTest, HasItsOwnLocks) {
  const auto other = database.connect();
  other->use_namespace(name, Connection::Create::IfMissing);
  EXPECT_TRUE(connection->try_lock("upgrade"));
  EXPECT_TRUE(other->try_lock("upgrade"));
}

TEST(ValueReading, AcceptsEveryForm) {
  EXPECT_EQ(text_of(Null{}), "");
  EXPECT_EQ(text_of(std::int64_t{-3}), "-3");
  EXPECT_EQ(text_of(Blob{"ab"}), "ab");
  EXPECT_EQ(integer_of("42"), 42);
  EXPECT_EQ(integer_of(true), 1);
  EXPECT_EQ(integer_of(Null{}), 0);
  EXPECT_TRUE(truth_of("t"));
  EXPECT_TRUE(truth_of("1"));
  EXPECT_TRUE(truth_of(0.5));
  EXPECT_FALSE(truth_of("0"));
  EXPECT_FALSE(truth_of(Null{}));
}

}  // namespace
}  // namespace parley::database
