// GET /sessions/{id}/messages: polling.

#include "base/ids.h"
#include "http/live_agent_server.h"

namespace parley::test {
namespace {

std::vector<std::string> texts_of(const JsonObject& holder) {
  std::vector<std::string> texts;
  for (const Json& message : holder.at("messages").as_array()) {
    texts.emplace_back(message.at("message_text").as_string());
  }
  return texts;
}

class Poll : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  std::string id = server.open_session(ann, "1");

  /// Sends "2", "3"… one second apart.
  void send_up_to(int last) {
    for (int i = 2; i <= last; ++i) {
      server.clock.advance(std::chrono::seconds(1));
      server.send(ann, id, "user", std::to_string(i));
    }
  }
  JsonObject poll(const std::string& query) const {
    const JsonObject answer =
        server.ok(200, "GET", live_agent("/sessions/" + id + "/messages" + query), ann);
    EXPECT_EQ(answer.at("success"), true);
    return answer.at("data").as_object();
  }
};

TEST_P(Poll, WithoutATimeGivesTheNewest) {
  send_up_to(5);
  const JsonObject data = poll("?limit=2&offset=1");
  EXPECT_EQ(texts_of(data), (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(data.at("total"), 5);
  EXPECT_EQ(data.at("has_more"), true);
  EXPECT_EQ(data.at("session_id"), Json(json::string(id)));
  EXPECT_EQ(poll("?limit=4&offset=1").at("has_more"), false);
}

TEST_P(Poll, GivesTheOldestLaterThanATime) {
  send_up_to(5);
  const JsonObject data = poll("?since=2025-03-15T10:00:01Z&limit=2");
  EXPECT_EQ(texts_of(data), (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(data.at("total"), 3);
  EXPECT_EQ(data.at("has_more"), true);
  EXPECT_EQ(texts_of(poll("?since=2025-03-15T11:00:03%2B01:00")), std::vector<std::string>{"5"});
  EXPECT_EQ(texts_of(poll("?since=2025-03-15T10:00:04")), std::vector<std::string>{});
}

TEST_P(Poll, WithAnIdFindsTheRestOfAnInstant) {
  const JsonObject second = server.send(ann, id, "user", "2");
  server.send(ann, id, "user", "3");
  const std::string since = "?since=2025-03-15T10:00:00Z";
  EXPECT_EQ(texts_of(poll(since)), std::vector<std::string>{});
  EXPECT_EQ(
      texts_of(poll(since + "&since_id=" + std::to_string(second.at("message_id").as_int64()))),
      std::vector<std::string>{"3"});
}

TEST_P(Poll, RefusesBadInput) {
  const std::string path = live_agent("/sessions/" + id + "/messages");
  play(server,
       {
           {"time", "GET", path + "?since=yesterday", ann, "", 400, {}, {}, {}},
           {"limit", "GET", path + "?limit=201", ann, "", 422, {}, {}, {}},
           {"offset", "GET", path + "?offset=-1", ann, "", 422, {}, {}, {}},
           {"id", "GET", path + "?since=2025-03-15T10:00:00Z&since_id=x", ann, "", 422, {}, {}, {}},
           {"unknown",
            "GET",
            live_agent("/sessions/" + make_uuid() + "/messages"),
            ann,
            "",
            404,
            {},
            {},
            {}},
       });
}

INSTANTIATE_TEST_SUITE_P(Engines, Poll, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
