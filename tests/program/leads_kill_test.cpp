// `parley serve` killed outright between the steps of a message's way: it came, it was stored, the
// model was asked, the model has answered, the answer was stored, it was delivered. Whatever was
// under way, there is one row per message and one reply to it after the restart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "base/json.h"
#include "support/databases.h"
#include "support/fake_model_server.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::ElementsAre;

constexpr int kLeads = 6;
constexpr std::chrono::seconds kPatience{40};  ///< A lease runs out in between.

class LeadsKill : public testing::TestWithParam<TestEngine> {
 protected:
  LeadsKill() {
    model_.respond_with(
        [](const JsonObject& request) { return says("re " + last_message(request)); });
    start();
  }

  void start() {
    server_ =
        std::make_unique<RunningServer>(std::vector<std::string>{}, directory_.path(),
                                        Environment{{"PARLEY_DATABASE_LEADS", database_.url_text()},
                                                    {"PARLEY_AI_BASE_URL", model_.base_url()},
                                                    {"PARLEY_AI_API_KEY", "key"}});
  }
  void restart() {
    server_->kill();
    start();
  }

  HttpAnswer post(const std::string& path, const JsonObject& body,
                  const HttpHeaders& headers = {}) {
    return http_call(server_->port(), "POST", path, headers, to_text(body));
  }
  JsonObject get(const std::string& path) {
    const HttpAnswer answer = http_call(server_->port(), "GET", path);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json().as_object();
  }

  void add_agent() {
    const HttpAnswer answer =
        post("/api/agents/", {{"name", "Sarah"}, {"prompt_template", "You are Sarah."}});
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  void add_lead(const std::string& id) {
    const HttpAnswer answer = post("/api/webhooks/zapier/yelp-lead-created",
                                   {{"id", id},
                                    {"business_id", "b"},
                                    {"conversation_id", "c-" + id},
                                    {"time_created", "now"},
                                    {"last_event_time", "now"},
                                    {"user", JsonObject{{"display_name", "Maria Lopez"}}},
                                    {"project", JsonObject{}}});
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  static JsonObject message(const std::string& id, const std::string& text) {
    return {{"yelp_lead_id", id},
            {"conversation_id", "c-" + id},
            {"message_content", text},
            {"sender", "customer"},
            {"timestamp", "now"}};
  }
  /// Sends it, and does not wait for the answer.
  HttpClient send_message(const std::string& id, const std::string& text) {
    HttpClient client(server_->port());
    const std::string body = to_text(message(id, text));
    client.send(
        "POST /api/webhooks/zapier/yelp-message-received HTTP/1.1\r\nHost: x\r\n"
        "Idempotency-Key: " +
        id + "-" + text + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client;
  }

  std::vector<std::string> texts(const std::string& id) {
    std::vector<std::string> texts;
    const JsonObject list = get("/api/messages/conversation/" + id);
    for (const Json& each : list.at("messages").as_array()) {
      texts.emplace_back(each.at("content").as_string());
    }
    return texts;
  }
  bool becomes(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
  }

  TestDatabase database_{GetParam()};
  TemporaryDirectory directory_;
  FakeModelServer model_;
  std::unique_ptr<RunningServer> server_;
};
INSTANTIATE_TEST_SUITE_P(Engines, LeadsKill, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(LeadsKill, AMessageThatWasStoredIsAnsweredByTheNextProcess) {
  add_agent();
  add_lead("a");
  model_.will(held(says("never heard")));
  const HttpClient client = send_message("a", "Hello");
  ASSERT_EQ(model_.server().wait_for_requests(1), 1U);
  restart();
  EXPECT_TRUE(becomes([&] { return texts("a").size() == 2; }));
  EXPECT_THAT(texts("a"), ElementsAre("Hello", "re Hello"));
}

TEST_P(LeadsKill, WhereverItHappensThereIsOneReplyToEachMessage) {
  add_agent();
  for (int i = 0; i < kLeads; ++i) add_lead("lead" + std::to_string(i));
  for (int round = 0; round < 3; ++round) {
    // Some are killed on their way in, some at the model, some with the model's answer.
    const std::string text = "message " + std::to_string(round);
    std::vector<HttpClient> clients;
    for (int i = 0; i < kLeads; ++i) {
      clients.push_back(send_message("lead" + std::to_string(i), text));
      std::this_thread::sleep_for(std::chrono::milliseconds(2 * round + i));
    }
    restart();
    // The bridge repeats what it got no answer to, with the same key.
    for (int i = 0; i < kLeads; ++i) {
      const std::string id = "lead" + std::to_string(i);
      EXPECT_EQ(post("/api/webhooks/zapier/yelp-message-received", message(id, text),
                     {{"Idempotency-Key", id + "-" + text}})
                    .status,
                200);
    }
  }
  for (int i = 0; i < kLeads; ++i) {
    const std::string id = "lead" + std::to_string(i);
    EXPECT_TRUE(becomes([&] { return texts(id).size() >= 6; })) << id;
    std::map<std::string, int> times;
    for (const std::string& each : texts(id)) ++times[each];
    for (int round = 0; round < 3; ++round) {
      const std::string text = "message " + std::to_string(round);
      EXPECT_EQ(times[text], 1) << id;
      EXPECT_EQ(times["re " + text], 1) << id;
    }
    EXPECT_EQ(times.size(), 6U) << id;
  }
}

TEST_P(LeadsKill, WhatIsDeliveredStaysDelivered) {
  add_agent();
  add_lead("a");
  EXPECT_EQ(post("/api/webhooks/zapier/yelp-message-received", message("a", "Hello")).status, 200);
  restart();
  const std::string poll = "/api/webhooks/zapier/get-agent-responses/a";
  const JsonObject polled = get(poll);
  ASSERT_EQ(polled.at("messages").as_array().size(), 1U);
  const std::int64_t id = polled.at("messages").at(0).at("message_id").as_int64();
  EXPECT_EQ(post("/api/webhooks/zapier/mark-delivered/" + std::to_string(id), {}).status, 200);
  restart();
  EXPECT_EQ(get(poll).at("total_messages"), 0);
}

}  // namespace
}  // namespace parley::test
