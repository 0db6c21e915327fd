// The OpenAI-compatible door: agents as models, for whoever speaks the chat-completions protocol.

#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::AgentCredentialRow;
using chat::ChatMessageRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kDoor = "/v1/chat/completions";

JsonObject message(std::string_view role, std::string_view content) {
  return {{"role", role}, {"content", content}};
}

JsonObject request_for(const std::string& model, const std::string& question) {
  return {{"model", model}, {"messages", json::array{message("user", question)}}};
}

class ChatDoor : public ChatTest {
 protected:
  JsonObject complete(const JsonObject& request) const {
    return server.ok(200, "POST", kDoor, owner.token, to_text(request));
  }
  static std::string content_of(const JsonObject& completion) {
    return text_at(completion.at("choices").at(0).at("message").as_object(), "content");
  }
  /// The status and the `error` of a request that is refused.
  JsonObject refused(int status, const std::string& token, const JsonObject& request) const {
    const HttpAnswer answer = server.call("POST", kDoor, token, to_text(request));
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    const JsonObject error = answer.json().at("error").as_object();
    EXPECT_FALSE(error.at("message").as_string().empty());
    return error;
  }
  /// The data of the events of a stream, up to its end.
  std::vector<std::string> stream(JsonObject request) const {
    request["stream"] = true;
    const std::string body = to_text(request);
    HttpClient client(server.port());
    client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                owner.token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                body);
    EXPECT_THAT(client.take_line(), HasSubstr("200"));
    while (!client.take_line().empty()) continue;
    std::vector<std::string> events;
    while (events.empty() || events.back() != "[DONE]") {
      const std::string line = client.take_line("\n");
      if (line.starts_with("data: ")) events.push_back(line.substr(6));
    }
    EXPECT_EQ(client.take_line("\n"), "");
    EXPECT_TRUE(client.is_closed_by_server());
    return events;
  }
  std::vector<ChatMessageRow> stored() {
    return store::select<ChatMessageRow>().order_by<&ChatMessageRow::created_at>().all(
        server.connection());
  }
  std::string credential_token() {
    server.ok(201, "POST", agents() + "/" + agent + "/credentials", owner.token,
              to_text(JsonObject{{"agent_id", agent}}));
    return *server.rows<AgentCredentialRow>().at(0).raw_token;
  }
};

TEST_P(ChatDoor, CompletesAndStoresNothing) {
  const JsonObject completion = complete(request_for(agent, "How many?"));
  EXPECT_EQ(content_of(completion), "Answer to: How many?");
  EXPECT_EQ(completion.at("object"), "chat.completion");
  EXPECT_EQ(completion.at("model"), json::string(agent));
  EXPECT_EQ(completion.at("choices").at(0).at("finish_reason"), "stop");
  EXPECT_EQ(completion.at("usage").at("total_tokens"), 0);
  EXPECT_THAT(stored(), IsEmpty());
}

TEST_P(ChatDoor, TellsWhatAnAnswerCost) {
  server.answers().script([](const chat::Question&, const ai::OnDelta&) {
    chat::Answer answer;
    answer.content = "Seven.";
    answer.usage = ai::Usage{3, 4, 7};
    return answer;
  });
  EXPECT_EQ(complete(request_for(agent, "?")).at("usage"),
            (Json{{"prompt_tokens", 3}, {"completion_tokens", 4}, {"total_tokens", 7}}));
}

TEST_P(ChatDoor, TakesTheOtherMessagesForTheHistory) {
  JsonObject request = request_for(agent, "");
  const JsonObject part{{"type", "text"}, {"text", "And now?"}};
  request["messages"] = json::array{message("system", "Be brief."), message("user", "before"),
                                    message("assistant", "said"), message("developer", "Rhyme."),
                                    JsonObject{{"role", "user"}, {"content", json::array{part}}}};
  complete(request);
  const auto questions = server.answers().questions();
  ASSERT_THAT(questions, SizeIs(1));
  EXPECT_EQ(questions[0].text, "And now?");
  EXPECT_THAT(questions[0].history, ElementsAre(ai::Message{ai::Role::User, "before"},
                                                ai::Message{ai::Role::Assistant, "said"}));
  EXPECT_EQ(questions[0].agent.system_instructions, "Be brief.\n\nRhyme.");
}

