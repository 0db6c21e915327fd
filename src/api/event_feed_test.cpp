// How a feed ends while others are busy with it. What it tells whom is tested over HTTP
// (tests/http/stream_test.cpp).

#include "api/event_feed.h"

#include <gmock/gmock.h>

#include <latch>
#include <thread>

#include "support/create_table.h"
#include "support/databases.h"

namespace parley::api {
namespace {

using namespace std::chrono_literals;

class SleepingWaker : public http::ChannelWaker {
 public:
  void wake(std::span<std::shared_ptr<http::Channel>>) override {}
};

/// Sees everything, and does something before it says so.
class Seer : public Viewer {
 public:
  explicit Seer(std::function<void()> before) : before_(std::move(before)) {}
  bool may_see(const JsonObject&) const override {
    before_();
    return true;
  }
  Timestamp valid_until() const override { return Timestamp::max(); }

 private:
  std::function<void()> before_;
};

class EventFeedTest : public testing::Test {
 protected:
  EventFeedTest() {
    const auto connection = database.connect();
    test::create_table<store::EventRow>(*connection);
    test::create_table<store::EventLogRow>(*connection);
  }
  std::unique_ptr<EventFeed> make_feed() {
    return std::make_unique<EventFeed>(store, [this] { return database.connect(); }, clock, 5ms);
  }
  void happen() {
    store.write_and_wait([](store::UnitOfWork& unit) {
      unit.events.push_back({.kind = "k", .topic = "t", .audience = "{}", .data = "{}"});
    });
  }
  std::string beginning_of_log() {
    std::string epoch;
    store.read_and_wait([&](database::Connection& connection) {
      epoch = store::log_state(connection).value().end.epoch;
    });
    return epoch + ":0";
  }
  std::shared_ptr<http::Channel> make_channel() const {
    return std::make_shared<http::Channel>(std::make_shared<SleepingWaker>(),
                                           http::ChannelOptions());
  }

  SystemClock clock;
  test::TestDatabase database{test::TestEngine::Sqlite};
  store::Store store{[this] { return database.connect(); }, clock};
};

TEST_F(EventFeedTest, LastsUntilAReadUnderWayIsDone) {
  auto feed = make_feed();
  happen();
  std::latch is_reading(1);
  std::latch may_go_on(1);
  std::atomic<bool> is_gone = false;
  std::atomic<bool> was_gone = false;
  const auto channel = make_channel();
  const auto viewer = std::make_shared<Seer>([&] {
    is_reading.count_down();
    may_go_on.wait();
    was_gone = is_gone.load();
  });
  feed->subscribe(channel, viewer, {.cursor = beginning_of_log(), .topics = {}});
  is_reading.wait();
  std::thread ending([&] {
    feed.reset();
    is_gone = true;
  });
  const auto deadline = std::chrono::steady_clock::now() + 50ms;
  while (!is_gone && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  may_go_on.count_down();
  ending.join();
  EXPECT_FALSE(was_gone);
  std::vector<http::SharedMessage> messages;
  std::ignore = channel->take(messages, 10);
  EXPECT_EQ(messages.size(), 2U);  // What it was told of being subscribed, and the event.
}

TEST_F(EventFeedTest, LastsWhileItIsHeld) {
  auto feed = make_feed();
  auto held = feed->hold();
  std::atomic<bool> is_gone = false;
  std::thread ending([&] {
    feed.reset();
    is_gone = true;
  });
  EXPECT_FALSE(is_gone);
  held.reset();
  ending.join();
  EXPECT_TRUE(is_gone);
}

TEST_F(EventFeedTest, EndsWhileTheWriterIsTellingAndClientsCatchUp) {
  std::atomic<bool> is_over = false;
  std::thread writer([&] {
    while (!is_over) happen();
  });
  const auto viewer = std::make_shared<Seer>([] {});
  for (int i = 0; i < 20; ++i) {
    const auto feed = make_feed();
    const std::string cursor = beginning_of_log();
    for (int client = 0; client < 4; ++client) {
      feed->subscribe(make_channel(), viewer, {.cursor = cursor, .topics = {}});
    }
  }
  is_over = true;
  writer.join();
}

}  // namespace
}  // namespace parley::api
