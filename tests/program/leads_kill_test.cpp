// `parley serve` killed outright between the steps of a message's way: it came, it was stored, the
// model was asked, the model has answered, the answer was stored, it was delivered. Whatever was
// under way, there is one row per message and one reply to it after the restart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "base/json.h"
#include "support/databases.h"
#include "support/fake_model_server.h"
#include "support/http_client.h"
#include "support/process.h"
#include "support/scripted_server.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kLeads = 6;
constexpr std::chrono::seconds kPatience{70};  ///< Leases run out in between.
const std::string kReceived = "/api/webhooks/zapier/yelp-message-received";

class LeadsKill : public testing::TestWithParam<TestEngine> {
 protected:
  LeadsKill() {
    model_.respond_with(
        [](const JsonObject& request) { return says("re " + last_message(request)); });
    start();
  }

  void start() {
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{}, directory_.path(),
                                              environment_);
  }
  void restart() {
    server_->kill();
    start();
  }
  /// Holds the lead and the session: who wants to write there waits until this connection lets go.
  std::unique_ptr<database::Connection> hold_rows() const {
    auto holder = database_.connect();
    if (GetParam() == TestEngine::Sqlite) {
      holder->execute("BEGIN IMMEDIATE");
      return holder;
    }
    holder->execute("BEGIN");
    database::query(*holder, "SELECT id FROM leads FOR UPDATE");
    database::query(*holder, "SELECT id FROM agent_sessions FOR UPDATE");
    return holder;
  }
  /// Kills it while it waits for the rows.
  void restart_and_release(std::unique_ptr<database::Connection> holder) {
    // It goes on reading, and has long come to the write when it has answered these.
    for (int i = 0; i < 10; ++i) get("/api/messages/conversations/recent");
    server_->kill();
    holder.reset();
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
        "POST " + kReceived + " HTTP/1.1\r\nHost: x\r\n"
        "Idempotency-Key: " +
        id + "-" + text + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client;
  }

  HttpAnswer repeat_message(const std::string& id, const std::string& text) {
    return post(kReceived, message(id, text), {{"Idempotency-Key", id + "-" + text}});
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
  Environment environment_{{"PARLEY_DATABASE_LEADS", database_.url_text()},
                           {"PARLEY_AI_BASE_URL", model_.base_url()},
                           {"PARLEY_AI_API_KEY", "key"},
                           {"PARLEY_WEBHOOKS_ALLOW_PRIVATE", "true"}};
  std::unique_ptr<RunningServer> server_;
};

/// Who is told of the replies.
class Told {
 public:
  enum class First { Answered, Held };

  explicit Told(First first)
      : server_([is_held = first == First::Held](const ScriptedRequest&) mutable {
          ScriptedReply reply = http_reply(200, "application/json", "{}");
          if (std::exchange(is_held, false)) reply.held_before = 0;
          return reply;
        }) {}

  std::string url() const { return server_.origin() + "/told"; }
  std::size_t calls() const { return server_.requests().size(); }
  /// The text of each message, by its `webhook-id`.
  std::map<std::string, std::string> texts() const {
    std::map<std::string, std::string> texts;
    for (const ScriptedRequest& each : server_.requests()) {
      const JsonObject body = each.json();
      const std::string text(body.at("message_content").as_string());
      texts[each.header("webhook-id")] =
          std::string(body.at("lead_external_id").as_string()) + ": " + text;
    }
    return texts;
  }
  /// The texts in the order in which they came, with those that came again.
  std::vector<std::string> sequence() const {
    std::vector<std::string> texts;
    for (const ScriptedRequest& each : server_.requests())
      texts.emplace_back(each.json().at("message_content").as_string());
    return texts;
  }

