// Webhooks from the event log to receivers on this machine, on every engine. What the endpoints say
// is tested in tests/http/webhook_test.cpp, and what others make of a webhook in tests/npm.

#include "api/webhooks/dispatcher.h"

#include <gmock/gmock.h>

#include <thread>

#include "base/error.h"
#include "http/server.h"
#include "http/url.h"
#include "store/query.h"
#include "support/create_table.h"
#include "support/databases.h"

namespace parley::api::webhooks {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Takes webhooks, and answers as it is told.
class Receiver {
 public:
  Receiver() : server_({.port = 0, .threads = 1}, filled()) { server_.start(); }
  ~Receiver() {
    release();
    server_.stop();
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", server_.port()); }
  void answer_with(int status, Headers headers = {}) {
    const std::scoped_lock lock(mutex_);
    status_ = status;
    headers_ = std::move(headers);
  }
  /// Answers nothing until it is released.
  void hold() {
    const std::scoped_lock lock(mutex_);
    is_holding_ = true;
  }
  void release() {
    std::vector<std::function<void()>> held;
    {
      const std::scoped_lock lock(mutex_);
      is_holding_ = false;
      held.swap(held_);
    }
    for (const auto& each : held) each();
  }

  std::vector<http::Request> requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  /// The `n` of the data of each request, in order.
  std::vector<int> numbers() {
    std::vector<int> numbers;
    for (const http::Request& each : requests()) {
      numbers.push_back(static_cast<int>(parse_json(each.body).at("data").at("n").as_int64()));
    }
    return numbers;
  }
  void wait_for(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (requests().size() < count && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    EXPECT_GE(requests().size(), count);
  }

 private:
  http::Router& filled() {
    router_.add_group(
        "/", {{"POST", "/hook", [this](auto request, const auto& respond) {
                 const std::scoped_lock lock(mutex_);
                 requests_.push_back(*request);
                 http::Response response = http::Response::json(status_, JsonObject{});
                 response.headers.insert(response.headers.end(), headers_.begin(), headers_.end());
                 if (!is_holding_) return respond(response);
                 held_.push_back([respond, response] { respond(response); });
               }}});
    return router_;
  }

  std::mutex mutex_;
  std::vector<http::Request> requests_;
  std::vector<std::function<void()>> held_;
  bool is_holding_ = false;
  int status_ = 204;
  Headers headers_;
  http::Router router_;
  http::Server server_;
};

/// Sees what is for everybody, and what is for the account.
class Eyes : public Viewer {
 public:
  explicit Eyes(std::string account) : account_(std::move(account)) {}
  bool may_see(const JsonObject& audience) const override {
    const Json* account = audience.if_contains("account");
    return account == nullptr || account->as_string() == account_;
  }
  Timestamp valid_until() const override { return Timestamp::max(); }

 private:
  std::string account_;
};

/// One node on the database: its store, its feed and its dispatcher.
struct Node {
  Node(const test::TestDatabase& database, const Clock& clock, DispatcherOptions options)
      : store([&database] { return database.connect(); }, clock, {.readers_max = 2}),
        feed(
            store, [&database] { return database.connect(); }, clock, 20ms),
        dispatcher(store, feed, clock, std::move(options)) {}

  /// Rounds, until nothing is to be done now.
  void run() {
    for (int i = 0; i < 500; ++i) {
      const std::size_t before = done();
      const bool has_more = dispatcher.work();
      dispatcher.wait_for_attempts();
      settle();
      if (!has_more && done() == before) return;
    }
    ADD_FAILURE() << "it never comes to rest";
  }
  /// Every write that was accepted has been done.
  void settle() {
    store.write_and_wait([](store::UnitOfWork&) {});
  }
  std::size_t done() {
    std::size_t attempts = 0;
    store.read_and_wait([&](database::Connection& connection) {
      attempts = static_cast<std::size_t>(store::count<Attempt>(connection));
    });
    return attempts;
  }

  store::Store store;
  EventFeed feed;
  Dispatcher dispatcher;
};

class Webhook : public testing::TestWithParam<test::TestEngine> {
 protected:
  Webhook() {
    test::create_table<store::EventRow>(*connection);
    test::create_table<store::EventLogRow>(*connection);
    test::create_table<Subscription>(*connection);
    test::create_table<Message>(*connection);
    test::create_table<Attempt>(*connection);
    node = make_node(true);
  }

  std::unique_ptr<Node> make_node(bool allow_private) {
    DispatcherOptions options{
        .settings = {.allow_private = allow_private},
        .eyes_of = [this](database::Connection&, const std::string& owner,
                          const auto&) -> std::shared_ptr<const Viewer> {
          if (owner == gone_owner) return nullptr;
          return std::make_shared<Eyes>(owner);
        },
        .formats = {{"terse",
                     {.body = [](database::Connection&,
                                 const store::LoggedEvent& logged) -> std::optional<std::string> {
                        if (logged.event.kind != "message.created") return std::nullopt;
                        return fmt::format(R"({{"event":"{}","data":{}}})", logged.event.kind,
                                           logged.event.data);
                      },
                      .user_agent = "Terse/7",
                      .pauses = {1s, 2s}}}},
        .chance = [] { return 0.5; }};
    return std::make_unique<Node>(database, clock, std::move(options));
  }

  Subscription subscribe_to(const Receiver& receiver, std::vector<std::string> kinds = {},
                            std::string format = std::string(kStandard)) {
    return subscribe_at(receiver.url(), std::move(kinds), std::move(format));
  }
  Subscription subscribe_at(std::string url, std::vector<std::string> kinds = {},
                            std::string format = std::string(kStandard)) {
    Subscription made;
    node->store.write_and_wait([&](store::UnitOfWork& unit) {
      made = subscribe(
          unit.connection,
          {.url = url, .kinds = kinds, .format = format, .owner = "ada", .tenant = std::nullopt},
          node->store.now());
    });
    return made;
  }
  void happen(int number, const std::string& topic = "t",
              const std::string& kind = "message.created", const std::string& audience = "{}") {
    node->store.write_and_wait([&](store::UnitOfWork& unit) {
      unit.events.push_back({.kind = kind,
                             .topic = topic,
                             .audience = audience,
                             .data = to_text(JsonObject{{"n", number}})});
    });
  }
  std::vector<Message> messages() {
    return store::select<Message>().order_by<&Message::event_offset>().all(*connection);
  }
  std::vector<std::string> states() {
    std::vector<std::string> states;
    for (const Message& each : messages()) states.push_back(each.state);
    return states;
  }
  std::vector<Attempt> attempts() {
    return store::select<Attempt>().order_by<&Attempt::id>().all(*connection);
  }
  Subscription stored(const Subscription& subscription) {
    return find(*connection, subscription.id, std::nullopt).value();
  }
  void write(const std::function<void(database::Connection&)>& work) {
    node->store.write_and_wait([&](store::UnitOfWork& unit) { work(unit.connection); });
  }

  ManualClock clock{parse_timestamp("2025-03-15T10:00:00Z").value()};
  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> connection = database.connect();
  std::string gone_owner;
  std::unique_ptr<Node> node;
};
INSTANTIATE_TEST_SUITE_P(Engines, Webhook, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(Webhook, BringsEveryEventOfAfterTheSubscriptionInOrder) {
  happen(0);
  Receiver receiver;
  subscribe_to(receiver);
  for (int i = 1; i <= 5; ++i) happen(i);
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(attempts(), SizeIs(5));
  const http::Request first = receiver.requests().front();
  EXPECT_EQ(
      first.body,
      R"({"type":"message.created","timestamp":"2025-03-15T10:00:00.000000Z","data":{"n":1}})");
  EXPECT_EQ(first.header("Content-Type"), "application/json");
  EXPECT_EQ(first.header("User-Agent"), "Parley-Webhook/1");
  EXPECT_EQ(first.header("webhook-id"), messages().front().id);
  EXPECT_FALSE(first.header("webhook-signature").empty());
}

TEST_P(Webhook, IsOnlyOfTheWantedKindsAndOfWhatItsOwnerMaySee) {
  Receiver receiver;
  subscribe_to(receiver, {"message.created", "session.created"});
  happen(1);
  happen(2, "t", "messages.read");
  happen(3, "t", "session.created", R"({"account":"ada"})");
  happen(4, "t", "session.created", R"({"account":"bob"})");
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 3));
}

TEST_P(Webhook, ThatFailsIsTriedForAboutThreeDaysAndThenDead) {
  Receiver receiver;
  receiver.answer_with(500);
  subscribe_to(receiver);
  happen(1);
  const Timestamp began = clock.now();
  node->run();
  while (states().front() == "pending") {
    clock.set(messages().front().next_attempt_at - 1us);
    const std::size_t before = attempts().size();
    node->run();
    EXPECT_EQ(attempts().size(), before) << "before its time";
    clock.advance(1us);
    node->run();
    ASSERT_EQ(attempts().size(), before + 1);
  }
  EXPECT_THAT(states(), ElementsAre("dead"));
  EXPECT_THAT(attempts(), SizeIs(10));
  EXPECT_NEAR(std::chrono::duration<double>(clock.now() - began) / 1h, 75.6, 0.1);
  EXPECT_EQ(attempts().front().status, 500);
  EXPECT_EQ(attempts().front().error, "the receiver answered with 500");
  EXPECT_EQ(attempts().back().number, 10);
  EXPECT_EQ(receiver.requests().front().header("webhook-id"),
            receiver.requests().back().header("webhook-id"));
}

TEST_P(Webhook, ThatFailsIsTriedAgainNoSoonerThanItsReceiverAsks) {
  Receiver receiver;
  struct Asked {
    const char* retry_after;
    std::chrono::microseconds pause;
  };
  // Of ours, the first is 5 s and the third half an hour; nobody may ask for more than a day.
  for (const auto& [retry_after, pause] :
       {Asked{"60", 60s}, Asked{"Thu, 01 Jan 2099 00:00:00 GMT", 24h}, Asked{"1", 30min}}) {
    receiver.answer_with(503, {{"Retry-After", retry_after}});
    if (messages().empty()) {
      subscribe_to(receiver);
      happen(1);
    } else {
      clock.set(messages().front().next_attempt_at);
    }
    node->run();
    EXPECT_EQ(messages().front().next_attempt_at - clock.now(), pause) << retry_after;
  }
}

TEST_P(Webhook, ThatFailsHoldsUpItsOwnConversationAndNoOther) {
  Receiver receiver;
  receiver.answer_with(503);
  subscribe_to(receiver);
  happen(1, "a");
  happen(2, "a");
  node->run();
  receiver.answer_with(204);
  happen(3, "b");
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 3));
  EXPECT_THAT(states(), ElementsAre("pending", "waiting", "delivered"));
  clock.advance(5s);
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 3, 1, 2));
}

