// Pushes as webhooks: what is told to whom, what notification_sent says, and what happens while the
// receiver does not take it.

#include <condition_variable>

#include "base/crypto.h"
#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::Role;
using live_agent::WebhookDeliveryRow;
using namespace std::chrono_literals;

const std::string kKey = "the bytes of the webhook's key";

/// Takes webhooks, with the status that it is told to.
class Receiver {
 public:
  Receiver() : server_({.port = 0, .threads = 1}, filled()) { server_.start(); }
  ~Receiver() { server_.stop(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", server_.port()); }
  void answer_with(int status) { status_ = status; }

  /// The next request that has not been taken yet; waits for it.
  http::Request take() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 10s, [this] { return !requests_.empty(); })) {
      throw std::runtime_error("no webhook came within ten seconds");
    }
    http::Request request = std::move(requests_.front());
    requests_.erase(requests_.begin());
    return request;
  }
  JsonObject take_body() { return parse_json(take().body).as_object(); }

  bool is_empty() {
    const std::scoped_lock lock(mutex_);
    return requests_.empty();
  }

 private:
  http::Router& filled() {
    router_.add_group("/hook", {{"POST", "/hook", [this](auto request, const auto& respond) {
                                   const std::scoped_lock lock(mutex_);
                                   requests_.push_back(*request);
                                   changed_.notify_all();
                                   respond(http::Response::json(status_, JsonObject{}));
                                 }}});
    return router_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<http::Request> requests_;
  std::atomic<int> status_{204};
  http::Router router_;
  http::Server server_;
};

live_agent::Settings with_webhook(const std::string& url) {
  live_agent::Settings settings = LiveAgentServer::default_settings();
  // What is due is looked for when a test says so.
  settings.notifier = {.url = url, .secret = "whsec_" + base64(kKey), .look_every = 1h};
  return settings;
}

class Notification : public testing::TestWithParam<TestEngine> {
 protected:
  void TearDown() override { EXPECT_TRUE(receiver.is_empty()); }

  /// An agent who is online with a phone.
  TestAgent agent_with_phone(const std::string& name, Role role = Role::Agent) {
    const TestAgent agent = server.add_agent(name, role);
    server.ok(200, "PUT", live_agent("/agent/status"), agent.token,
              json_of({{"is_online", true}, {"fcm_token", "phone of " + name}}));
    return agent;
  }
  static JsonObject for_agent(const TestAgent& agent, const std::string& name) {
    return {{"side", "agent"},
            {"agent_id", agent.id},
            {"email", agent.email},
            {"name", name},
            {"fcm_token", "phone of " + name}};
  }
  static JsonObject for_user(std::string_view account) {
    return {{"side", "user"}, {"tenant_domain", kTenant}, {"user_account", account}};
  }
  std::vector<WebhookDeliveryRow> waiting() { return server.rows<WebhookDeliveryRow>(); }

  Receiver receiver;
  LiveAgentServer server{GetParam(), with_webhook(receiver.url())};
  const std::string ann = server.user_token("ann@x");
};
INSTANTIATE_TEST_SUITE_P(Engines, Notification, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Notification, OfANewSessionGoesToEveryAgentWhoIsOnlineWithAPhone) {
  const TestAgent bob = agent_with_phone("Bob");
  const TestAgent eve = agent_with_phone("Eve", Role::Supervisor);
  const TestAgent off = agent_with_phone("Off");
  server.ok(200, "PUT", live_agent("/agent/status"), off.token, json_of({{"is_online", false}}));
  const TestAgent desk = server.add_agent("Desk");
  server.ok(200, "PUT", live_agent("/agent/status"), desk.token, json_of({{"is_online", true}}));

  const std::string id = server.open_session(ann, "Hello,\n " + std::string(200, 'x'));
  const JsonObject body = receiver.take_body();
  const std::string preview = "Hello, " + std::string(93, 'x') + "...";
  EXPECT_EQ(body.at("notification").at("title"), "New session");
  EXPECT_EQ(body.at("notification").at("body"),
            Json(json::string("Ann: Hello, " + std::string(85, 'x') + "...")));
  EXPECT_EQ(body.at("data"), (JsonObject{{"type", "new_session"},
                                         {"session_id", id},
                                         {"tenant_domain", kTenant},
                                         {"user_account", "ann@x"},
                                         {"user_name", "Ann"},
                                         {"created_at", "2025-03-15T10:00:00.000000Z"},
                                         {"message_preview", preview}}));
  EXPECT_EQ(body.at("recipients"), (json::array{for_agent(bob, "Bob"), for_agent(eve, "Eve")}));
}