TEST_P(ChatDoor, StreamsThePieces) {
  JsonObject request = request_for(agent, "How many?");
  request["stream_options"] = JsonObject{{"include_usage", true}};
  const auto events = stream(request);
  ASSERT_THAT(events, SizeIs(6));
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) {
    const Json chunk = parse_json(events[i]);
    EXPECT_EQ(chunk.at("object"), "chat.completion.chunk");
    const JsonObject& delta = chunk.at("choices").at(0).at("delta").as_object();
    if (const Json* content = delta.if_contains("content")) text += content->as_string();
  }
  EXPECT_EQ(text, "Answer to: How many?");
  EXPECT_EQ(parse_json(events[3]).at("choices").at(0).at("finish_reason"), "stop");
  EXPECT_EQ(parse_json(events[4]).at("usage").at("total_tokens"), 0);
  EXPECT_EQ(events[5], "[DONE]");
}

TEST_P(ChatDoor, SaysTheWholeOfAnAnswerThatBrokeOff) {
  server.answers().script([](const chat::Question&, const ai::OnDelta& on_delta) {
    on_delta("Sev");
    return chat::error_answer("it broke off");
  });
  std::string text;
  for (const std::string& event : stream(request_for(agent, "?"))) {
    if (event == "[DONE]") continue;
    const JsonObject delta = parse_json(event).at("choices").at(0).at("delta").as_object();
    if (const Json* content = delta.if_contains("content")) text += content->as_string();
  }
  EXPECT_EQ(text, "Sev\n\n" + chat::error_answer("it broke off").content);
}

TEST_P(ChatDoor, KeepsTheHistoryOfAChat) {
  const std::string path = server.begin_chat(owner, agent);
  JsonObject request = request_for(agent, "First?");
  request["metadata"] = JsonObject{{"chat_id", path.substr(path.rfind('/') + 1)}};
  EXPECT_EQ(content_of(complete(request)), "Answer to: First?");
  request["messages"] = json::array{message("user", "not of this chat"), message("assistant", "no"),
                                    message("user", "Second?")};
  const auto events = stream(request);
  EXPECT_EQ(events.back(), "[DONE]");

  const auto messages = stored();
  ASSERT_THAT(messages, SizeIs(4));
  EXPECT_EQ(messages[0].content, "First?");
  EXPECT_EQ(messages[1].content, "Answer to: First?");
  EXPECT_EQ(messages[2].content, "Second?");
  EXPECT_EQ(messages[3].content, "Answer to: Second?");
  EXPECT_THAT(server.answers().questions().at(1).history,
              ElementsAre(ai::Message{ai::Role::User, "First?"},
                          ai::Message{ai::Role::Assistant, "Answer to: First?"}));
}

TEST_P(ChatDoor, KnowsAnAgentByItsUniqueName) {
  const std::string other = server.add_agent(owner, "Stock");
  EXPECT_EQ(content_of(complete(request_for("Stock", "?"))), "Answer to: ?");
  EXPECT_EQ(server.answers().questions().at(0).agent.id, other);
  server.add_agent(owner, "Stock");
  EXPECT_EQ(refused(404, owner.token, request_for("Stock", "?")).at("code"), "model_not_found");
}

TEST_P(ChatDoor, HidesWhatOthersHave) {
  const Member stranger = server.add_owner("Sam");
  EXPECT_EQ(refused(404, stranger.token, request_for(agent, "?")).at("param"), "model");
  const Member restricted = server.add_member(owner, "Rita", chat::Role::Member,
                                              Json(json::array{server.add_agent(owner)}));
  refused(404, restricted.token, request_for(agent, "?"));

  const std::string path = server.begin_chat(owner, agent);
  const Member viewer = server.add_member(owner, "Vera", chat::Role::Viewer);
  JsonObject request = request_for(agent, "?");
  for (const std::string& id : {path.substr(path.rfind('/') + 1), std::string("no uuid")}) {
    request["metadata"] = JsonObject{{"chat_id", id}};
    refused(404, viewer.token, request);
  }
  EXPECT_THAT(stored(), IsEmpty());
}

