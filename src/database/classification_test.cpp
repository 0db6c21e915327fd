// Every classified error, provoked on every engine that can be made to raise it.

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "base/ids.h"
#include "database/connection.h"
#include "database/pool.h"
#include "database/transaction.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

using test::code_of;
using test::TestEngine;

class Classification : public testing::TestWithParam<TestEngine> {
 protected:
  Classification() {
    connection->execute(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(5) NOT NULL UNIQUE,"
        " age INTEGER CHECK (age >= 0));"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL,"
        " FOREIGN KEY (parent_id) REFERENCES parent (id));"
        "INSERT INTO parent VALUES (1, 'one', 1), (2, 'two', 2);"
        "INSERT INTO child VALUES (1, 1)");
  }

  // Both ways to run SQL must agree.
  void expect_refused(const std::string& sql, ErrorCode code) {
    EXPECT_EQ(code_of([&] { connection->execute(sql); }), code) << "execute: " << sql;
    EXPECT_EQ(code_of([&] { connection->prepare(sql).execute(); }), code) << "prepare: " << sql;
  }

  // From another connection, and returns when the server has closed this one.
  void kill(Connection& victim) {
    if (GetParam() == TestEngine::Postgresql) {
      const Value id = query(victim, "SELECT pg_backend_pid()").at(0).at(0);
      query(*connection, "SELECT pg_terminate_backend(?, 10000)", {id});
      return;
    }
    const Value id = query(victim, "SELECT CONNECTION_ID()").at(0).at(0);
    connection->execute("KILL CONNECTION " + text_of(id));
    const char* is_there = "SELECT 1 FROM information_schema.processlist WHERE id = ?";
    while (!query(*connection, is_there, {id}).empty()) {
    }
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<Connection> connection = database.connect();
};

class ServerClassification : public Classification {};

const auto kEngineName = [](const auto& engine) { return test::engine_name(engine); };
INSTANTIATE_TEST_SUITE_P(Engines, Classification, testing::ValuesIn(test::all_engines()),
                         kEngineName);
INSTANTIATE_TEST_SUITE_P(Servers, ServerClassification,
                         testing::Values(TestEngine::Postgresql, TestEngine::Mariadb), kEngineName);

TEST_P(Classification, UniqueViolation) {
  expect_refused("INSERT INTO parent VALUES (1, 'new', 1)", ErrorCode::UniqueViolation);
  expect_refused("INSERT INTO parent VALUES (3, 'two', 1)", ErrorCode::UniqueViolation);
}

TEST_P(Classification, ForeignKeyViolation) {
  expect_refused("INSERT INTO child VALUES (2, 99)", ErrorCode::ForeignKeyViolation);
  expect_refused("DELETE FROM parent WHERE id = 1", ErrorCode::ForeignKeyViolation);
}

TEST_P(Classification, NotNullViolation) {
  expect_refused("INSERT INTO parent VALUES (3, NULL, 1)", ErrorCode::NotNullViolation);
  expect_refused("INSERT INTO parent (id) VALUES (3)", ErrorCode::NotNullViolation);
}

TEST_P(Classification, CheckViolation) {
  expect_refused("INSERT INTO parent VALUES (3, 'new', -1)", ErrorCode::CheckViolation);
}

TEST_P(ServerClassification, ValueTooLong) {
  expect_refused("INSERT INTO parent VALUES (3, 'longer', 1)", ErrorCode::ValueTooLong);
}

TEST_P(Classification, UnknownColumn) {
  expect_refused("SELECT missing FROM parent", ErrorCode::UnknownColumn);
  expect_refused("INSERT INTO parent (missing) VALUES (1)", ErrorCode::UnknownColumn);
  expect_refused("UPDATE parent SET missing = 1", ErrorCode::UnknownColumn);
}

TEST_P(Classification, UnknownTable) {
  expect_refused("SELECT 1 FROM missing", ErrorCode::UnknownTable);
  expect_refused("INSERT INTO missing VALUES (1)", ErrorCode::UnknownTable);
  expect_refused("DROP TABLE missing", ErrorCode::UnknownTable);
}

TEST_P(Classification, SyntaxError) {
  expect_refused("SELEC 1", ErrorCode::SyntaxError);
  expect_refused("SELECT (1", ErrorCode::SyntaxError);
}

TEST_P(Classification, MessageNamesTheStatement) {
  const std::optional<Error> error =
      test::error_of([&] { connection->execute("SELECT   missing\nFROM parent"); });
  ASSERT_TRUE(error);
  EXPECT_NE(std::string(error->what()).find("SELECT missing FROM parent"), std::string::npos)
      << error->what();
  EXPECT_FALSE(error->hint().empty());
}

TEST_P(Classification, BusyWhenALockIsNotFreedInTime) {
  const std::map<TestEngine, std::string> short_wait = {
      {TestEngine::Sqlite, "PRAGMA busy_timeout = 10"},
      {TestEngine::Postgresql, "SET lock_timeout = '10ms'"},
      {TestEngine::Mariadb, "SET innodb_lock_wait_timeout = 0"}};
  const Transaction holder(*connection);
  connection->execute("UPDATE parent SET age = 5 WHERE id = 1");
  const auto other = database.connect();
  other->execute(short_wait.at(GetParam()));
  EXPECT_EQ(code_of([&] { other->execute("UPDATE parent SET age = 6 WHERE id = 1"); }),
            ErrorCode::Busy);
}

TEST_P(ServerClassification, BusyWhenAStatementTakesTooLong) {
  const bool is_postgresql = GetParam() == TestEngine::Postgresql;
  connection->execute(is_postgresql ? "SET statement_timeout = '10ms'"
                                    : "SET max_statement_time = 0.01");
  const char* endless =
      "SELECT count(*) FROM parent a, parent b, parent c, parent d, parent e,"
      " parent f, parent g, parent h, parent i, parent j, parent k, parent l,"
      " parent m, parent n, parent o, parent p, parent q, parent r, parent s,"
      " parent t, parent u, parent v, parent w, parent x, parent y, parent z";
  EXPECT_EQ(code_of([&] { connection->execute(endless); }), ErrorCode::Busy);
}

TEST_P(Classification, SerializationFailureWhenTheSnapshotIsOld) {
  const auto other = database.connect();
  if (GetParam() == TestEngine::Mariadb) connection->execute("SET innodb_snapshot_isolation = ON");
  connection->execute(GetParam() == TestEngine::Postgresql ? "BEGIN ISOLATION LEVEL REPEATABLE READ"
                                                           : "BEGIN");
  query(*connection, "SELECT * FROM parent");
  other->execute("UPDATE parent SET age = 6 WHERE id = 1");
  EXPECT_EQ(code_of([&] { connection->execute("UPDATE parent SET age = 7 WHERE id = 1"); }),
            ErrorCode::SerializationFailure);
  connection->rollback();
}

TEST_P(ServerClassification, DeadlockEndsOneOfTwo) {
  const auto other = database.connect();
  if (GetParam() == TestEngine::Postgresql) {
    connection->execute("SET deadlock_timeout = '10ms'");
    other->execute("SET deadlock_timeout = '10ms'");
  }
  std::barrier both_hold_one(2);
  std::atomic<int> deadlocks = 0;
  const auto update_both = [&](Connection& by, int first, int second) {
    Transaction transaction(by);
    const char* sql = "UPDATE parent SET age = age + 1 WHERE id = ?";
    by.prepare(sql).execute({std::int64_t{first}});
    both_hold_one.arrive_and_wait();
    const std::optional<ErrorCode> code =
        code_of([&] { by.prepare(sql).execute({std::int64_t{second}}); });
    if (!code) return transaction.commit();
    EXPECT_EQ(code, ErrorCode::Deadlock);
    ++deadlocks;
    // Nothing of a transaction that is gone may be committed alone.
    EXPECT_TRUE(by.in_transaction());
    EXPECT_THROW(by.execute("INSERT INTO child VALUES (9, 1)"), Error);
    EXPECT_THROW(transaction.commit(), Error);
  };
  std::thread thread([&] { update_both(*other, 2, 1); });
  update_both(*connection, 1, 2);
  thread.join();
  EXPECT_EQ(deadlocks, 1);
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_FALSE(other->in_transaction());
  EXPECT_EQ(query(*connection, "SELECT * FROM child").size(), 1U);
  EXPECT_EQ(query(*connection, "SELECT age FROM parent ORDER BY id"),
            (std::vector<Row>{{std::int64_t{2}}, {std::int64_t{3}}}));
}

TEST_P(ServerClassification, ConnectionLostWhenTheServerEndsIt) {
  const auto victim = database.connect();
  Transaction transaction(*victim);
  victim->execute("INSERT INTO parent VALUES (3, 'new', 1)");
  kill(*victim);
  EXPECT_EQ(code_of([&] { victim->execute("SELECT 1"); }), ErrorCode::ConnectionLost);
  EXPECT_TRUE(victim->is_lost());
  EXPECT_FALSE(victim->is_alive());
  EXPECT_FALSE(victim->in_transaction());
  EXPECT_EQ(code_of([&] { transaction.commit(); }), ErrorCode::ConnectionLost);
}

TEST_P(ServerClassification, ConnectionLostInAPreparedStatement) {
  const auto victim = database.connect();
  Statement& statement = victim->prepare("SELECT 1");
  kill(*victim);
  EXPECT_EQ(code_of([&] { statement.execute(); }), ErrorCode::ConnectionLost);
}

TEST_P(ServerClassification, PoolReplacesAConnectionThatTheServerEnded) {
  Pool pool([this] { return database.connect(); }, 1);
  kill(*pool.acquire());
  EXPECT_EQ(query(*pool.acquire(), "SELECT 1").size(), 1U);
}

TEST_P(ServerClassification, CannotConnectWhenNobodyListens) {
  Url url = database.url();
  url.port = 1;
  const std::optional<Error> error = test::error_of([&] { open(url); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::CannotConnect);
  EXPECT_NE(std::string(error->what()).find("127.0.0.1:1/"), std::string::npos) << error->what();
}

TEST_P(ServerClassification, CannotConnectWhenTheHostIsUnknown) {
  Url url = database.url();
  url.host = "no-such-host.invalid";
  EXPECT_EQ(code_of([&] { open(url); }), ErrorCode::CannotConnect);
}

TEST_P(ServerClassification, UnknownDatabaseWhenConnecting) {
  Url url = database.url();
  url.database = "missing";
  EXPECT_EQ(code_of([&] { open(url); }), ErrorCode::UnknownDatabase);
}

TEST_P(ServerClassification, InvalidArgumentForAnUnknownOption) {
  Url url = database.url();
  url.options["no_such_option"] = "1";
  EXPECT_EQ(code_of([&] { open(url); }), ErrorCode::InvalidArgument);
  url.options = {{"connect_timeout", "soon"}};
  EXPECT_EQ(code_of([&] { open(url); }), ErrorCode::InvalidArgument);
}

TEST_P(ServerClassification, PermissionDeniedToAStranger) {
  Url url = database.url();
  url.user = "nobody_knows";
  url.password = "hunter2";
  const std::optional<Error> error = test::error_of([&] { open(url); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::PermissionDenied);
  EXPECT_EQ(std::string(error->what()).find("hunter2"), std::string::npos) << error->what();
}

TEST_P(ServerClassification, PermissionDeniedWithoutAPrivilege) {
  const std::string user = "reader_" + random_hex(8);
  const bool is_postgresql = GetParam() == TestEngine::Postgresql;
  const std::string account = is_postgresql ? user : "'" + user + "'@'127.0.0.1'";
  connection->execute(
      (is_postgresql ? "CREATE ROLE " + user + " LOGIN" : "CREATE USER " + account) +
      "; GRANT SELECT ON child TO " + account);
  Url url = database.url();
  url.user = user;
  const auto reader = open(url);
  EXPECT_EQ(query(*reader, "SELECT * FROM child").size(), 1U);
  EXPECT_EQ(code_of([&] { reader->execute("INSERT INTO child VALUES (2, 1)"); }),
            ErrorCode::PermissionDenied);
  connection->execute(is_postgresql ? "DROP OWNED BY " + user + "; DROP ROLE " + user
                                    : "DROP USER " + account);
}

TEST(MariadbClassification, DiskFullWhenATableHasNoMoreRoom) {
  const test::TestDatabase database(TestEngine::Mariadb);
  const auto connection = database.connect();
  connection->execute(
      "SET max_heap_table_size = 16384; CREATE TABLE t (a CHAR(250)) ENGINE = MEMORY");
  const char* fill = "INSERT INTO t SELECT 'x' FROM seq_1_to_100000";
  EXPECT_EQ(code_of([&] { connection->execute(fill); }), ErrorCode::DiskFull);
}

TEST(PostgresqlClassification, RefusesTextThatItWouldCut) {
  const test::TestDatabase database(TestEngine::Postgresql);
  const auto connection = database.connect();
  const Value text = std::string("a\0b", 3);
  EXPECT_EQ(code_of([&] { query(*connection, "SELECT ?::text", {text}); }),
            ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace parley::database