TEST_P(Notification, IsSignedAfterStandardWebhooks) {
  agent_with_phone("Bob");
  server.open_session(ann);
  const http::Request request = receiver.take();
  const std::string id(request.header("webhook-id"));
  EXPECT_EQ(request.header("webhook-timestamp"), "1742032800");
  EXPECT_EQ(request.header("webhook-signature"),
            "v1," + base64(hmac_sha256(kKey, id + ".1742032800." + request.body)));
  EXPECT_EQ(request.header("Content-Type"), "application/json");
}

TEST_P(Notification, OfAMessageGoesToTheOtherSide) {
  const TestAgent bob = agent_with_phone("Bob");
  const TestAgent eve = agent_with_phone("Eve");
  const std::string id = server.open_session(ann);
  receiver.take();

  const JsonObject asked = server.send(ann, id, "user", "Anybody there?");
  EXPECT_EQ(asked.at("notification_sent"), true);
  const JsonObject to_all = receiver.take_body();
  EXPECT_EQ(to_all.at("notification"), (JsonObject{{"title", "Ann"}, {"body", "Anybody there?"}}));
  EXPECT_EQ(to_all.at("data"), (JsonObject{{"type", "new_message"},
                                           {"session_id", id},
                                           {"message_id", asked.at("message_id")},
                                           {"sender_type", "user"},
                                           {"sender_name", "Ann"},
                                           {"message_text", "Anybody there?"},
                                           {"created_at", asked.at("created_at")}}));
  EXPECT_EQ(to_all.at("recipients"), (json::array{for_agent(bob, "Bob"), for_agent(eve, "Eve")}));

  server.set_status(bob.token, id, "active");
  receiver.take();
  EXPECT_EQ(server.send(ann, id, "user", "Bob?").at("notification_sent"), true);
  EXPECT_EQ(receiver.take_body().at("recipients"), (json::array{for_agent(bob, "Bob")}));
  EXPECT_EQ(server.send(bob.token, id, "agent", "Yes").at("notification_sent"), true);
  EXPECT_EQ(receiver.take_body().at("recipients"), (json::array{for_user("ann@x")}));
}

TEST_P(Notification, OfAStatusGoesToTheUserAndOnlyWhenItChanges) {
  const TestAgent bob = server.add_agent("Bob");
  const std::string id = server.open_session(ann);
  server.set_status(bob.token, id, "active");
  const JsonObject body = receiver.take_body();
  EXPECT_EQ(body.at("data"), (JsonObject{{"type", "session_status_changed"},
                                         {"session_id", id},
                                         {"old_status", "pending"},
                                         {"user_name", "Ann"},
                                         {"new_status", "active"}}));
  EXPECT_EQ(body.at("recipients"), (json::array{for_user("ann@x")}));
  server.set_status(bob.token, id, "active");
  server.set_status(bob.token, id, "resolved");
  EXPECT_EQ(receiver.take_body().at("data").at("new_status"), "resolved");
}

TEST_P(Notification, OfASessionThatAUserReopensGoesToItsAgent) {
  const TestAgent bob = agent_with_phone("Bob");
  const std::string id = server.open_session(ann);
  server.set_status(bob.token, id, "active");
  server.set_status(bob.token, id, "resolved");
  for (int i = 0; i < 3; ++i) receiver.take();
  EXPECT_EQ(server.send(ann, id, "user", "Again").at("notification_sent"), true);
  std::map<std::string, JsonObject> by_type;
  for (int i = 0; i < 2; ++i) {
    const JsonObject body = receiver.take_body();
    EXPECT_EQ(body.at("recipients"), (json::array{for_agent(bob, "Bob")}));
    by_type[std::string(body.at("data").at("type").as_string())] = body.at("data").as_object();
  }
  EXPECT_EQ(by_type["new_message"].at("message_text"), "Again");
  EXPECT_EQ(by_type["session_status_changed"].at("old_status"), "resolved");
  EXPECT_EQ(by_type["session_status_changed"].at("new_status"), "active");
}

TEST_P(Notification, IsNotSentWhenThereIsNobodyToTell) {
  const std::string id = server.open_session(ann);
  EXPECT_EQ(server.send(ann, id, "user", "Hello?").at("notification_sent"), false);
  const TestAgent bob = server.add_agent("Bob");
  server.set_status(bob.token, id, "active");
  receiver.take();
  EXPECT_EQ(server.send(ann, id, "user", "Bob?").at("notification_sent"), false);
}

