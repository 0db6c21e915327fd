// Sending a message: what is stored, answered and kept, and in which order.

#include "base/ids.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::Answer;
using chat::ChatMessageRow;
using chat::ChatRow;

class ChatMessages : public ChatTest {
 protected:
  std::string chat = server.begin_chat(owner, agent);
  std::string messages = chat + "/messages";

  /// In the order of the conversation.
  std::vector<ChatMessageRow> stored() {
    return store::select<ChatMessageRow>().order_by<&ChatMessageRow::created_at>().all(
        server.connection());
  }
  std::string title() { return server.rows<ChatRow>().at(0).title; }
  void answer_with(Answer answer) {
    server.answers().script(
        [answer = std::move(answer)](const chat::Question&, const ai::OnDelta&) { return answer; });
  }
};

TEST_P(ChatMessages, AreAnsweredWithTheAnswerAndTheChat) {
  server.clock.advance(std::chrono::seconds(5));
  const JsonObject sent = server.send(owner, chat, "How many?");
  const JsonObject& message = sent.at("message").as_object();
  EXPECT_EQ(message.size(), 10U);
  EXPECT_EQ(message.at("role"), "assistant");
  EXPECT_EQ(message.at("content"), "Answer to: How many?");
  EXPECT_EQ(message.at("action"), "DESCRIBE");
  for (const char* key : {"dax_attempts", "final_dax", "resolution_note", "error"}) {
    EXPECT_TRUE(message.at(key).is_null()) << key;
  }
  EXPECT_EQ(message.at("created_at"), "2025-03-15T10:00:05.000001+00:00");
  EXPECT_EQ(sent.at("chat").at("title"), "How many?");
  EXPECT_EQ(sent.at("chat").at("updated_at"), message.at("created_at"));
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].content, "How many?");
  EXPECT_EQ(rows[0].action, std::nullopt);
  EXPECT_EQ(rows[1].id, text_at(message, "id"));
  EXPECT_LT(rows[0].created_at, rows[1].created_at);
  EXPECT_TRUE(server.rows<chat::RunRow>().empty());
}

TEST_P(ChatMessages, KeepEveryAttemptAsText) {
  Answer answer;
  answer.content = "7";
  answer.action = chat::Action::Query;
  answer.attempts = {"EVALUATE x", "EVALUATE \"y\""};
  answer.final_query = "EVALUATE \"y\"";
  answer.resolution_note = "";
  answer.usage = ai::Usage{.prompt_tokens = 3, .completion_tokens = 4, .total_tokens = 7};
  answer_with(answer);
  const JsonObject sent = server.send(owner, chat, "How many?");
  EXPECT_EQ(sent.at("message").at("dax_attempts"), R"(["EVALUATE x","EVALUATE \"y\""])");
  EXPECT_EQ(sent.at("message").at("final_dax"), "EVALUATE \"y\"");
  EXPECT_EQ(sent.at("message").at("resolution_note"), "");
  EXPECT_EQ(sent.at("usage").at("total_tokens"), 7);
  EXPECT_EQ(stored().at(1).dax_attempts, R"(["EVALUATE x","EVALUATE \"y\""])");
}

TEST_P(ChatMessages, AnErrorIsAnAnswer) {
  answer_with(chat::error_answer("the source is away"));
  const JsonObject sent = server.send(owner, chat, "How many?");
  EXPECT_EQ(sent.at("message").at("action"), "ERROR");
  EXPECT_EQ(sent.at("message").at("error"), "the source is away");
  EXPECT_EQ(stored().size(), 2U);
}

TEST_P(ChatMessages, ABadConfigurationIsAnErrorAnswer) {
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&chat::AgentRow::id>(agent),
                  store::set<&chat::AgentRow::connection_config>(JsonObject{{"host", "x"}}));
  });
  const JsonObject sent = server.send(owner, chat, "How many?");
  EXPECT_EQ(sent.at("message").at("action"), "ERROR");
  EXPECT_THAT(text_at(sent.at("message").as_object(), "error"),
              testing::HasSubstr("Invalid DB config: missing username"));
  EXPECT_TRUE(server.answers().questions().empty());
}

TEST_P(ChatMessages, TheFirstQuestionGivesTheTitle) {
  server.send(owner, chat, std::string(60, 'x'));
  EXPECT_EQ(title(), std::string(50, 'x') + "...");
  server.send(owner, chat, "Another");
  EXPECT_EQ(title(), std::string(50, 'x') + "...");
  server.ok(200, "PATCH", chat, owner.token, R"({"title":""})");
  server.send(owner, chat, "  Back  ");
  EXPECT_EQ(title(), "Back");
}

