#include "store/event_log.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "database/transaction.h"
#include "store/query.h"
#include "store/store.h"
#include "support/create_table.h"
#include "support/databases.h"

namespace parley::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

Event said(std::string text) {
  return {.kind = "said", .topic = "t", .audience = "{}", .data = std::move(text)};
}

std::vector<std::string> texts(const std::vector<LoggedEvent>& events) {
  std::vector<std::string> found;
  for (const LoggedEvent& event : events) found.push_back(event.event.data);
  return found;
}

std::vector<std::int64_t> offsets(const std::vector<LoggedEvent>& events) {
  std::vector<std::int64_t> found;
  for (const LoggedEvent& event : events) found.push_back(event.offset);
  return found;
}

class EventLogTest : public testing::TestWithParam<test::TestEngine> {
 protected:
  EventLogTest() {
    test::create_table<EventRow>(*reader);
    test::create_table<EventLogRow>(*reader);
  }
  std::unique_ptr<Store> open_store() {
    return std::make_unique<Store>([this] { return database.connect(); }, clock);
  }
  LogState state() { return log_state(*reader).value(); }

  ManualClock clock{parse_timestamp("2025-03-15T10:00:00Z").value()};
  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> reader = database.connect();
  std::unique_ptr<Store> store = open_store();
};

INSTANTIATE_TEST_SUITE_P(Engines, EventLogTest, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(EventLogTest, EventsCommitWithTheirWriteAndAreNumberedFromOne) {
  std::vector<LoggedEvent> told;
  store->on_committed([&](std::vector<LoggedEvent> events) { told = std::move(events); });
  store->write_and_wait([](UnitOfWork& unit) {
    unit.events.push_back(said("a"));
    unit.events.push_back(said("b"));
  });
  const std::vector<LoggedEvent> read = events_after(*reader, 0, 10);
  EXPECT_THAT(offsets(read), ElementsAre(1, 2));
  EXPECT_THAT(texts(read), ElementsAre("a", "b"));
  EXPECT_EQ(read.front().created_at, clock.now());
  EXPECT_THAT(offsets(told), ElementsAre(1, 2));
  EXPECT_EQ(state().end.offset, 2);
}

TEST_P(EventLogTest, FailedWriteLeavesNoEventAndNoGap) {
  EXPECT_ANY_THROW(store->write_and_wait([](UnitOfWork& unit) {
    unit.events.push_back(said("lost"));
    throw Error(ErrorCode::Conflict, "no");
  }));
  store->write_and_wait([](UnitOfWork& unit) { unit.events.push_back(said("kept")); });
  EXPECT_THAT(offsets(events_after(*reader, 0, 10)), ElementsAre(1));
  EXPECT_THAT(texts(events_after(*reader, 0, 10)), ElementsAre("kept"));
}

TEST_P(EventLogTest, ReadsOnFromAnyOffsetInPages) {
  store->write_and_wait([](UnitOfWork& unit) {
    for (const char* text : {"a", "b", "c", "d"}) unit.events.push_back(said(text));
  });
  EXPECT_THAT(texts(events_after(*reader, 1, 2)), ElementsAre("b", "c"));
  EXPECT_THAT(events_after(*reader, 4, 2), IsEmpty());
}

TEST_P(EventLogTest, ReaderNeverMeetsAnOffsetLaterThatItWentPast) {
  constexpr int kWriters = 3;
  constexpr int kEventsEach = 40;
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> writers;
  store->write_and_wait([](UnitOfWork& unit) { open_log(unit.connection); });
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      const std::unique_ptr<Store> own = open_store();
      for (int n = 0; n < kEventsEach; ++n) {
        own->write_and_wait([](UnitOfWork& unit) { unit.events.push_back(said("x")); });
      }
      --writing;
    });
  }
  std::int64_t last = 0;
  for (bool is_last_look = false; !is_last_look;) {
    is_last_look = writing == 0;
    for (const std::int64_t offset : offsets(events_after(*reader, last, 1000))) {
      EXPECT_EQ(offset, last + 1);
      last = offset;
    }
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(last, kWriters * kEventsEach);
}

TEST_P(EventLogTest, PruningDropsWhatIsOldAndCursorsThatWantItAreRefused) {
  store->write_and_wait([](UnitOfWork& unit) {
    for (const char* text : {"a", "b", "c"}) unit.events.push_back(said(text));
  });
  clock.advance(std::chrono::hours(2));
  store->write_and_wait([](UnitOfWork& unit) { unit.events.push_back(said("d")); });
  const Timestamp limit = clock.now() - std::chrono::hours(1);
  store->write_and_wait(
      [&](UnitOfWork& unit) { EXPECT_EQ(prune_events(unit.connection, limit, 2), 2); });
  store->write_and_wait(
      [&](UnitOfWork& unit) { EXPECT_EQ(prune_events(unit.connection, limit, 100), 1); });
  EXPECT_THAT(texts(events_after(*reader, 0, 10)), ElementsAre("d"));
  const LogState now = state();
  EXPECT_TRUE(now.reaches({now.end.epoch, 3}));
  EXPECT_FALSE(now.reaches({now.end.epoch, 2}));
  EXPECT_FALSE(now.reaches({now.end.epoch, 5})) << "beyond the end: of another life of the log";
  EXPECT_FALSE(now.reaches({"another", 4}));
}

TEST_P(EventLogTest, NewestEventIsNeverPruned) {
  store->write_and_wait([](UnitOfWork& unit) { unit.events.push_back(said("a")); });
  clock.advance(std::chrono::hours(2));
  store->write_and_wait(
      [&](UnitOfWork& unit) { EXPECT_EQ(prune_events(unit.connection, clock.now(), 100), 0); });
  EXPECT_TRUE(state().reaches({state().end.epoch, 0}));
}

TEST(CursorText, IsEpochAndOffset) {
  const Cursor cursor{"3f2a", 17};
  EXPECT_EQ(cursor.text(), "3f2a:17");
  EXPECT_THAT(Cursor::parse("3f2a:17"), Optional(cursor));
  for (const char* text :
       {"", ":", "a:", ":1", "a", "a:-1", "a:1x", "a: 1", "a:99999999999999999999"})
    EXPECT_EQ(Cursor::parse(text), std::nullopt) << text;
}

}  // namespace
}  // namespace parley::store