TEST_P(Webhook, GoesOnBehindOneThatIsDead) {
  Receiver receiver;
  receiver.answer_with(400);
  subscribe_to(receiver, {}, "terse");
  happen(1);
  happen(2);
  node->run();
  for (int i = 0; i < 2; ++i) {
    clock.advance(3s);
    node->run();
  }
  EXPECT_THAT(states(), ElementsAre("dead", "pending"));
}

TEST_P(Webhook, ToAReceiverThatIsGoneIsTheLast) {
  Receiver receiver;
  receiver.answer_with(410);
  const Subscription subscription = subscribe_to(receiver);
  happen(1);
  happen(2);
  node->run();
  happen(3);
  clock.advance(48h);
  node->run();
  EXPECT_THAT(receiver.requests(), SizeIs(1));
  EXPECT_TRUE(stored(subscription).disabled_at);
  EXPECT_EQ(stored(subscription).disabled_reason, "the receiver answered with 410");
}

TEST_P(Webhook, FollowsNoRedirect) {
  Receiver elsewhere;
  Receiver receiver;
  receiver.answer_with(307, {{"Location", elsewhere.url()}});
  subscribe_to(receiver);
  happen(1);
  node->run();
  EXPECT_THAT(receiver.requests(), SizeIs(1));
  EXPECT_THAT(elsewhere.requests(), IsEmpty());
  EXPECT_THAT(messages().front().last_error.value(), HasSubstr("307, which is not followed"));
}

