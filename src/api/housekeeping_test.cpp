#include "api/housekeeping.h"

#include <gmock/gmock.h>

#include "store/idempotency.h"
#include "store/query.h"
#include "support/create_table.h"
#include "support/databases.h"

namespace parley::api {
namespace {

class HousekeepingTest : public testing::TestWithParam<test::TestEngine> {
 protected:
  HousekeepingTest() {
    test::create_table<store::EventRow>(*reader);
    test::create_table<store::EventLogRow>(*reader);
    test::create_table<store::IdempotencyRow>(*reader);
  }
  void happen(const std::string& what) {
    store.write_and_wait([&](store::UnitOfWork& unit) {
      unit.events.push_back({.kind = what, .topic = "t", .audience = "{}", .data = "{}"});
      store::keep_answer(unit.connection, store::request_key("owner", what, ""), 200, "{}",
                         clock.now(), clock.now());
    });
  }

  ManualClock clock{parse_timestamp("2025-03-15T10:00:00Z").value()};
  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> reader = database.connect();
  store::Store store{[this] { return database.connect(); }, clock};
};
INSTANTIATE_TEST_SUITE_P(Engines, HousekeepingTest, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(HousekeepingTest, OldEventsAndAnswersGoAndYoungOnesStay) {
  happen("old");
  clock.advance(std::chrono::hours(30));
  happen("young");
  EXPECT_EQ(keep_house(store, clock.now(), std::chrono::hours(28)), 2);
  EXPECT_EQ(store::events_after(*reader, 0, 10).front().event.kind, "young");
  EXPECT_EQ(store::count<store::IdempotencyRow>(*reader), 1);
  EXPECT_EQ(keep_house(store, clock.now(), std::chrono::hours(28)), 0);
}

TEST_P(HousekeepingTest, ARoundBeginsAtOnceAndTheThreadEndsWhenAsked) {
  happen("old");
  clock.advance(std::chrono::hours(30));
  happen("young");
  {
    const Housekeeping housekeeping(store, clock, std::chrono::hours(28));
    while (store::count<store::IdempotencyRow>(*reader) > 1) std::this_thread::yield();
  }
  EXPECT_EQ(store::events_after(*reader, 0, 10).size(), 1U);
}

}  // namespace
}  // namespace parley::api
