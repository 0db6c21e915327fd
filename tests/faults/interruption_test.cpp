// Others get in the way: a connection that holds a lock, a server that cuts ours, a login that may
// not write.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "base/ids.h"
#include "database/transaction.h"
#include "faults/shop.h"
#include "migrate/deployment.h"
#include "support/hooked_connection.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Interruption : public testing::TestWithParam<TestEngine> {
 protected:
  Interruption() : database_(GetParam()), shop_(database_, GetParam(), "shop") {
    shop_.options().statement_lock_timeout = std::chrono::milliseconds(50);
    shop_.options().retries = 2;
    shop_.options().retry_pause = std::chrono::milliseconds(1);
    shop_.open();
  }

  /// Ends the server's side of `connection`.
  void cut(database::Connection& connection) const {
    const bool is_postgresql = GetParam() == TestEngine::Postgresql;
    const auto id = database::text_of(database::query(
        connection, is_postgresql ? "SELECT pg_backend_pid()" : "SELECT CONNECTION_ID()")[0][0]);
    shop_.connect()->execute(is_postgresql ? "SELECT pg_terminate_backend(" + id + ")"
                                           : "KILL " + id);
  }

  TestDatabase database_;
  Shop shop_;
};

class LockedOut : public Interruption {
 protected:
  /// A transaction that keeps others from changing the table.
  void hold(database::Connection& other) {
    other.begin();
    if (GetParam() == TestEngine::Sqlite) return;  // The write lock is all it takes.
    database::query(other, "SELECT id FROM customers");
    database::query(other, "SELECT number FROM orders");
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, LockedOut, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(LockedOut, GivesUpAfterSomeAttemptsAndHasChangedNothing) {
  const auto other = shop_.connect();
  hold(*other);
  try {
    shop_.upgrade(*shop_.connect());
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Busy) << error.what();
    EXPECT_THAT(error.what(), HasSubstr("gave up after 3 attempts"));
    EXPECT_THAT(error.hint(), HasSubstr("--statement-lock-timeout"));
  }
  other->rollback();
  shop_.expect_untouched();
  shop_.upgrade(*shop_.connect());
  shop_.expect_upgraded();
}

TEST_P(LockedOut, GoesOnWhenTheLockIsGone) {
  const auto other = shop_.connect();
  hold(*other);
  // The second attempt of what has to wait finds the lock free.
  std::map<std::string, int, std::less<>> attempts;
  HookedConnection connection(shop_.connect(), [&](int, std::string_view sql) {
    const bool must_wait = sql.starts_with("ALTER") || sql == "DELETE FROM parley_lock";
    if (must_wait && ++attempts[std::string(sql)] == 2 && other->in_transaction()) {
      other->rollback();
    }
  });
  EXPECT_THAT(shop_.upgrade(connection), ElementsAre("002_grow", "003_tidy"));
  EXPECT_FALSE(other->in_transaction()) << "nothing had to wait";
  shop_.expect_upgraded();
}

class LostConnection : public Interruption {};

INSTANTIATE_TEST_SUITE_P(Servers, LostConnection,
                         testing::Values(TestEngine::Postgresql, TestEngine::Mariadb),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(LostConnection, IsAClearErrorAndTheNextRunFinishes) {
  HookedConnection connection(shop_.connect(), [&](int, std::string_view sql) {
    if (sql.find("idx_customers_name") != std::string_view::npos) cut(connection.inner());
  });
  try {
    shop_.upgrade(connection);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_TRUE(error.code() == ErrorCode::ConnectionLost ||
                error.code() == ErrorCode::UpgradeIncomplete)
        << error.what();
  }
  EXPECT_THAT(shop_.upgrade(*shop_.connect()), ElementsAre("002_grow", "003_tidy"));
  shop_.expect_upgraded();
}

/// A login that may read the shop and nothing else.
class ReadOnly : public Interruption {
 protected:
  std::unique_ptr<database::Connection> reader() {
    const auto owner = shop_.connect();
    const std::string space = owner->namespace_in_use();
    database::Url url = owner->url();
    if (GetParam() == TestEngine::Sqlite) {
      url.options["mode"] = "ro";
      return database::open(url, database::Open::Existing);
    }
    url.user = "reader_" + random_hex(8);
    url.password = "secret";
    if (GetParam() == TestEngine::Postgresql) {
      owner->execute("CREATE ROLE " + url.user +
                     " LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA " + space + " TO " +
                     url.user + "; GRANT SELECT ON ALL TABLES IN SCHEMA " + space + " TO " +
                     url.user);
    } else {
      // With SELECT alone MariaDB hides foreign keys and checks (MariaDB documentation,
      // "Information Schema TABLE_CONSTRAINTS Table").
      owner->execute("CREATE USER " + url.user +
                     " IDENTIFIED BY 'secret'; GRANT SELECT, REFERENCES ON " + space + ".* TO " +
                     url.user);
      url.database = space;
    }
    auto connection = database::open(url);
    connection->use_namespace(space, database::Connection::Create::Never);
    return connection;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ReadOnly, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ReadOnly, LoginCanLookButAnUpgradeIsRefusedAndDoesNothing) {
  {
    const auto connection = reader();
    migrate::Deployment deployment(*connection, shop_.definition(), shop_.clock());
    EXPECT_THAT(deployment.state().applied, ElementsAre("001_shop"));
    EXPECT_TRUE(deployment.drift(deployment.state()).is_clean());
    try {
      shop_.upgrade(*connection);
      FAIL() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(facts_of(error.code()).exit_code, ExitCode::CannotConnect) << error.what();
      EXPECT_EQ(error.code(), ErrorCode::PermissionDenied);
    }
  }
  shop_.expect_untouched();
}

TEST_P(ReadOnly, LoginFindsNothingToDoWithoutTheLock) {
  shop_.upgrade(*shop_.connect());
  const auto connection = reader();
  EXPECT_THAT(shop_.upgrade(*connection), testing::IsEmpty());
}

}  // namespace
}  // namespace parley::test
