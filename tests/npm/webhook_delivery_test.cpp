// Webhooks of the real server, taken by a program that checks them with the library of receivers:
// while it fails, is slow, sends elsewhere, is gone for good or for a while, and while the server
// is killed.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>

#include "base/json.h"
#include "base/text.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kLiveAgent = "/api/v1/live-agent";
constexpr const char* kWebhooks = "/api/v1/webhooks";

class Receiver {
 public:
  explicit Receiver(std::uint16_t port = 0)
      : script_("webhook_receiver.js", {std::to_string(port)}),
        port_(static_cast<std::uint16_t>(std::stoi(script_.hear()))) {}

  std::uint16_t port() const { return port_; }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", port_); }
  void know(const std::string& secret) { script_.say(to_text(JsonObject{{"secret", secret}})); }
  void answer_with(JsonObject answer) { script_.say(to_text(answer)); }
  JsonObject next(std::chrono::milliseconds patience = 20s) {
    return parse_json(script_.hear(patience)).as_object();
  }
  /// The text of the next webhook, which must be a message and accepted by the library.
  std::string text(std::chrono::milliseconds patience = 20s) {
    const JsonObject taken = next(patience);
    EXPECT_EQ(taken.at("verdict"), "accepted");
    return std::string(taken.at("body").at("data").at("message_text").as_string());
  }
  /// Goes without a word.
  void vanish() { script_.kill(); }

 private:
  NodeScript script_;
  std::uint16_t port_;
};

class WebhookDelivery : public testing::TestWithParam<TestEngine> {
 protected:
  WebhookDelivery() : database_(GetParam()) {
    const Outcome made = run_parley({"user", "create", "--email", "ada@desk.example", "--name",
                                     "Ada", "--role", "admin", "--password-stdin"},
                                    directory_.path(), environment(), "correct horse\n");
    EXPECT_EQ(made.exit_code, 0) << made.err;
    const Outcome key = run_parley(
        {"key", "create", "--user-id", "ada@desk.example", "--scopes", "read,write,admin"},
        directory_.path(), environment());
    EXPECT_EQ(key.exit_code, 0) << key.err;
    key_ = std::string(trim(key.out));
    const Outcome token =
        run_parley({"token", "create", "--email", "ann@x"}, directory_.path(), environment());
    user_ = std::string(trim(token.out));
    start();
  }

