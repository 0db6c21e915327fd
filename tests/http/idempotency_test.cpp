#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;
using live_agent::Role;

class IdempotencyTest : public LiveAgentTest {
 protected:
  HttpAnswer post(const std::string& token, std::string_view text, const std::string& key) const {
    return post_to(server, token, text, key);
  }
  HttpAnswer post_to(const LiveAgentServer& node, const std::string& token, std::string_view text,
                     const std::string& key) const {
    return node.call("POST", live_agent("/messages"), token, message(text),
                     {{"Idempotency-Key", key}});
  }
  std::string message(std::string_view text) const {
    return json_of({{"session_id", id}, {"message_text", text}, {"sender_type", "user"}});
  }
  /// Messages beside the one that opened the session.
  std::size_t messages() { return server.rows<MessageRow>().size() - 1; }

  const std::string ann = server.user_token("ann@example.org");
  const std::string id = server.open_session(ann);
};
INSTANTIATE_TEST_SUITE_P(Engines, IdempotencyTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(IdempotencyTest, SameKeyAndBodyHappenOnceAndAreAnsweredAlike) {
  const HttpAnswer first = post(ann, "once", "k");
  const HttpAnswer again = post(ann, "once", "k");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.header("Idempotent-Replayed"), "");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(messages(), 1U);
  EXPECT_EQ(server.session(id).unread_count_agent, 2);
}

TEST_P(IdempotencyTest, OtherBodyIsRefusedAndChangesNothing) {
  post(ann, "once", "k");
  const HttpAnswer other = post(ann, "something else", "k");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.json().at("code"), Json("idempotency_mismatch"));
  EXPECT_EQ(messages(), 1U);
}

TEST_P(IdempotencyTest, KeysOfTwoCallersAreTwoKeys) {
  const TestAgent max = server.add_agent("Max", Role::Admin);
  EXPECT_EQ(post(ann, "once", "k").status, 201);
  EXPECT_EQ(post(max.token, "once", "k").header("Idempotent-Replayed"), "");
  EXPECT_EQ(messages(), 2U);
}

TEST_P(IdempotencyTest, RefusedRequestIsNotKept) {
  const std::string eve = server.user_token("eve@example.org");
  EXPECT_EQ(post(eve, "let me in", "k").status, 403);
  EXPECT_EQ(post(eve, "let me in", "k").status, 403);
  EXPECT_EQ(post(eve, "another", "k").status, 403) << "the key is not used up";
}

TEST_P(IdempotencyTest, KeyIsForgottenAfterADay) {
  post(ann, "once", "k");
  server.clock.advance(std::chrono::hours(25));
  const HttpAnswer later = post(ann, "once", "k");
  EXPECT_EQ(later.header("Idempotent-Replayed"), "");
  EXPECT_EQ(messages(), 2U);
}

TEST_P(IdempotencyTest, LongKeyIsRefused) {
  EXPECT_EQ(post(ann, "once", std::string(255, 'k')).status, 201);
  EXPECT_EQ(post(ann, "once", std::string(256, 'k')).status, 422);
}

TEST_P(IdempotencyTest, OfManyAtOnceOnTwoNodesOneHappens) {
  const LiveAgentServer second(server);
  std::atomic<int> created = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const HttpAnswer answer = post_to(i % 2 == 0 ? server : second, ann, "once", "k");
      if (answer.status == 201) {
        if (answer.header("Idempotent-Replayed").empty()) ++created;
      } else {
        EXPECT_EQ(answer.status, 409);
        EXPECT_FALSE(answer.header("Retry-After").empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(messages(), 1U);
}

TEST_P(IdempotencyTest, EveryWriteTakesAKey) {
  const TestAgent ada = server.add_agent("Ada", Role::Admin);
  const HttpHeaders key{{"Idempotency-Key", "k1"}};
  const std::string opening = json_of({{"initial_message", "hello"}});
  const HttpAnswer opened = server.call("POST", live_agent("/sessions"), ann, opening, key);
  EXPECT_EQ(server.call("POST", live_agent("/sessions"), ann, opening, key).body, opened.body);
  EXPECT_EQ(server.rows<live_agent::SessionRow>().size(), 2U);

  const std::string agent =
      json_of({{"email", "new@desk.example"}, {"password", "long enough"}, {"full_name", "New"}});
  const HttpAnswer added = server.call("POST", live_agent("/agents"), ada.token, agent, key);
  const HttpAnswer again = server.call("POST", live_agent("/agents"), ada.token, agent, key);
  EXPECT_EQ(added.status, 200);
  EXPECT_EQ(again.status, 200) << "not: the e-mail is taken";
  EXPECT_EQ(again.body, added.body);

  const std::string path = live_agent("/sessions/" + id + "/status");
  const std::string closing = json_of({{"status", "closed"}});
  EXPECT_EQ(server.call("PUT", path, ada.token, closing, {{"Idempotency-Key", "k2"}}).status, 200);
  EXPECT_EQ(server.call("PUT", path, ada.token, closing, {{"Idempotency-Key", "k2"}})
                .header("Idempotent-Replayed"),
            "true");
}

}  // namespace
}  // namespace parley::test
