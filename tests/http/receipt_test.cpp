// Read receipts and counters: GET with mark_as_read, the single and the bulk PUT.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;

class Receipt : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  TestAgent bob = server.add_agent("Bob");
  std::string id = server.open_session(ann, "first");

  std::string one(std::int64_t message_id) const {
    return live_agent("/messages/" + std::to_string(message_id) + "/read");
  }
  std::string all() const { return live_agent("/sessions/" + id + "/messages/read"); }
  JsonObject data(const std::string& path, const std::string& token,
                  std::string_view reader) const {
    const JsonObject answer = server.ok(200, "PUT", path, token, json_of({{"read_by", reader}}));
    EXPECT_EQ(answer.at("success"), true);
    EXPECT_TRUE(answer.at("message").is_string());
    return answer.at("data").as_object();
  }
  std::int64_t first_id() { return server.rows<MessageRow>().at(0).id; }
};

TEST_P(Receipt, ListMarksTheOtherSideAndShowsIt) {
  server.send(bob.token, id, "agent", "answer");
  server.clock.advance(std::chrono::seconds(7));
  const JsonObject list =
      server.ok(200, "GET", live_agent("/messages/" + id + "?mark_as_read=true"), bob.token);
  const Json& from_user = list.at("messages").at(0);
  EXPECT_EQ(from_user.at("read_by_agent"), true);
  EXPECT_EQ(from_user.at("read_at"), "2025-03-15T10:00:07.000000Z");
  const Json& from_agent = list.at("messages").at(1);
  EXPECT_EQ(from_agent.at("read_by_user"), false);
  EXPECT_TRUE(from_agent.at("read_at").is_null());
  EXPECT_EQ(server.session(id).unread_count_agent, 0);
  EXPECT_EQ(server.session(id).unread_count_user, 1);
}

TEST_P(Receipt, ListOfTheUserMarksWhatTheAgentWrote) {
  server.send(bob.token, id, "agent", "answer");
  server.ok(200, "GET", live_agent("/messages/" + id + "?mark_as_read=True"), ann);
  EXPECT_EQ(server.session(id).unread_count_user, 0);
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
}

TEST_P(Receipt, ListMarksMoreThanItsPage) {
  server.send(ann, id, "user", "second");
  server.ok(200, "GET", live_agent("/messages/" + id + "?mark_as_read=true&per_page=1"), bob.token);
  for (const MessageRow& message : server.rows<MessageRow>())
    EXPECT_EQ(message.read_by_agent, true);
  EXPECT_EQ(server.session(id).unread_count_agent, 0);
}

TEST_P(Receipt, ListWithoutTheFlagChangesNothing) {
  server.ok(200, "GET", live_agent("/messages/" + id + "?mark_as_read=false"), bob.token);
  EXPECT_EQ(server.rows<MessageRow>().at(0).read_by_agent, false);
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
}

TEST_P(Receipt, OneMessageIsMarkedOnce) {
  server.send(ann, id, "user", "second");
  server.clock.advance(std::chrono::seconds(4));
  const JsonObject marked = data(one(first_id()), bob.token, "agent");
  EXPECT_EQ(marked.at("message_id"), first_id());
  EXPECT_EQ(marked.at("read_by_agent"), true);
  EXPECT_EQ(marked.at("read_at"), "2025-03-15T10:00:04.000000Z");
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
  server.clock.advance(std::chrono::seconds(4));
  EXPECT_EQ(data(one(first_id()), bob.token, "agent").at("read_at"), "2025-03-15T10:00:04.000000Z");
}

TEST_P(Receipt, OfTheOwnSideSetsOnlyTheFlag) {
  store::update(server.connection(), store::equals<&MessageRow::id>(first_id()),
                store::set<&MessageRow::read_by_user>(std::nullopt));
  const JsonObject marked = data(one(first_id()), ann, "user");
  EXPECT_EQ(marked.at("read_by_user"), true);
  EXPECT_TRUE(marked.at("read_at").is_null());
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
}

TEST_P(Receipt, BulkCountsWhatItMarked) {
  server.send(ann, id, "user", "second");
  const JsonObject marked = data(all(), bob.token, "agent");
  EXPECT_EQ(marked.at("session_id"), Json(json::string(id)));
  EXPECT_EQ(marked.at("messages_updated"), 2);
  EXPECT_EQ(data(all(), bob.token, "agent").at("messages_updated"), 0);
  EXPECT_EQ(server.session(id).unread_count_agent, 0);
}

TEST_P(Receipt, ReadTimeIsNeverMoved) {
  data(all(), bob.token, "agent");
  store::update(server.connection(), store::equals<&MessageRow::id>(first_id()),
                store::set<&MessageRow::read_by_agent>(false));
  server.clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(data(all(), bob.token, "agent").at("messages_updated"), 1);
  EXPECT_EQ(server.rows<MessageRow>().at(0).read_at, server.clock.now() - std::chrono::seconds(60));
}

TEST_P(Receipt, RepairsACounterThatWasWrong) {
  using live_agent::SessionRow;
  data(all(), bob.token, "agent");
  store::update(server.connection(), store::equals<&SessionRow::id>(id),
                store::set<&SessionRow::unread_count_agent>(5));
  data(all(), bob.token, "agent");
  EXPECT_EQ(server.session(id).unread_count_agent, 0);
}

TEST_P(Receipt, ReaderFitsTheToken) {
  play(
      server,
      {
          {"user for the agent", "PUT", all(), ann, R"({"read_by":"agent"})", 403, {}, {}, {}},
          {"user for the agent, one",
           "PUT",
           one(first_id()),
           ann,
           R"({"read_by":"agent"})",
           403,
           {},
           {},
           {}},
          {"agent for the user", "PUT", all(), bob.token, R"({"read_by":"user"})", 200, {}, {}, {}},
          {"nobody", "PUT", all(), bob.token, R"({"read_by":"robot"})", 422, {}, {}, {}},
          {"absent", "PUT", one(first_id()), bob.token, "{}", 422, {}, {}, {}},
          {"unknown message",
           "PUT",
           one(987654),
           bob.token,
           R"({"read_by":"agent"})",
           404,
           {"Message not found"},
           {},
           {}},
          {"message id is none",
           "PUT",
           live_agent("/messages/x/read"),
           bob.token,
           R"({"read_by":"agent"})",
           404,
           {},
           {},
           {}},
          {"other tenant",
           "PUT",
           one(first_id()),
           server.user_token("ann@x", "other.example"),
           R"({"read_by":"user"})",
           403,
           {},
           {},
           {}},
      });
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Receipt, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
