// Visitors of a web site: asking without an account, links, and pages.

#include "base/ids.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ChatEmbed : public ChatTest {
 protected:
  std::string ask = "/embed/chat/" + agent;

  std::string launch(const ChatServer& on) const {
    const std::string url = text_at(
        on.ok(200, "POST", "/embed/launch", "", json_of({{"agent_id", agent}})), "frontend_url");
    return url.substr(url.find("token=") + 6);
  }
  std::string switch_path() {
    const auto credential = server.rows<chat::AgentCredentialRow>().at(0);
    return agents() + "/" + agent + "/credentials/" + credential.id + "/toggle";
  }
};

TEST_P(ChatEmbed, AnswersAndStoresNothing) {
  const JsonObject answer = server.ok(200, "POST", ask, "", R"({"question":"How many?"})");
  EXPECT_EQ(answer.at("answer"), "Answer to: How many?");
  EXPECT_EQ(answer.at("dax_attempts"), Json(json::array()));
  EXPECT_EQ(answer.size(), 6U);
  EXPECT_TRUE(server.rows<chat::ChatMessageRow>().empty());
  EXPECT_TRUE(server.rows<chat::ChatRow>().empty());
}

TEST_P(ChatEmbed, RefusesInOrder) {
  const char* question = R"({"question":"x"})";
  play(server, {{"no question", "POST", ask, "", "{}", 422, {}, {}, {}},
                {"no id", "POST", "/embed/chat/x", "", question, 422, {}, {}, {}},
                {"nobody",
                 "POST",
                 "/embed/chat/" + make_uuid(),
                 "",
                 question,
                 404,
                 {"Agent not found"},
                 {},
                 {}}});
  launch(server);
  server.ok(200, "PATCH", switch_path(), owner.token, R"({"is_active":false})");
  play(server,
       {{"switched off", "POST", ask, "", question, 403, {}, {}, {}},
        {"no link", "POST", "/embed/launch", "", json_of({{"agent_id", agent}}), 403, {}, {}, {}}});
  server.ok(200, "PATCH", agents() + "/" + agent, owner.token, R"({"status":"paused"})");
  play(server,
       {{"paused",
         "POST",
         ask,
         "",
         question,
         400,
         {"Agent is not active. Current status: paused"},
         {},
         {}},
        {"no link", "POST", "/embed/launch", "", json_of({{"agent_id", agent}}), 400, {}, {}, {}},
        {"no id", "POST", "/embed/launch", "", R"({"agent_id":"x"})", 400, {}, {}, {}},
        {"nobody",
         "POST",
         "/embed/launch",
         "",
         json_of({{"agent_id", make_uuid()}}),
         404,
         {},
         {},
         {}}});
}

TEST_P(ChatEmbed, AskingMayNeedAToken) {
  chat::Settings settings = ChatServer::default_settings();
  settings.embed_requires_token = true;
  ChatServer strict(GetParam(), settings);
  const Member olga = strict.add_owner("Olga");
  agent = strict.add_agent(olga);
  const std::string path = "/embed/chat/" + agent;
  const char* question = R"({"question":"x"})";
  EXPECT_EQ(strict.call("POST", path, "", question).status, 403);
  const std::string token = launch(strict);
  EXPECT_EQ(strict.call("POST", path + "?token=wrong", "", question).status, 403);
  EXPECT_EQ(strict.call("POST", path + "?token=" + token, "", question).status, 200);
}

TEST_P(ChatEmbed, ALaunchVoidsNoLink) {
  const std::string first = launch(server);
  EXPECT_EQ(launch(server), first);
  const JsonObject valid = server.ok(200, "GET", "/embed/validate-token?token=" + first, "");
  EXPECT_EQ(text_at(valid, "agent_id"), agent);
  EXPECT_EQ(valid.at("agent_name"), "Sales");
  EXPECT_EQ(valid.at("recommended_questions"), Json(json::array()));
  EXPECT_EQ(valid.at("theme").as_object().size(), 7U);
  play(server, {{"unknown",
                 "GET",
                 "/embed/validate-token?token=x",
                 "",
                 "",
                 401,
                 {"Token not found"},
                 {},
                 {}},
                {"none", "GET", "/embed/validate-token", "", "", 422, {}, {}, {}}});
  server.ok(200, "PATCH", switch_path(), owner.token, R"({"is_active":false})");
  EXPECT_EQ(server.call("GET", "/embed/validate-token?token=" + first, "").status, 403);
}

TEST_P(ChatEmbed, PagesAreEscapedAndMayBeFramed) {
  server.ok(200, "PATCH", agents() + "/" + agent, owner.token,
            json_of({{"name", "<script>x</script>"}, {"recommended_questions", {"a<b?"}}}));
  const std::string token = launch(server);
  for (const std::string& path : {"/embed/widget/" + agent, "/embed/chatbot?token=" + token}) {
    const HttpAnswer page = server.call("GET", path, "");
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(page.header("Content-Security-Policy"), HasSubstr("frame-ancestors *"));
    EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;x&lt;/script&gt;"));
    EXPECT_THAT(page.body, HasSubstr("a&lt;b?"));
    EXPECT_THAT(page.body, Not(HasSubstr("<script>x")));
  }
  for (const auto& [path, status] :
       std::vector<std::pair<std::string, int>>{{"/embed/widget/x", 400},
                                                {"/embed/widget/" + make_uuid(), 404},
                                                {"/embed/chatbot", 400},
                                                {"/embed/chatbot?token=x", 401}}) {
    const HttpAnswer page = server.call("GET", path, "");
    EXPECT_EQ(page.status, status) << path;
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8") << path;
  }
}

TEST_P(ChatEmbed, QuestionsAreCounted) {
  chat::Settings settings = ChatServer::default_settings();
  settings.limits.embed_per_minute = 1;
  ChatServer strict(GetParam(), settings);
  agent = strict.add_agent(strict.add_owner("Olga"));
  const std::string path = "/embed/chat/" + agent;
  EXPECT_EQ(strict.call("POST", path, "", R"({"question":"x"})").status, 200);
  EXPECT_EQ(strict.call("POST", path, "", R"({"question":"x"})").status, 429);
}

TEST_P(ChatEmbed, TheServerSaysThatItLives) {
  EXPECT_EQ(server.ok(200, "GET", "/health", ""), (JsonObject{{"ok", true}}));
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatEmbed, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
