// Answers as jobs of the server: piece by piece, for those who join late, and whatever happens to
// the client or the node.

#include <future>

#include "http/chat_server.h"
#include "support/event_stream_client.h"

namespace parley::test {
namespace {

using chat::ChatMessageRow;
using chat::RunRow;

constexpr const char* kQuestion = R"({"content":"How many?"})";

class ChatRuns : public ChatTest {
 protected:
  std::string chat = server.begin_chat(owner, agent);
  std::string messages = chat + "/messages";

  HttpHeaders stream_headers(const Member& member) const {
    return {{"Authorization", "Bearer " + member.token}, {"Accept", "text/event-stream"}};
  }
  /// A client that sends a question and does not wait.
  HttpClient begin(const ChatServer& node, const HttpHeaders& more = {}) const {
    HttpClient client(node.port());
    std::string request = "POST " + messages + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                          owner.token + "\r\n";
    for (const auto& [name, value] : more) request += name + ": " + value + "\r\n";
    client.send(request + "Content-Length: " + std::to_string(std::string(kQuestion).size()) +
                "\r\n\r\n" + kQuestion);
    return client;
  }
  std::vector<ChatMessageRow> stored() {
    return store::select<ChatMessageRow>().order_by<&ChatMessageRow::created_at>().all(
        server.connection());
  }
  /// Waits until nothing is left to answer.
  bool is_settled() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!server.rows<RunRow>().empty()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
};

/// Reads an answer to a POST as server-sent events.
class PostedStream {
 public:
  explicit PostedStream(HttpClient client) : client_(std::move(client)) {
    status_ = client_.take_line();
    while (!client_.take_line().empty()) {
    }
  }
  const std::string& status() const { return status_; }

  ServerSentEvent next() {
    ServerSentEvent event;
    for (;;) {
      const std::string line = client_.take_line("\n");
      if (line.empty() && !event.data.empty()) return event;
      if (line.starts_with("event: ")) event.event = line.substr(7);
      if (line.starts_with("data: ")) event.data = line.substr(6);
    }
  }
  bool is_ended() { return client_.is_closed_by_server(); }

 private:
  HttpClient client_;
  std::string status_;
};

TEST_P(ChatRuns, AreStreamedPieceByPieceAndEndWithTheAnswer) {
  PostedStream stream(begin(server, {{"Accept", "text/event-stream"}}));
  EXPECT_THAT(stream.status(), testing::HasSubstr("200"));
  const ServerSentEvent first = stream.next();
  EXPECT_EQ(first.event, "ai.delta");
  EXPECT_EQ(parse_json(first.data).at("text"), "Answer to: ");
  EXPECT_EQ(parse_json(stream.next().data).at("text"), "How many?");
  const ServerSentEvent last = stream.next();
  EXPECT_EQ(last.event, "answer");
  const Json told = parse_json(last.data);
  EXPECT_EQ(told.at("message").at("content"), "Answer to: How many?");
  EXPECT_EQ(told.at("message").at("id"), parse_json(first.data).at("message_id"));
  EXPECT_TRUE(stream.is_ended());
  EXPECT_EQ(stored().size(), 2U);
}

TEST_P(ChatRuns, ProblemsBeforeTheQuestionAreNoStream) {
  const HttpAnswer answer =
      server.call("POST", messages, owner.token, "{}", {{"Accept", "text/event-stream"}});
  EXPECT_EQ(answer.status, 422);
  server.expect_error_shape(answer);
}

TEST_P(ChatRuns, ASecondReaderJoinsFromTheFirstPiece) {
  server.answers().hold();
  PostedStream first(begin(server, {{"Accept", "text/event-stream"}}));
  EXPECT_EQ(parse_json(first.next().data).at("text"), "Answer to: ");
  EventStreamClient second(server.port(), chat + "/answer", stream_headers(owner));
  EXPECT_EQ(parse_json(second.next().data).at("text"), "Answer to: ");
  server.answers().go_on();
  EXPECT_EQ(parse_json(second.next().data).at("text"), "How many?");
  EXPECT_EQ(second.next().event, "answer");
  EXPECT_EQ(parse_json(first.next().data).at("text"), "How many?");
  EXPECT_EQ(server.answers().questions().size(), 1U);
}

TEST_P(ChatRuns, OthersDoNotJoin) {
  const Member mia = server.add_member(owner, "Mia", chat::Role::Admin);
  server.answers().hold();
  HttpClient client = begin(server);
  ASSERT_TRUE(server.answers().wait_for_begun(1));
  EXPECT_EQ(server.call("GET", chat + "/answer", mia.token).status, 404);
  server.answers().go_on();
  EXPECT_EQ(client.read("POST").status, 201);
  play(server, {{"nothing runs",
                 "GET",
                 chat + "/answer",
                 owner.token,
                 "",
                 404,
                 {"No answer is being given"},
                 {},
                 {}}});
}

TEST_P(ChatRuns, ThePiecesAlsoGoOverTheEventStream) {
  server.answers().hold();
  EventStreamClient events(server.port(), "/api/v1/events", stream_headers(owner));
  EXPECT_EQ(events.next().event, "subscribed");
  HttpClient client = begin(server);
  std::vector<std::string> heard;
  for (int i = 0; i < 3; ++i) heard.push_back(events.next().event);
  EXPECT_THAT(heard, testing::ElementsAre("message.created", "chat.updated", "ai.delta"));
  server.answers().go_on();
  EXPECT_EQ(client.read("POST").status, 201);
}

TEST_P(ChatRuns, GoOnWhenTheClientLeavesBeforeTheFirstPiece) {
  server.answers().hold();
  begin(server).close();
  ASSERT_TRUE(server.answers().wait_for_begun(1));
  server.answers().go_on();
  ASSERT_TRUE(is_settled());
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].content, "Answer to: How many?");
}