TEST_P(Webhook, CallsNoPrivateAddressUnlessItMay) {
  Receiver receiver;
  subscribe_to(receiver);
  subscribe_at(fmt::format("http://localhost:{}/hook", http::parse_url(receiver.url()).port));
  happen(1);
  node.reset();
  node = make_node(false);
  node->run();
  EXPECT_THAT(receiver.requests(), IsEmpty());
  ASSERT_THAT(attempts(), SizeIs(2));
  for (const Attempt& each : attempts()) {
    EXPECT_FALSE(each.status);
    EXPECT_THAT(each.error.value(), HasSubstr("not a public one"));
  }
}

TEST_P(Webhook, ToASlowReceiverHoldsNobodyUp) {
  Receiver slow;
  slow.hold();
  Receiver quick;
  subscribe_to(slow);
  subscribe_to(quick);
  for (int i = 1; i <= 10; ++i) happen(i, fmt::format("topic {}", i));
  for (int i = 0; i < 20 && quick.requests().size() < 10; ++i) {
    node->dispatcher.work();
    quick.wait_for(std::min<std::size_t>(10, static_cast<std::size_t>(i + 1) * 2));
    node->settle();
  }
  EXPECT_THAT(quick.requests(), SizeIs(10));
  EXPECT_EQ(static_cast<std::int64_t>(slow.requests().size()), Dispatcher::kAttemptsPerReceiver);
  slow.release();
  node->run();
  EXPECT_THAT(slow.requests(), SizeIs(10));
}