TEST_P(Notification, IsTriedAgainUntilTheReceiverTakesIt) {
  agent_with_phone("Bob");
  const std::string id = server.open_session(ann);
  receiver.take();
  receiver.answer_with(500);
  EXPECT_EQ(server.send(ann, id, "user", "Hello?").at("notification_sent"), false);
  const http::Request first = receiver.take();
  ASSERT_EQ(waiting().size(), 1U);
  EXPECT_EQ(waiting().front().last_error, "the receiver answered with 500");

  EXPECT_EQ(server.notifier().retry_due(), 0U);
  server.clock.advance(5s);
  EXPECT_EQ(server.notifier().retry_due(), 1U);
  const http::Request second = receiver.take();
  EXPECT_EQ(second.header("webhook-id"), first.header("webhook-id"));
  EXPECT_NE(second.header("webhook-timestamp"), first.header("webhook-timestamp"));
  EXPECT_EQ(second.body, first.body);

  receiver.answer_with(200);
  server.clock.advance(29s);
  EXPECT_EQ(server.notifier().retry_due(), 0U);
  server.clock.advance(1s);
  EXPECT_EQ(server.notifier().retry_due(), 1U);
  receiver.take();
  EXPECT_TRUE(waiting().empty());
}

TEST_P(Notification, IsGivenUpAfterSomeHours) {
  const TestAgent bob = server.add_agent("Bob");
  const std::string id = server.open_session(ann);
  receiver.answer_with(404);
  server.send(bob.token, id, "agent", "Hello");
  int attempts = 1;
  while (!waiting().empty() && attempts < 20) {
    receiver.take();
    server.clock.advance(2h);
    EXPECT_EQ(server.notifier().retry_due(), 1U);
    ++attempts;
  }
  receiver.take();
  EXPECT_EQ(attempts, 8);
}

TEST_P(Notification, OfADeadProcessIsSentByAnother) {
  const TestAgent bob = server.add_agent("Bob");
  const std::string id = server.open_session(ann);
  // What a process leaves behind that ended between the commit and the first attempt.
  server.write([&](store::UnitOfWork& unit) {
    unit.events.push_back({.kind = "session.status_changed",
                           .topic = id,
                           .audience = "{}",
                           .data = json_of({{"session_id", id},
                                            {"old_status", "pending"},
                                            {"status", "active"},
                                            {"changed_by", "agent"},
                                            {"user_name", "Ann"}})});
    EXPECT_EQ(server.notifier().record(unit, unit.events.size() - 1).size(), 1U);
  });
  LiveAgentServer other(server);
  EXPECT_EQ(other.notifier().retry_due(), 0U);
  other.clock.advance(60s);
  EXPECT_EQ(other.notifier().retry_due(), 1U);
  EXPECT_EQ(receiver.take_body().at("data").at("session_id"), Json(json::string(id)));
  EXPECT_TRUE(waiting().empty());
}

TEST_P(Notification, OfARepeatedRequestIsSentOnce) {
  const TestAgent bob = server.add_agent("Bob");
  const std::string id = server.open_session(ann);
  const std::string message =
      json_of({{"session_id", id}, {"sender_type", "agent"}, {"message_text", "Hello"}});
  const auto post = [&] {
    return server.call("POST", live_agent("/messages"), bob.token, message,
                       {{"Idempotency-Key", "k"}});
  };
  const HttpAnswer first = post();
  EXPECT_EQ(first.json().at("notification_sent"), true);
  receiver.take();
  const HttpAnswer again = post();
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(again.body, first.body);
}

class NotificationWithout : public testing::TestWithParam<TestEngine> {};
INSTANTIATE_TEST_SUITE_P(Engines, NotificationWithout, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(NotificationWithout, AReceiverFailsNoRequest) {
  std::string url;
  {
    const Receiver gone;
    url = gone.url();
  }
  LiveAgentServer server(GetParam(), with_webhook(url));
  const std::string ann = server.user_token("ann@x");
  const TestAgent bob = server.add_agent("Bob");
  const std::string id = server.open_session(ann);
  server.set_status(bob.token, id, "active");
  EXPECT_EQ(server.send(bob.token, id, "agent", "Hello").at("notification_sent"), false);
  EXPECT_EQ(server.send(ann, id, "user", "Hello").at("notification_sent"), false);
}

TEST_P(NotificationWithout, ANotifierNothingIsNoted) {
  LiveAgentServer server(GetParam());
  const TestAgent bob = server.add_agent("Bob");
  const std::string id = server.open_session(server.user_token("ann@x"));
  server.set_status(bob.token, id, "active");
  EXPECT_EQ(server.send(bob.token, id, "agent", "Hello").at("notification_sent"), false);
  EXPECT_TRUE(server.rows<WebhookDeliveryRow>().empty());
}

TEST(NotifierSettings, RefuseAWebhookThatCannotBeCalled) {
  for (const auto& [url, secret] : std::vector<std::pair<std::string, std::string>>{
           {"example.org/hook", "whsec_" + base64(kKey)}, {"https://example.org/hook", "secret"}}) {
    live_agent::Settings settings = with_webhook(url);
    settings.notifier->secret = secret;
    try {
      const LiveAgentServer server(TestEngine::Sqlite, settings);
      ADD_FAILURE() << "it starts";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration) << error.what();
    }
  }
}

}  // namespace
}  // namespace parley::test
