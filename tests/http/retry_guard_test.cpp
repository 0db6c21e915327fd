#include <gmock/gmock.h>

#include <thread>

#include "http/live_agent_server.h"
#include "support/http_client.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;

class RetryGuard : public LiveAgentTest {
 protected:
  std::string body(std::string_view text) const {
    return json_of({{"session_id", id}, {"message_text", text}, {"sender_type", "user"}});
  }
  HttpAnswer post(std::string_view text) const {
    return server.call("POST", live_agent("/messages"), ann, body(text));
  }
  /// Sends a message and is gone before the answer comes; returns once its answer is kept.
  void post_and_vanish(std::string_view text) {
    const std::string content = body(text);
    HttpClient client(server.port());
    client.send(
        "POST " + live_agent("/messages") + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ann +
        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(content.size()) +
        "\r\n\r\n" + content);
    client.close();
    while (kept() == 0) std::this_thread::yield();
  }
  std::int64_t kept() { return store::count<store::IdempotencyRow>(server.connection()); }
  std::size_t messages() { return server.rows<MessageRow>().size() - 1; }

  const std::string ann = server.user_token("ann@example.org");
  const std::string id = server.open_session(ann);
};
INSTANTIATE_TEST_SUITE_P(Engines, RetryGuard, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(RetryGuard, MessageWhoseAnswerWasLostIsNotSentTwice) {
  post_and_vanish("hello?");
  const HttpAnswer again = post("hello?");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(again.json().at("message_id"), Json(server.rows<MessageRow>().back().id));
  EXPECT_EQ(messages(), 1U);
  EXPECT_EQ(server.session(id).unread_count_agent, 2);
}

TEST_P(RetryGuard, AnotherTextOrALaterOneIsAnotherMessage) {
  post_and_vanish("hello?");
  EXPECT_EQ(post("hello!").header("Idempotent-Replayed"), "");
  server.clock.advance(std::chrono::seconds(121));
  EXPECT_EQ(post("hello?").header("Idempotent-Replayed"), "");
  EXPECT_EQ(messages(), 3U);
}

TEST_P(RetryGuard, SameTextTwiceIsTwoMessagesWhenAnswersArrive) {
  EXPECT_EQ(post("ok").status, 201);
  EXPECT_EQ(post("ok").header("Idempotent-Replayed"), "");
  EXPECT_EQ(messages(), 2U);
}

}  // namespace
}  // namespace parley::test