TEST_P(Webhook, ToNobodyIsTriedAgain) {
  std::string url;
  {
    const Receiver vanished;
    url = vanished.url();
  }
  subscribe_at(url);
  happen(1);
  node->run();
  EXPECT_THAT(states(), ElementsAre("pending"));
  EXPECT_THAT(attempts().front().error.value(), HasSubstr("cannot connect"));
}

TEST_P(Webhook, OfADeadNodeIsSentByAnother) {
  Receiver receiver;
  const Subscription subscription = subscribe_to(receiver);
  happen(1);
  happen(2);
  write([&](database::Connection& inside) {
    const Subscription locked = find_and_lock(inside, subscription.id).value();
    take_events(inside, locked, Eyes("ada"), standard_format(), clock.now());
    EXPECT_THAT(claim_due(inside, subscription.id, 4, clock.now()), SizeIs(1));
  });
  const auto other = make_node(true);
  other->run();
  EXPECT_THAT(receiver.requests(), IsEmpty());
  clock.advance(kClaim);
  other->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 2));
}

TEST_P(Webhook, OfManyNodesIsSentOnce) {
  Receiver receiver;
  subscribe_to(receiver);
  for (int i = 1; i <= 40; ++i) happen(i, fmt::format("topic {}", i % 8));
  const auto other = make_node(true);
  node->dispatcher.start();
  other->dispatcher.start();
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  const auto is_done = [&] {
    return store::count(*connection, store::equals<&Message::state>("delivered")) == 40;
  };
  while (!is_done() && std::chrono::steady_clock::now() < deadline) {
    happen(0, "aside", "messages.read", R"({"account":"nobody"})");  // Wakes them.
  }
  node->dispatcher.stop();
  other->dispatcher.stop();
  std::map<std::string, int> times;
  std::map<int, std::vector<int>> by_topic;
  for (const http::Request& each : receiver.requests())
    ++times[std::string(each.header("webhook-id"))];
  for (const int number : receiver.numbers()) by_topic[number % 8].push_back(number);
  EXPECT_THAT(times, SizeIs(40));
  for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
  for (const auto& [topic, numbers] : by_topic)
    EXPECT_TRUE(std::ranges::is_sorted(numbers)) << topic;
}

TEST_P(Webhook, UnderWayWhenTheServerStopsIsNotCounted) {
  Receiver receiver;
  receiver.hold();
  subscribe_to(receiver);
  happen(1);
  node->dispatcher.work();
  receiver.wait_for(1);
  node->dispatcher.stop();
  node->settle();
  EXPECT_EQ(messages().front().attempts, 0);
  EXPECT_THAT(states(), ElementsAre("pending"));
  receiver.release();
  node.reset();
  node = make_node(true);
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 1));
}

