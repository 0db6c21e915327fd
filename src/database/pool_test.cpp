#include "database/pool.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

using namespace std::chrono_literals;
using test::TestEngine;

class PoolTest : public testing::TestWithParam<TestEngine> {
 protected:
  Pool make_pool(int connections_max) {
    return Pool(
        [this] {
          ++opened;
          return database.connect();
        },
        connections_max);
  }

  test::TestDatabase database{GetParam()};
  int opened = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, PoolTest, testing::ValuesIn(test::all_engines()),
                         [](const auto& engine) { return test::engine_name(engine); });

TEST_P(PoolTest, OpensOnlyWhenNeededAndReuses) {
  Pool pool = make_pool(2);
  EXPECT_EQ(opened, 0);
  const Connection* first = &*pool.acquire();
  EXPECT_EQ(&*pool.acquire(), first);
  EXPECT_EQ(opened, 1);
}

TEST_P(PoolTest, RollsBackWhatWasLeftOpen) {
  Pool pool = make_pool(1);
  pool.acquire()->execute("CREATE TABLE t (a INTEGER)");
  {
    const Pool::Lease lease = pool.acquire();
    lease->begin();
    lease->execute("INSERT INTO t VALUES (1)");
  }
  const Pool::Lease lease = pool.acquire();
  EXPECT_FALSE(lease->in_transaction());
  EXPECT_TRUE(query(*lease, "SELECT a FROM t").empty());
  EXPECT_EQ(opened, 1);
}

class OnePool : public testing::Test {
 protected:
  test::TestDatabase database{TestEngine::Sqlite};
};

TEST_F(OnePool, ThrowsWhenAllStayBorrowed) {
  Pool pool([this] { return database.connect(); }, 2);
  const Pool::Lease one = pool.acquire();
  const Pool::Lease two = pool.acquire();
  EXPECT_EQ(test::code_of([&] { pool.acquire(0ms); }), ErrorCode::Unavailable);
  EXPECT_EQ(test::code_of([&] { pool.acquire(5ms); }), ErrorCode::Unavailable);
}

TEST_F(OnePool, WaitsForAConnectionToComeBack) {
  Pool pool([this] { return database.connect(); }, 1);
  std::optional<Pool::Lease> lease = pool.acquire();
  std::thread borrower([&] { EXPECT_TRUE(pool.acquire(60s)->is_alive()); });
  lease.reset();
  borrower.join();
}

TEST_F(OnePool, DiscardMakesRoomForANewConnection) {
  int opened = 0;
  Pool pool([&] { return ++opened, database.connect(); }, 1);
  {
    Pool::Lease lease = pool.acquire();
    lease.discard();
    pool.acquire(0ms);
  }
  pool.acquire(0ms);
  EXPECT_EQ(opened, 2);
}

TEST_F(OnePool, FailureToOpenLeavesItsPlaceFree) {
  bool is_down = true;
  Pool pool(
      [&] {
        if (is_down) throw Error(ErrorCode::CannotConnect, "down");
        return database.connect();
      },
      1);
  EXPECT_EQ(test::code_of([&] { pool.acquire(0ms); }), ErrorCode::CannotConnect);
  is_down = false;
  EXPECT_TRUE(pool.acquire(0ms)->is_alive());
}

TEST_F(OnePool, ManyThreadsShareFewConnections) {
  std::atomic<int> opened = 0;
  Pool pool([&] { return ++opened, database.connect(); }, 2);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 50; ++turn)
        EXPECT_EQ(query(*pool.acquire(60s), "SELECT 1").size(), 1U);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(opened, 2);
}

}  // namespace
}  // namespace parley::database
