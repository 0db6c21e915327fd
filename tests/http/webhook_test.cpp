// The endpoints of webhooks, on live_agent: who may subscribe to what, and what is shown of it.

#include <gmock/gmock.h>

#include <condition_variable>

#include "api/api_keys.h"
#include "http/live_agent_server.h"
#include "http/webhook_signature.h"
#include "store/webhook_tables.h"

namespace parley::test {
namespace {

using live_agent::Role;
using store::WebhookAttemptRow;
using store::WebhookSubscriptionRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr const char* kWebhooks = "/api/v1/webhooks";

/// Takes webhooks with 204.
class Receiver {
 public:
  Receiver() : server_({.port = 0, .threads = 1}, filled()) { server_.start(); }
  ~Receiver() { server_.stop(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", server_.port()); }
  std::vector<http::Request> requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  std::vector<std::string> kinds() {
    std::vector<std::string> kinds;
    for (const http::Request& each : requests())
      kinds.emplace_back(parse_json(each.body).at("type").as_string());
    return kinds;
  }

 private:
  http::Router& filled() {
    router_.add_group("/", {{"POST", "/hook", [this](auto request, const auto& respond) {
                               const std::scoped_lock lock(mutex_);
                               requests_.push_back(*request);
                               http::Response response;
                               response.status = 204;
                               respond(response);
                             }}});
    return router_;
  }

  std::mutex mutex_;
  std::vector<http::Request> requests_;
  http::Router router_;
  http::Server server_;
};

class WebhookApi : public LiveAgentTest {
 protected:
  JsonObject subscribe(const std::string& token, JsonObject more = {}) {
    more["url"] = receiver.url();
    return server.ok(201, "POST", kWebhooks, token, json_of(more));
  }
  static std::string path(const JsonObject& webhook, std::string_view rest = "") {
    return fmt::format("{}/{}{}", kWebhooks, std::string_view(webhook.at("id").as_string()), rest);
  }
  /// Everything that is due has been sent.
  void deliver() {
    for (int i = 0; i < 20; ++i) {
      server.webhooks().work();
      server.webhooks().wait_for_attempts();
      server.write([](store::UnitOfWork&) {});
    }
  }
  std::string bound_key(const TestAgent& agent, const std::string& tenant) {
    std::string key;
    server.write([&](store::UnitOfWork& unit) {
      key = api::create_api_key(unit.connection,
                                {.user_id = agent.email,
                                 .label = std::nullopt,
                                 .scopes = api::Scopes::all(),
                                 .tenant = tenant},
                                server.clock.now())
                .key;
    });
    return key;
  }

  Receiver receiver;
  const TestAgent ada = server.add_agent("Ada", Role::Admin);
  const std::string ann = server.user_token("ann@x");
};
INSTANTIATE_TEST_SUITE_P(Engines, WebhookApi, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(WebhookApi, SendsWhatHappensWithTheSecretThatWasShownOnce) {
  const JsonObject webhook = subscribe(ada.token, {{"kinds", json::array{"message.created"}}});
  const std::string secret(webhook.at("secret").as_string());
  EXPECT_EQ(webhook.at("kinds"), (json::array{"message.created"}));
  const std::string session = server.open_session(ann, "first");
  JsonObject sent = server.send(ann, session, "user", "größer 🙂");
  sent.erase("notification_sent");
  deliver();
  EXPECT_THAT(receiver.kinds(), ElementsAre("message.created", "message.created"));
  const http::Request request = receiver.requests().back();
  EXPECT_EQ(parse_json(request.body).at("data"), Json(sent));
  const auto signature = http::WebhookKey::parse(secret).headers(request.header("webhook-id"),
                                                                 server.clock.now(), request.body);
  EXPECT_EQ(request.header("webhook-signature"), signature.at(2).second);
  for (const std::string& shown :
       {path(webhook), std::string(kWebhooks), path(webhook, "/deliveries")}) {
    EXPECT_THAT(server.call("GET", shown, ada.token).body, Not(HasSubstr(secret)));
  }
}

TEST_P(WebhookApi, IsForAdmins) {
  const TestAgent max = server.add_agent("Max");
  const TestAgent eva = server.add_agent("Eva", Role::Supervisor);
  const std::string body = json_of({{"url", receiver.url()}});
  EXPECT_EQ(server.call("POST", kWebhooks, ann, body).status, 403);
  EXPECT_EQ(server.call("POST", kWebhooks, max.token, body).status, 403);
  EXPECT_EQ(server.call("GET", kWebhooks, eva.token).status, 403);
  EXPECT_EQ(server.call("GET", kWebhooks, "").status, 401);
  EXPECT_EQ(server.call("GET", "/api/v1/webhooks?module=nothing", ada.token).status, 404);
  EXPECT_EQ(server.call("GET", "/api/v1/webhooks?module=live_agent", ada.token).status, 200);
}

TEST_P(WebhookApi, OfABoundKeySeesOneTenantAndItsOwnWebhooks) {
  const JsonObject of_all = subscribe(ada.token, {{"kinds", json::array{"session.created"}}});
  const std::string key = bound_key(ada, "other.example");
  const JsonObject of_one = subscribe(key, {{"kinds", json::array{"session.created"}}});
  EXPECT_EQ(of_one.at("tenant"), "other.example");
  EXPECT_EQ(server.ok(200, "GET", kWebhooks, key).at("total"), 1);
  EXPECT_EQ(server.call("GET", path(of_all), key).status, 404);
  EXPECT_EQ(server.call("DELETE", path(of_all), key).status, 404);
  EXPECT_EQ(server.call("POST", path(of_all, "/test"), key).status, 404);
  server.open_session(ann);
  server.open_session(server.user_token("bob@x", "other.example"));
  deliver();
  EXPECT_THAT(receiver.requests(), SizeIs(3));
  EXPECT_EQ(server.ok(200, "GET", path(of_one, "/deliveries"), key).at("total"), 1);
  EXPECT_EQ(server.ok(200, "GET", path(of_all, "/deliveries"), ada.token).at("total"), 2);
}

TEST_P(WebhookApi, RefusesWhatCannotBeCalled) {
  const auto refusal = [&](const JsonObject& body) {
    return server.call("POST", kWebhooks, ada.token, json_of(body)).status;
  };
  for (const char* url : {"", "example.org", "ftp://example.org/", "http://user:pw@example.org/",
                          "https://example.org/a b", "http:///x"}) {
    EXPECT_EQ(refusal({{"url", url}}), 422) << url;
  }
  EXPECT_EQ(refusal({}), 422);
  EXPECT_EQ(refusal({{"url", "https://example.org/"}, {"kinds", "message.created"}}), 422);
  EXPECT_EQ(refusal({{"url", "https://example.org/"}, {"kinds", json::array{"a,b"}}}), 422);
  EXPECT_EQ(refusal({{"url", "https://example.org/"}, {"kinds", json::array{7}}}), 422);
  EXPECT_THAT(server.ok(200, "GET", kWebhooks, ada.token).at("webhooks").as_array(), IsEmpty());
}

TEST_P(WebhookApi, ShowsEveryAttemptAndSendsAgain) {
  const JsonObject webhook = subscribe(ada.token);
  const JsonObject test = server.ok(202, "POST", path(webhook, "/test"), ada.token);
  EXPECT_EQ(test.at("kind"), "webhook.test");
  deliver();
  EXPECT_THAT(receiver.kinds(), ElementsAre("webhook.test"));
  const std::string delivery(test.at("id").as_string());
  const JsonObject shown =
      server.ok(200, "GET", path(webhook, "/deliveries/" + delivery), ada.token);
  EXPECT_EQ(shown.at("state"), "delivered");
  ASSERT_THAT(shown.at("tries").as_array(), SizeIs(1));
  EXPECT_EQ(shown.at("tries").at(0).at("status"), 204);
  EXPECT_EQ(shown.at("tries").at(0).at("error"), Json(nullptr));

  server.ok(202, "POST", path(webhook, "/redeliver"), ada.token,
            json_of({{"delivery_id", delivery}}));
  deliver();
  ASSERT_THAT(receiver.requests(), SizeIs(2));
  EXPECT_EQ(receiver.requests()[1].header("webhook-id"), delivery);
  EXPECT_EQ(server
                .call("POST", path(webhook, "/redeliver"), ada.token,
                      R"({"delivery_id":"6c0b0000-0000-4000-8000-000000000000"})")
                .status,
            404);
  const JsonObject dead = server.ok(200, "GET", path(webhook, "/deliveries?state=dead"), ada.token);
  EXPECT_EQ(dead.at("total"), 0);
  EXPECT_EQ(server.call("GET", path(webhook, "/deliveries?state=lost"), ada.token).status, 422);
}

TEST_P(WebhookApi, ReplaysATimeRange) {
  const Timestamp start = server.clock.now();
  server.open_session(ann);
  server.clock.advance(1h);
  server.open_session(ann);
  const JsonObject webhook = subscribe(ada.token, {{"kinds", json::array{"session.created"}}});
  const auto replay = [&](const JsonObject& range) {
    return server.call("POST", path(webhook, "/replay"), ada.token, json_of(range));
  };
  const HttpAnswer answer =
      replay({{"from", format_rfc3339(start)}, {"until", format_rfc3339(start + 1h)}});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.json().at("messages"), 1);
  EXPECT_EQ(answer.json().at("next"), Json(nullptr));
  deliver();
  EXPECT_THAT(receiver.kinds(), ElementsAre("session.created"));
  EXPECT_EQ(replay({{"from", format_rfc3339(start)}}).json().at("messages"), 2);
  EXPECT_EQ(replay({}).status, 422);
  EXPECT_EQ(replay({{"from", "yesterday"}}).status, 422);
}

TEST_P(WebhookApi, EndsWithADelete) {
  const JsonObject webhook = subscribe(ada.token);
  EXPECT_EQ(server.call("DELETE", path(webhook), ada.token).status, 204);
  EXPECT_EQ(server.call("GET", path(webhook), ada.token).status, 404);
  EXPECT_EQ(server.call("DELETE", path(webhook), ada.token).status, 404);
  server.open_session(ann);
  deliver();
  EXPECT_THAT(receiver.requests(), IsEmpty());
}

TEST_P(WebhookApi, SubscribesOnceForARepeatedRequest) {
  const std::string body = json_of({{"url", receiver.url()}});
  const auto post = [&] {
    return server.call("POST", kWebhooks, ada.token, body, {{"Idempotency-Key", "k"}}).body;
  };
  EXPECT_EQ(post(), post());
  EXPECT_EQ(server.ok(200, "GET", kWebhooks, ada.token).at("total"), 1);
}

TEST_P(WebhookApi, EndsWithTheRightsOfItsAdmin) {
  const JsonObject webhook = subscribe(ada.token);
  const TestAgent boss = server.add_agent("Boss", Role::Admin);
  server.ok(200, "PATCH", live_agent("/agents/" + std::to_string(ada.id)), boss.token,
            R"({"is_active":false})");
  deliver();
  const JsonObject shown = server.ok(200, "GET", path(webhook), boss.token);
  EXPECT_EQ(shown.at("disabled_reason"), "its owner may not subscribe");
  EXPECT_EQ(server.call("POST", path(webhook, "/test"), boss.token).status, 409);
}

}  // namespace
}  // namespace parley::test
