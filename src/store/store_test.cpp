#include "store/store.h"

#include <gmock/gmock.h>

#include <latch>
#include <set>
#include <thread>

#include "base/log.h"
#include "store/query.h"
#include "support/create_table.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::store {
namespace {

struct EntryRow {
  std::int64_t id = 0;
  std::int64_t thread = 0;
  Timestamp at{};
};

}  // namespace
}  // namespace parley::store

template <>
inline constexpr auto parley::schema::declaration<parley::store::EntryRow> =
    parley::schema::table<parley::store::EntryRow>(
        "entries",
        columns(column<&store::EntryRow::id>("id", word::integer()).primary_key().auto_increment(),
                column<&store::EntryRow::thread>("thread", word::integer()),
                column<&store::EntryRow::at>("at", word::datetime())));

namespace parley::store {
namespace {

class StoreTest : public testing::TestWithParam<test::TestEngine> {
 protected:
  StoreTest() {
    log::set_level(log::Level::Off);
    test::create_table<EntryRow>(*connection);
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> connection = database.connect();
  ManualClock clock{parse_timestamp("2025-01-31T09:30:00.123456Z").value()};
  Store store{[this] { return database.connect(); }, clock};
};

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(StoreTest, EveryWriteOfEveryThreadIsThere) {
  constexpr int kThreads = 8;
  constexpr int kWrites = 50;
  std::latch done(kThreads * kWrites);
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kWrites; ++i) {
        store.write([thread](database::Connection& c) { insert(c, EntryRow{.thread = thread}); },
                    [&](const std::exception_ptr& error) {
                      if (error) ++failures;
                      done.count_down();
                    });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  done.wait();
  EXPECT_EQ(failures, 0);
  const auto counts = count_by<&EntryRow::thread>(*connection);
  EXPECT_EQ(counts.size(), std::size_t{kThreads});
  EXPECT_THAT(counts, testing::Each(testing::Pair(testing::_, kWrites)));
}

TEST_P(StoreTest, ReadSeesWhatWasWritten) {
  store.write_and_wait([](database::Connection& c) { insert(c, EntryRow{.thread = 1}); });
  std::int64_t found = 0;
  store.read_and_wait([&](database::Connection& c) { found = count<EntryRow>(c); });
  EXPECT_EQ(found, 1);
}

TEST_P(StoreTest, ReadSeesOneSnapshot) {
  std::vector<std::int64_t> counts;
  store.read_and_wait([&](database::Connection& c) {
    counts.push_back(count<EntryRow>(c));
    insert(*connection, EntryRow{.thread = 1});
    counts.push_back(count<EntryRow>(c));
  });
  EXPECT_THAT(counts, testing::ElementsAre(0, 0));
}

TEST_P(StoreTest, ReadsRunBesideEachOtherAndBesideAWrite) {
  // Each waits inside its transaction until the two others are inside theirs.
  std::latch inside(3);
  const auto meet = [&](database::Connection&) { inside.arrive_and_wait(); };
  std::latch done(3);
  const Done arrived = [&](const std::exception_ptr&) { done.count_down(); };
  store.read(meet, arrived);
  store.read(meet, arrived);
  store.write(meet, arrived);
  done.wait();
}

TEST_P(StoreTest, ReadsOneAfterAnotherNeedOneThread) {
  std::set<std::thread::id> threads;
  for (int i = 0; i < 50; ++i)
    store.read_and_wait([&](database::Connection&) { threads.insert(std::this_thread::get_id()); });
  EXPECT_THAT(threads, testing::SizeIs(1));
}

TEST_P(StoreTest, AsManyReadsRunAtATimeAsThereMayBeReaders) {
  const int readers = StoreOptions().readers_max;
  std::latch inside(readers);
  std::latch done(readers);
  for (int i = 0; i < readers; ++i) {
    store.read([&](database::Connection&) { inside.arrive_and_wait(); },
               [&](const std::exception_ptr&) { done.count_down(); });
  }
  done.wait();
  EXPECT_TRUE(inside.try_wait());
}

TEST_P(StoreTest, WaitingCallsThrowWhatTheWorkThrew) {
  const auto fails = [](database::Connection&) {
    throw Error(ErrorCode::NotFound, "nothing here");
  };
  EXPECT_EQ(test::code_of([&] { store.write_and_wait(fails); }), ErrorCode::NotFound);
  EXPECT_EQ(test::code_of([&] { store.read_and_wait(fails); }), ErrorCode::NotFound);
}

TEST_P(StoreTest, ReadIsRepeatedAfterALostConnection) {
  int runs = 0;
  std::int64_t found = -1;
  store.read_and_wait([&](database::Connection& c) {
    if (++runs == 1) throw Error(ErrorCode::ConnectionLost, "gone");
    found = count<EntryRow>(c);
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(found, 0);
}

TEST_P(StoreTest, NowIsWhatTheColumnKeeps) {
  const Timestamp now = store.now();
  EXPECT_LE(now, clock.now());
  EXPECT_LT(clock.now() - now, std::chrono::seconds(1));
  store.write_and_wait([&](database::Connection& c) { insert(c, EntryRow{.at = now}); });
  EXPECT_EQ(select<EntryRow>().first(*connection)->at, now);
}

TEST_P(StoreTest, NowIsCutDownwardsBefore1970Too) {
  clock.set(parse_timestamp("1969-12-31T23:59:58.700000Z").value());
  EXPECT_LE(store.now(), clock.now());
}

TEST(StoreOpen, ThrowsWhenTheDatabaseIsNotThere) {
  const SystemClock clock;
  const auto open = []() -> std::unique_ptr<database::Connection> {
    throw Error(ErrorCode::CannotConnect, "no server");
  };
  EXPECT_EQ(test::code_of([&] { Store(open, clock); }), ErrorCode::CannotConnect);
}

}  // namespace
}  // namespace parley::store