 private:
  ScriptedServer server_;
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

TEST_P(LeadsKill, AMessageThatWasNotYetStoredIsStoredOnceWhenItComesAgain) {
  add_agent();
  add_lead("a");
  auto rows = hold_rows();
  const HttpClient client = send_message("a", "Hello");
  restart_and_release(std::move(rows));
  EXPECT_THAT(texts("a"), IsEmpty());
  EXPECT_EQ(repeat_message("a", "Hello").status, 200);
  EXPECT_EQ(repeat_message("a", "Hello").header("Idempotent-Replayed"), "true");
  EXPECT_THAT(texts("a"), ElementsAre("Hello", "re Hello"));
}

TEST_P(LeadsKill, AnAnswerOfTheModelThatWasNotStoredIsAskedForAgain) {
  add_agent();
  add_lead("a");
  model_.will(held(says("never stored")));
  const HttpClient client = send_message("a", "Hello");
  ASSERT_EQ(model_.server().wait_for_requests(1), 1U);
  auto rows = hold_rows();
  model_.server().release();
  restart_and_release(std::move(rows));
  EXPECT_EQ(repeat_message("a", "Hello").status, 200);
  EXPECT_TRUE(becomes([&] { return texts("a").size() == 2; }));
  EXPECT_THAT(texts("a"), ElementsAre("Hello", "re Hello"));
  EXPECT_EQ(model_.count(), 2U);
}

TEST_P(LeadsKill, AReplyThatWasHeardIsHeardAgainByWhoRepeats) {
  add_agent();
  add_lead("a");
  EXPECT_EQ(repeat_message("a", "Hello").json().at("message"), "re Hello");
  restart();
  const HttpAnswer again = repeat_message("a", "Hello");
  EXPECT_EQ(again.json().at("message"), "re Hello");
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(model_.count(), 1U);
}

TEST_P(LeadsKill, AMessageWithoutAKeyIsStoredOnceWhenIdenticalOnesAreOne) {
  environment_["PARLEY_LEADS_WEBHOOKS_DEDUPE_IDENTICAL"] = "true";
  restart();
  add_agent();
  add_lead("a");
  model_.will(held(says("never heard")));
  HttpClient client(server_->port());
  const std::string body = to_text(message("a", "Hello"));
  client.send("POST " + kReceived + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_EQ(model_.server().wait_for_requests(1), 1U);
  restart();
  EXPECT_EQ(post(kReceived, message("a", "Hello")).status, 200);
  EXPECT_TRUE(becomes([&] { return texts("a").size() == 2; }));
  EXPECT_THAT(texts("a"), ElementsAre("Hello", "re Hello"));
}

TEST_P(LeadsKill, AReplyOnItsWayOutIsToldAgainUnderTheSameId) {
  const Told told(Told::First::Held);
  add_agent();
  add_lead("a");
  ASSERT_EQ(post("/api/webhooks/outbound/urls", {{"url", told.url()}}).status, 200);
  EXPECT_EQ(repeat_message("a", "Hello").status, 200);
  ASSERT_TRUE(becomes([&] { return told.calls() == 1; }));
  restart();
  ASSERT_TRUE(becomes([&] { return told.calls() == 2; }));
  EXPECT_EQ(told.texts().size(), 1U);
  // What was taken is not told again: the next of the conversation comes behind it, and only that.
  EXPECT_EQ(repeat_message("a", "And now?").status, 200);
  ASSERT_TRUE(becomes([&] { return told.calls() >= 3; }));
  restart();
  EXPECT_EQ(repeat_message("a", "At last").status, 200);
  EXPECT_TRUE(becomes([&] { return told.texts().size() == 3; }));
  EXPECT_EQ(told.sequence().back(), "re At last");
}

TEST_P(LeadsKill, WhereverItHappensThereIsOneReplyToEachMessage) {
  const Told told(Told::First::Answered);
  add_agent();
  ASSERT_EQ(post("/api/webhooks/outbound/urls", {{"url", told.url()}}).status, 200);
  for (int i = 0; i < kLeads; ++i) add_lead("lead" + std::to_string(i));
  for (int round = 0; round < 3; ++round) {
    // Some are killed on their way in, some at the model, some with its answer, some on the way
    // out.
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
      EXPECT_EQ(repeat_message(id, text).status, 200);
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
  // Each reply is told under one id, so that who is told twice knows.
  EXPECT_TRUE(becomes([&] { return told.texts().size() >= 3U * kLeads; }));
  std::set<std::string> replies;
  for (const auto& [_, text] : told.texts()) replies.insert(text);
  EXPECT_EQ(replies.size(), 3U * kLeads);
  EXPECT_EQ(told.texts().size(), 3U * kLeads);
}

TEST_P(LeadsKill, WhatIsDeliveredStaysDelivered) {
  add_agent();
  add_lead("a");
  EXPECT_EQ(post(kReceived, message("a", "Hello")).status, 200);
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