TEST_P(ChatRuns, OfOneChatAreOneAfterTheOther) {
  server.answers().hold();
  HttpClient first = begin(server);
  ASSERT_TRUE(server.answers().wait_for_begun(1));
  HttpClient second = begin(server);
  while (server.rows<RunRow>().size() < 2) std::this_thread::yield();
  // A question in another chat does not wait for them.
  const std::string other = server.begin_chat(owner, agent);
  auto beside = std::async(std::launch::async, [&] { return server.send(owner, other, "Beside"); });
  ASSERT_TRUE(server.answers().wait_for_begun(2));
  EXPECT_EQ(server.answers().questions().back().text, "Beside");
  server.answers().go_on();
  EXPECT_EQ(beside.get().at("message").at("content"), "Answer to: Beside");
  EXPECT_EQ(first.read("POST").status, 201);
  EXPECT_EQ(second.read("POST").status, 201);
  EXPECT_EQ(stored().size(), 6U);
}

TEST_P(ChatRuns, ARepeatedRequestIsToldToWait) {
  server.answers().hold();
  HttpClient client = begin(server, {{"Idempotency-Key", "k1"}});
  ASSERT_TRUE(server.answers().wait_for_begun(1));
  const HttpHeaders key{{"Idempotency-Key", "k1"}};
  const HttpAnswer early = server.call("POST", messages, owner.token, kQuestion, key);
  EXPECT_EQ(early.status, 409);
  EXPECT_FALSE(early.header("Retry-After").empty());
  server.answers().go_on();
  const HttpAnswer first = client.read("POST");
  const HttpAnswer later = server.call("POST", messages, owner.token, kQuestion, key);
  EXPECT_EQ(later.body, first.body);
  EXPECT_EQ(stored().size(), 2U);
}

TEST_P(ChatRuns, AChatThatGoesTakesItsRunAlong) {
  server.answers().hold();
  HttpClient client = begin(server);
  ASSERT_TRUE(server.answers().wait_for_begun(1));
  server.ok(200, "DELETE", chat, owner.token);
  server.answers().go_on();
  const HttpAnswer answer = client.read("POST");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.json().at("detail"), "Chat not found");
  EXPECT_TRUE(stored().empty());
}

/// What a node that was killed leaves behind: a run that it holds.
class ChatRunsLeftBehind : public ChatRuns {
 protected:
  void leave_a_run(Timestamp give_up_at) {
    server.write([&](store::UnitOfWork& unit) {
      chat::ChatRow row = store::select<chat::ChatRow>().first(unit.connection).value();
      chat::RunRow run = chat::ask(
          unit, row,
          {.content = "How many?", .answer_id = "0195992e-e07b-7000-8000-00000000000a", .key = {}},
          std::chrono::minutes(10), server.clock.now());
      store::update(unit.connection, store::equals<&RunRow::id>(run.id),
                    store::set<&RunRow::node>("a node that is dead"),
                    store::set<&RunRow::held_until>(server.clock.now() + std::chrono::seconds(30)),
                    store::set<&RunRow::give_up_at>(give_up_at));
    });
  }
};

TEST_P(ChatRunsLeftBehind, AreTakenOverAndAnsweredOnce) {
  leave_a_run(server.clock.now() + std::chrono::minutes(10));
  server.clock.advance(std::chrono::seconds(31));
  ASSERT_TRUE(is_settled());
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].id, "0195992e-e07b-7000-8000-00000000000a");
  EXPECT_EQ(rows[1].content, "Answer to: How many?");
}

TEST_P(ChatRunsLeftBehind, GetAnErrorWhenTheirTimeHasPassed) {
  leave_a_run(server.clock.now() + std::chrono::seconds(30));
  server.clock.advance(std::chrono::seconds(31));
  ASSERT_TRUE(is_settled());
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].action, "ERROR");
  EXPECT_EQ(rows[1].error, "the time for an answer has passed");
  EXPECT_TRUE(server.answers().questions().empty());
}

TEST_P(ChatRunsLeftBehind, ByAStoppedServerAreAnsweredByTheNext) {
  auto first = std::make_unique<ChatServer>(server);
  server.answers().hold();
  first->answers().hold();
  HttpClient client = begin(*first);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (first->answers().questions().empty() && server.answers().questions().empty() &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  first.reset();
  server.answers().go_on();
  ASSERT_TRUE(is_settled());
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].content, "Answer to: How many?");
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatRuns, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);
INSTANTIATE_TEST_SUITE_P(Engines, ChatRunsLeftBehind, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