TEST_P(Webhook, IsSentOnceMoreWhenSomebodyAsks) {
  Receiver receiver;
  const Subscription subscription = subscribe_to(receiver);
  happen(1);
  node->run();
  write([&](database::Connection& inside) {
    find_and_lock(inside, subscription.id);
    redeliver(inside, messages().front(), clock.now());
  });
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1, 1));
  EXPECT_EQ(receiver.requests()[0].header("webhook-id"),
            receiver.requests()[1].header("webhook-id"));
  EXPECT_THAT(states(), ElementsAre("delivered"));
}

TEST_P(Webhook, OfATimeRangeIsReplayedInOrder) {
  for (int i = 1; i <= 3; ++i) {
    happen(i);
    clock.advance(1h);
  }
  Receiver receiver;
  const Subscription subscription = subscribe_to(receiver);
  happen(4);
  clock.advance(1h);
  happen(5);
  node->run();
  ASSERT_THAT(receiver.numbers(), ElementsAre(4, 5));
  const Timestamp start = parse_timestamp("2025-03-15T11:00:00Z").value();
  Replayed replayed;
  write([&](database::Connection& inside) {
    const Subscription locked = find_and_lock(inside, subscription.id).value();
    replayed =
        replay(inside, locked, Eyes("ada"), standard_format(), {start, start + 3h}, clock.now());
  });
  EXPECT_EQ(replayed.messages, 3);
  EXPECT_FALSE(replayed.next);
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(4, 5, 2, 3, 4));
}

TEST_P(Webhook, HasTheFormatThatItsModuleGivesIt) {
  Receiver receiver;
  receiver.answer_with(500);
  subscribe_to(receiver, {}, "terse");
  happen(1, "t", "session.created");
  happen(2);
  node->run();
  ASSERT_THAT(receiver.requests(), SizeIs(1));
  EXPECT_EQ(receiver.requests().front().body, R"({"event":"message.created","data":{"n":2}})");
  EXPECT_EQ(receiver.requests().front().header("User-Agent"), "Terse/7");
  for (int i = 0; i < 3; ++i) {
    clock.advance(3s);
    node->run();
  }
  EXPECT_THAT(receiver.requests(), SizeIs(3));
  EXPECT_THAT(states(), ElementsAre("dead"));
}

TEST_P(Webhook, EndsWithTheRightsOfItsOwner) {
  Receiver receiver;
  const Subscription subscription = subscribe_to(receiver);
  gone_owner = "ada";
  happen(1);
  node->run();
  EXPECT_THAT(receiver.requests(), IsEmpty());
  EXPECT_EQ(stored(subscription).disabled_reason, "its owner may not subscribe");
}

TEST_P(Webhook, ThatWasRemovedLeavesNothingBehind) {
  Receiver receiver;
  const Subscription subscription = subscribe_to(receiver);
  happen(1);
  node->run();
  write([&](database::Connection& inside) { remove(inside, subscription.id, clock.now()); });
  EXPECT_FALSE(find(*connection, subscription.id, std::nullopt));
  happen(2);
  clock.advance(1h);
  node->run();
  EXPECT_THAT(receiver.numbers(), ElementsAre(1));
  EXPECT_THAT(messages(), IsEmpty());
  EXPECT_THAT(attempts(), IsEmpty());
  EXPECT_EQ(store::count<Subscription>(*connection), 0);
}

TEST_P(Webhook, ThatIsFinishedIsForgottenAfterAMonth) {
  Receiver receiver;
  subscribe_to(receiver);
  happen(1);
  node->run();
  clock.advance(Dispatcher::kKept + 1h);
  node->run();
  EXPECT_THAT(messages(), IsEmpty());
  EXPECT_THAT(attempts(), IsEmpty());
}

TEST(WebhookPauses, AreMovedByATenthAtMost) {
  const Pauses pauses{100s, 1000s};
  EXPECT_EQ(pause_after(pauses, 1, 0.0), 90s);
  EXPECT_EQ(pause_after(pauses, 1, 0.5), 100s);
  EXPECT_EQ(pause_after(pauses, 2, 0.0), 900s);
  EXPECT_LT(pause_after(pauses, 2, 0.999).value(), 1100s);
  EXPECT_FALSE(pause_after(pauses, 3, 0.5));
}

}  // namespace
}  // namespace parley::api::webhooks