TEST_P(ChatMessages, TimesGrowWhileTheClockStands) {
  for (int i = 0; i < 3; ++i) server.send(owner, chat, "x");
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0].created_at, server.clock.now());
  EXPECT_LT(rows[5].created_at, server.clock.now() + std::chrono::milliseconds(1));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].role, i % 2 == 0 ? "user" : "assistant");
    if (i == 0) continue;
    EXPECT_LT(rows[i - 1].created_at, rows[i].created_at);
  }
}

TEST_P(ChatMessages, TheModelGetsTheLatestWithoutErrors) {
  server.send(owner, chat, "One");
  answer_with(chat::error_answer("away"));
  server.send(owner, chat, "Two");
  server.answers().script({});
  server.send(owner, chat, "Three");
  const auto asked = server.answers().questions();
  ASSERT_EQ(asked.size(), 3U);
  const std::vector<ai::Message> expected{
      {ai::Role::User, "One"}, {ai::Role::Assistant, "Answer to: One"}, {ai::Role::User, "Two"}};
  EXPECT_EQ(asked[2].history, expected);
  EXPECT_EQ(asked[2].text, "Three");
  EXPECT_TRUE(asked[0].history.empty());
}

TEST_P(ChatMessages, AreEditedWithoutAnotherAnswer) {
  const JsonObject sent = server.send(owner, chat, "One");
  const auto rows = stored();
  server.clock.advance(std::chrono::seconds(9));
  const JsonObject edited =
      server.ok(200, "PATCH", messages + "/" + rows[0].id, owner.token, R"({"content":"Uno"})");
  EXPECT_EQ(edited.at("content"), "Uno");
  EXPECT_EQ(edited.size(), 10U);
  EXPECT_EQ(server.rows<ChatRow>().at(0).updated_at, server.clock.now());
  EXPECT_EQ(stored().size(), 2U);
  play(server, {{"an answer",
                 "PATCH",
                 messages + "/" + rows[1].id,
                 owner.token,
                 R"({"content":"x"})",
                 400,
                 {"Only user messages can be updated"},
                 {},
                 {}},
                {"none",
                 "PATCH",
                 messages + "/" + make_uuid(),
                 owner.token,
                 R"({"content":"x"})",
                 404,
                 {"Message not found"},
                 {},
                 {}},
                {"empty",
                 "PATCH",
                 messages + "/" + rows[0].id,
                 owner.token,
                 R"({"content":""})",
                 422,
                 {},
                 {},
                 {}},
                {"of another chat",
                 "PATCH",
                 server.begin_chat(owner, agent) + "/messages/" + rows[0].id,
                 owner.token,
                 R"({"content":"x"})",
                 404,
                 {},
                 {},
                 {}}});
  EXPECT_EQ(stored().at(1).content, sent.at("message").at("content").as_string());
}

TEST_P(ChatMessages, ARepeatedRequestGetsTheSameAnswer) {
  const HttpHeaders key{{"Idempotency-Key", "k1"}};
  const HttpAnswer first = server.call("POST", messages, owner.token, R"({"content":"One"})", key);
  const HttpAnswer again = server.call("POST", messages, owner.token, R"({"content":"One"})", key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(stored().size(), 2U);
  const HttpAnswer other = server.call("POST", messages, owner.token, R"({"content":"Two"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.json().at("code"), "idempotency_mismatch");
}

TEST_P(ChatMessages, AChatIsMadeOnceByARepeatedRequest) {
  const HttpHeaders key{{"Idempotency-Key", "k1"}};
  const HttpAnswer first = server.call("POST", chats(), owner.token, "{}", key);
  const HttpAnswer again = server.call("POST", chats(), owner.token, "{}", key);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(server.rows<ChatRow>().size(), 2U);
}

TEST_P(ChatMessages, AreCounted) {
  chat::Settings settings = ChatServer::default_settings();
  settings.limits.messages_per_minute = 1;
  ChatServer strict(GetParam(), settings);
  const Member olga = strict.add_owner("Olga");
  const std::string path = strict.begin_chat(olga, strict.add_agent(olga)) + "/messages";
  EXPECT_EQ(strict.call("POST", path, olga.token, R"({"content":"x"})").status, 201);
  const HttpAnswer refused = strict.call("POST", path, olga.token, R"({"content":"x"})");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.header("Retry-After").empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatMessages, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
