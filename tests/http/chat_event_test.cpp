// What is told of chats and agents, and to whom; and the document of the routes.

#include "base/ids.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::Role;
using testing::ElementsAre;

class ChatEvents : public ChatTest {
 protected:
  struct Told {
    std::vector<std::string> kinds;
    std::string body;
  };
  Told told(const Member& member) const {
    const HttpAnswer answer = server.call("GET", "/api/v1/events?after=" + begin_, member.token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    Told heard{.kinds = {}, .body = answer.body};
    const Json body = answer.json();
    for (const Json& event : body.at("events").as_array()) {
      heard.kinds.emplace_back(event.at("event").as_string());
    }
    return heard;
  }
  void forget() {
    const HttpAnswer answer = server.call("GET", "/api/v1/events", owner.token);
    begin_ = std::string(answer.json().at("cursor").as_string());
  }

 private:
  std::string begin_;
};

TEST_P(ChatEvents, OfAChatAreForItsUser) {
  const Member admin = server.add_member(owner, "Adam", Role::Admin);
  forget();
  const std::string chat = server.begin_chat(owner, agent);
  server.send(owner, chat, "Hello");
  server.ok(200, "PATCH", chat, owner.token, R"({"title":"Mine"})");
  server.ok(200, "DELETE", chat, owner.token);
  EXPECT_THAT(told(owner).kinds,
              ElementsAre("chat.created", "message.created", "chat.updated", "message.created",
                          "chat.updated", "chat.updated", "chat.deleted"));
  EXPECT_THAT(told(admin).kinds, ElementsAre());
}

TEST_P(ChatEvents, OfAnAgentAreForThoseWhoMayUseIt) {
  const Member restricted =
      server.add_member(owner, "Rita", Role::Member, json::array{make_uuid()});
  const Member viewer = server.add_member(owner, "Vera", Role::Viewer);
  const Member stranger = server.add_owner("Sven");
  forget();
  const std::string made = server.add_agent(owner, "Shop");
  server.ok(200, "PATCH", agents() + "/" + made, owner.token, R"({"api_key":"sk-1"})");
  server.ok(200, "DELETE", agents() + "/" + made, owner.token);
  const Told heard = told(viewer);
  EXPECT_THAT(heard.kinds, ElementsAre("agent.created", "agent.updated", "agent.deleted"));
  EXPECT_THAT(heard.body, testing::Not(testing::HasSubstr("sk-1")));
  EXPECT_THAT(heard.body, testing::Not(testing::HasSubstr("\"pw\"")));
  EXPECT_THAT(told(restricted).kinds, ElementsAre());
  EXPECT_THAT(told(stranger).kinds, ElementsAre());
}

TEST_P(ChatEvents, QuestionsOfVisitorsMakeNone) {
  forget();
  server.ok(200, "POST", "/embed/chat/" + agent, "", R"({"question":"x"})");
  EXPECT_THAT(told(owner).kinds, ElementsAre());
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatEvents, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST(ChatDocument, IsWellFormedAndHasEveryRoute) {
  const ChatServer server(TestEngine::Sqlite);
  EXPECT_THAT(server.api().mistakes(), testing::IsEmpty());
  EXPECT_THAT(server.api().operations(),
              testing::IsSupersetOf({"POST /auth/login", "POST /agents/{account_id}",
                                     "POST /chats/{account_id}/{agent_id}/{chat_id}/messages",
                                     "GET /embed/widget/{agent_id}", "GET /health"}));
}

}  // namespace
}  // namespace parley::test