  Environment environment() const {
    return {{"PARLEY_DATABASE_LIVE_AGENT", database_.url_text()},
            {"PARLEY_WEBHOOKS_ALLOW_PRIVATE", "true"},
            {"PARLEY_LIVE_AGENT_LIMITS_REQUESTS_PER_MINUTE", "0"}};
  }
  void start() {
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{}, directory_.path(),
                                              environment());
  }

  JsonObject call(int status, std::string_view method, const std::string& path,
                  const std::string& token, const JsonObject& body = {}) {
    const std::string text = method == "GET" ? "" : to_text(body);
    const HttpAnswer answer =
        http_call(server_->port(), method, path, {{"Authorization", "Bearer " + token}}, text);
    EXPECT_EQ(answer.status, status) << answer.body;
    return answer.json().as_object();
  }
  /// The secret.
  std::string subscribe(Receiver& receiver) {
    const JsonObject webhook =
        call(201, "POST", kWebhooks, key_,
             {{"url", receiver.url()}, {"kinds", json::array{"message.created"}}});
    const std::string secret(webhook.at("secret").as_string());
    receiver.know(secret);
    id_ = std::string(webhook.at("id").as_string());
    return secret;
  }
  std::string open_session(const std::string& text) {
    return std::string(
        call(201, "POST", std::string(kLiveAgent) + "/sessions", user_, {{"initial_message", text}})
            .at("session_id")
            .as_string());
  }
  void say(const std::string& session, const std::string& text) {
    call(201, "POST", std::string(kLiveAgent) + "/messages", user_,
         {{"session_id", session}, {"message_text", text}, {"sender_type", "user"}});
  }
  JsonObject shown() { return call(200, "GET", std::string(kWebhooks) + "/" + id_, key_); }
  json::array deliveries() {
    return call(200, "GET", std::string(kWebhooks) + "/" + id_ + "/deliveries", key_)
        .at("deliveries")
        .as_array();
  }
  /// What waits for its next attempt is sent now.
  void hurry() {
    for (const Json& each : deliveries()) {
      if (each.at("state") == Json("pending"))
        call(202, "POST", std::string(kWebhooks) + "/" + id_ + "/redeliver", key_,
             {{"delivery_id", each.at("id")}});
    }
  }
  void wait_until(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!holds() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_TRUE(holds());
  }

  TemporaryDirectory directory_;
  TestDatabase database_;
  std::string key_;
  std::string user_;
  std::string id_;
  std::unique_ptr<RunningServer> server_;
};
INSTANTIATE_TEST_SUITE_P(Engines, WebhookDelivery, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(WebhookDelivery, IsAcceptedByTheLibraryOfReceivers) {
  Receiver receiver;
  subscribe(receiver);
  const std::string session = open_session("Grüße 🙂");
  EXPECT_EQ(receiver.text(), "Grüße 🙂");
  for (int i = 1; i <= 20; ++i) say(session, std::to_string(i));
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(receiver.text(), std::to_string(i));
}

TEST_P(WebhookDelivery, ComesAgainAfterAFailureWithTheSameId) {
  Receiver receiver;
  subscribe(receiver);
  receiver.answer_with({{"status", 503}});
  open_session("please");
  const JsonObject first = receiver.next();
  EXPECT_EQ(first.at("verdict"), "accepted");
  receiver.answer_with({{"status", 200}});
  const JsonObject second = receiver.next();
  EXPECT_EQ(second.at("verdict"), "accepted");
  EXPECT_EQ(second.at("id"), first.at("id"));
  EXPECT_EQ(second.at("body"), first.at("body"));
}

TEST_P(WebhookDelivery, IsNotHeldUpByASlowReceiver) {
  Receiver slow;
  subscribe(slow);
  slow.answer_with({{"status", 200}, {"delay_ms", 25000}});
  Receiver quick;
  subscribe(quick);
  const std::string session = open_session("one");
  say(session, "two");
  EXPECT_EQ(quick.text(), "one");
  EXPECT_EQ(quick.text(), "two");
  EXPECT_EQ(slow.text(), "one");
}

TEST_P(WebhookDelivery, FollowsNoRedirectAndStopsForOneThatIsGone) {
  Receiver elsewhere;
  Receiver receiver;
  subscribe(receiver);
  receiver.answer_with({{"status", 302}, {"location", elsewhere.url()}});
  open_session("where?");
  receiver.next();
  wait_until([&] { return deliveries().at(0).at("last_status") == Json(302); });
  EXPECT_THROW(elsewhere.next(100ms), std::runtime_error);
  receiver.answer_with({{"status", 410}});
  receiver.next();
  wait_until([&] { return !shown().at("disabled_at").is_null(); });
  EXPECT_THAT(std::string(shown().at("disabled_reason").as_string()), HasSubstr("410"));
}

TEST_P(WebhookDelivery, ReachesAReceiverThatWasAwayThoughTheServerIsKilledTwice) {
  auto receiver = std::make_unique<Receiver>();
  const std::string secret = subscribe(*receiver);
  const std::uint16_t port = receiver->port();
  receiver->vanish();
  const std::string session = open_session("1");
  server_->kill();
  start();
  for (int i = 2; i <= 10; ++i) say(session, std::to_string(i));
  server_->kill();
  start();
  receiver = std::make_unique<Receiver>(port);
  receiver->know(secret);
  hurry();
  // In order, each at least once.
  int expected = 1;
  while (expected <= 10) {
    const int number = std::stoi(receiver->text(60s));
    if (number < expected) continue;
    ASSERT_EQ(number, expected);
    ++expected;
  }
}

}  // namespace
}  // namespace parley::test
