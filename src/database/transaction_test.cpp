#include "database/transaction.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

using test::TestEngine;

class TransactionTest : public testing::TestWithParam<TestEngine> {
 protected:
  TransactionTest() { connection->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)"); }

  void insert(std::int64_t a) { connection->prepare("INSERT INTO t VALUES (?)").execute({a}); }
  // What another connection sees: what is committed.
  std::int64_t committed_rows() {
    return integer_of(query(*other, "SELECT count(*) FROM t").at(0).at(0));
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<Connection> connection = database.connect();
  std::unique_ptr<Connection> other = database.connect();
};

INSTANTIATE_TEST_SUITE_P(Engines, TransactionTest, testing::ValuesIn(test::all_engines()),
                         [](const auto& engine) { return test::engine_name(engine); });

TEST_P(TransactionTest, ShowsItsRowsAfterCommit) {
  Transaction transaction(*connection);
  EXPECT_TRUE(connection->in_transaction());
  insert(1);
  EXPECT_EQ(committed_rows(), 0);
  transaction.commit();
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(committed_rows(), 1);
}

TEST_P(TransactionTest, IsRolledBackWhenItsScopeEnds) {
  {
    const Transaction transaction(*connection);
    insert(1);
  }
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(committed_rows(), 0);
}

TEST_P(TransactionTest, CanBeRolledBackAfterAnError) {
  {
    const Transaction transaction(*connection);
    insert(1);
    EXPECT_THROW(insert(1), Error);
    EXPECT_TRUE(connection->in_transaction());
  }
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(committed_rows(), 0);
  insert(1);
  EXPECT_EQ(committed_rows(), 1);
}

TEST_P(TransactionTest, ReadsOneSnapshot) {
  insert(1);
  Transaction reading(*other, Transaction::Mode::Read);
  EXPECT_EQ(committed_rows(), 1);
  insert(2);
  EXPECT_EQ(committed_rows(), 1);
  reading.commit();
  EXPECT_EQ(committed_rows(), 2);
}

TEST_P(TransactionTest, RollbackWithoutTransactionDoesNothing) {
  connection->rollback();
  insert(1);
  EXPECT_EQ(committed_rows(), 1);
}

TEST_P(TransactionTest, SavepointUndoesItsPartAlone) {
  Transaction transaction(*connection);
  insert(1);
  {
    const Savepoint undone(*connection, "part");
    insert(2);
  }
  {
    Savepoint kept(*connection, "part");
    insert(3);
    kept.release();
  }
  insert(4);
  transaction.commit();
  EXPECT_EQ(query(*other, "SELECT a FROM t ORDER BY a"),
            (std::vector<Row>{{std::int64_t{1}}, {std::int64_t{3}}, {std::int64_t{4}}}));
}

TEST_P(TransactionTest, SavepointSavesTheTransactionFromAnError) {
  Transaction transaction(*connection);
  insert(1);
  EXPECT_THROW(
      {
        const Savepoint part(*connection, "part");
        insert(2);
        insert(1);
      },
      Error);
  insert(3);
  transaction.commit();
  EXPECT_EQ(committed_rows(), 2);
}

TEST(PostgresqlTransaction, CommitOfAFailedOneThrows) {
  const test::TestDatabase database(TestEngine::Postgresql);
  const auto connection = database.connect();
  connection->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)");
  Transaction transaction(*connection);
  connection->execute("INSERT INTO t VALUES (1)");
  EXPECT_THROW(connection->execute("INSERT INTO t VALUES (1)"), Error);
  EXPECT_EQ(test::code_of([&] { transaction.commit(); }), ErrorCode::DatabaseFailure);
}

TEST(PostgresqlTransaction, StatementIsPreparedAgainAfterAStalePlanEndedIt) {
  const test::TestDatabase database(TestEngine::Postgresql);
  const auto connection = database.connect();
  connection->execute("CREATE TABLE t (a INTEGER)");
  query(*connection, "SELECT * FROM t");
  {
    const Transaction transaction(*connection);
    connection->execute("ALTER TABLE t ADD COLUMN b INTEGER");
    EXPECT_THROW(query(*connection, "SELECT * FROM t"), Error);
  }
  connection->execute("ALTER TABLE t ADD COLUMN b INTEGER; INSERT INTO t VALUES (1, 2)");
  EXPECT_EQ(query(*connection, "SELECT * FROM t").at(0).size(), 2U);
}

// SQLite rolls a whole transaction back when the disk is full; what followed would be committed
// alone.
TEST(SqliteTransaction, NothingRunsBetweenItsOwnRollbackAndOurs) {
  const test::TestDatabase database(TestEngine::Sqlite);
  const auto connection = database.connect();
  connection->execute("CREATE TABLE t (a TEXT); PRAGMA max_page_count = 4");
  {
    Transaction transaction(*connection);
    connection->execute("INSERT INTO t VALUES ('small')");
    const Value large = std::string(1 << 20, 'x');
    EXPECT_EQ(
        test::code_of([&] { connection->prepare("INSERT INTO t VALUES (?)").execute({large}); }),
        ErrorCode::DiskFull);
    EXPECT_TRUE(connection->in_transaction());
    EXPECT_THROW(connection->execute("INSERT INTO t VALUES ('alone')"), Error);
    EXPECT_THROW(transaction.commit(), Error);
  }
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_TRUE(query(*connection, "SELECT * FROM t").empty());
}

}  // namespace
}  // namespace parley::database