TEST_P(ChatDoor, OpensOneAgentWithItsCredential) {
  const std::string token = credential_token();
  const std::string other = server.add_agent(owner, "Stock");
  const JsonObject completion =
      server.ok(200, "POST", kDoor, token, to_text(request_for(agent, "?")));
  EXPECT_EQ(content_of(completion), "Answer to: ?");
  refused(404, token, request_for(other, "?"));
  EXPECT_EQ(server.ok(200, "GET", "/v1/models", token).at("data").as_array().size(), 1U);
  JsonObject in_chat = request_for(agent, "?");
  const std::string path = server.begin_chat(owner, agent);
  in_chat["metadata"] = JsonObject{{"chat_id", path.substr(path.rfind('/') + 1)}};
  refused(404, token, in_chat);
  refused(401, "unknown", request_for(agent, "?"));
}

TEST_P(ChatDoor, ListsTheModels) {
  const std::string other = server.add_agent(owner, "Atlas");
  const JsonObject models = server.ok(200, "GET", "/v1/models", owner.token);
  EXPECT_EQ(models.at("object"), "list");
  ASSERT_THAT(models.at("data").as_array(), SizeIs(2));
  EXPECT_EQ(models.at("data").at(0).at("id"), json::string(other));
  EXPECT_EQ(models.at("data").at(1).at("id"), json::string(agent));
  EXPECT_EQ(models.at("data").at(1).at("object"), "model");
  EXPECT_EQ(server.ok(200, "GET", "/v1/models/" + agent, owner.token), models.at("data").at(1));
  EXPECT_EQ(server.ok(200, "GET", "/v1/models/Atlas", owner.token), models.at("data").at(0));
  const Member restricted =
      server.add_member(owner, "Rita", chat::Role::Viewer, Json(json::array{other}));
  EXPECT_THAT(server.ok(200, "GET", "/v1/models", restricted.token).at("data").as_array(),
              SizeIs(1));
}

TEST_P(ChatDoor, ShowsNoModelThatTheCallerMayNotAsk) {
  const std::string other = server.add_agent(owner, "Atlas");
  const Member restricted =
      server.add_member(owner, "Rita", chat::Role::Viewer, Json(json::array{other}));
  server.ok(200, "GET", "/v1/models/" + other, restricted.token);
  for (const std::string& hidden : {agent, std::string("nobody")}) {
    const JsonObject told = server.ok(404, "GET", "/v1/models/" + hidden, restricted.token);
    EXPECT_EQ(told.at("error").at("code"), "model_not_found");
  }
}

TEST_P(ChatDoor, RefusesInTheWordsOfTheProtocol) {
  EXPECT_EQ(refused(401, "", request_for(agent, "?")).at("type"), "authentication_error");
  EXPECT_EQ(refused(401, "a.b.c", request_for(agent, "?")).at("type"), "authentication_error");
  struct Wrong {
    const char* name;
    Json value;
  };
  for (const auto& [name, value] : std::vector<Wrong>{
           {"model", 7},
           {"model", nullptr},
           {"messages", "hello"},
           {"messages", json::array{}},
           {"messages", json::array{7}},
           {"messages", json::array{message("robot", "?")}},
           {"messages", json::array{message("user", "")}},
           {"messages", json::array{message("user", "a"), message("assistant", "b")}},
           {"messages", json::array{message("user", std::string_view("a\0b", 3))}},
           {"messages", json::array{JsonObject{{"role", "user"}, {"content", 7}}}},
           {"stream", "yes"},
           {"stream_options", 7},
           {"metadata", 7},
           {"metadata", JsonObject{{"chat_id", 7}}},
           {"n", 2},
       }) {
    JsonObject request = request_for(agent, "?");
    request[name] = value;
    EXPECT_EQ(refused(400, owner.token, request).at("type"), "invalid_request_error") << name;
  }
  EXPECT_EQ(server.call("POST", kDoor, owner.token, "{").status, 400);
  EXPECT_THAT(server.answers().questions(), IsEmpty());
  server.answers().lack_key();
  refused(400, owner.token, request_for(agent, "?"));
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatDoor, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
