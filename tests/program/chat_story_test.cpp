// The story that chat comes from: a guide that says how to make two tables, how to see that they
// are there, how to try the API, and how to go back. Here every step of it does what it says, on
// every engine; and an answer survives the server being killed in the midst of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "support/databases.h"
#include "support/event_stream_client.h"
#include "support/fake_model_server.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kOwner = "ada@example.org";

class ChatGuide : public testing::TestWithParam<TestEngine> {
 protected:
  ChatGuide() {
    data_.connect()->execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER)");
    environment_ = {{"PARLEY_DATABASE_CHAT", database_.url_text()},
                    {"PARLEY_CHAT_SQLITE_DIRS", directory_of(data_.url().database)},
                    {"PARLEY_CHAT_RUNS_HOLD_SECONDS", "1"}};
  }

  static std::string directory_of(const std::string& file) {
    return file.substr(0, file.rfind('/'));
  }

  Outcome parley(const std::vector<std::string>& arguments, const std::string& input = "") {
    return run_parley(arguments, directory_.path(), environment_, input);
  }
  Outcome db(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--module", "chat"});
    return parley(arguments);
  }
  std::string printed(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return std::string(trim(outcome.out));
  }

  bool has_table(const std::string& name) {
    try {
      database::query(*database_.connect(), "SELECT COUNT(*) FROM " + name);
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }
  std::int64_t count(const std::string& table) {
    return database::integer_of(
        database::query(*database_.connect(), "SELECT COUNT(*) FROM " + table).at(0).at(0));
  }

  /// The first owner, by the command line; the account's id.
  std::string create_account() {
    return printed(
        parley({"account", "create", "--name", "Acme", "--owner-email", kOwner, "--password-stdin"},
               "correct horse\n"));
  }
  void sign_in(const RunningServer& server) {
    const auto answer =
        http_call(server.port(), "POST", "/auth/login", {},
                  fmt::format(R"({{"email":"{}","password":"correct horse"}})", kOwner));
    ASSERT_EQ(answer.status, 200) << answer.body;
    headers_ = {{"Authorization",
                 "Bearer " + json::value_to<std::string>(answer.json().at("access_token"))}};
  }
  HttpAnswer call(const RunningServer& server, std::string_view method, const std::string& path,
                  const std::string& body = "") {
    return http_call(server.port(), method, path, headers_, body);
  }
  std::string created(const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 201) << answer.body;
    return json::value_to<std::string>(answer.json().at("id"));
  }
  std::string create_agent(const RunningServer& server, const std::string& account) {
    return created(call(
        server, "POST", "/agents/" + account,
        fmt::format(R"({{"name":"Orders","connection_type":"DB","connection_config":{{"host":"{}",)"
                    R"("username":"","database":"main","password":"","port":0,)"
                    R"("database_type":"sqlite"}}}})",
                    data_.url().database)));
  }

  void ask(const FakeModelServer& model) {
    environment_["PARLEY_AI_BASE_URL"] = model.base_url();
    environment_["PARLEY_AI_API_KEY"] = "k";
    environment_["PARLEY_AI_MODEL"] = "m";
  }
  std::string streamed_question(const std::string& chat, const std::string& content) const {
    const std::string body = to_text(JsonObject{{"content", content}});
    return fmt::format(
        "POST {}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: {}\r\n"
        "Accept: text/event-stream\r\nContent-Length: {}\r\n\r\n{}",
        chat, headers_.at(0).second, body.size(), body);
  }

  TestDatabase database_{GetParam()};
  TestDatabase data_{TestEngine::Sqlite};
  TemporaryDirectory directory_;
  Environment environment_;
  HttpHeaders headers_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ChatGuide, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ChatGuide, EveryStepDoesWhatItSays) {
  // Step 4 and 5: apply the migration, and see that it was.
  printed(db({"upgrade", "head"}));
  EXPECT_EQ(printed(db({"current"})), "f63e2e56f9b7 (head)");
  EXPECT_THAT(printed(db({"history"})), HasSubstr("779affdda697 -> f63e2e56f9b7"));
  EXPECT_TRUE(has_table("chats"));
  EXPECT_TRUE(has_table("chat_messages"));
  EXPECT_THAT(printed(db({"upgrade", "head", "--sql", "--dialect", "postgresql"})),
              HasSubstr("CREATE TABLE chat_messages"));

  // "You can start using the chat system."
  const std::string account = create_account();
  {
    const RunningServer server({}, directory_.path(), environment_);
    sign_in(server);
    const std::string agent = create_agent(server, account);
    const std::string chats = "/chats/" + account + "/" + agent;
    const std::string chat = created(call(server, "POST", chats, R"({"title":"Test Chat"})"));
    const auto sent =
        call(server, "POST", chats + "/" + chat + "/messages", R"({"content":"Hello!"})");
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(sent.json().at("message").at("action"), "DESCRIBE") << sent.body;
    EXPECT_THAT(sent.body, HasSubstr("orders"));
    EXPECT_EQ(count("chat_messages"), 2);

    // "Deleting an agent deletes all its chats, and all their messages."
    EXPECT_EQ(call(server, "DELETE", "/agents/" + account + "/" + agent).status, 200);
    EXPECT_EQ(count("chats"), 0);
    EXPECT_EQ(count("chat_messages"), 0);
  }

  // "Rollback": the two tables go, and nothing else.
  printed(db({"downgrade", "-1"}));
  EXPECT_FALSE(has_table("chats"));
  EXPECT_FALSE(has_table("chat_messages"));
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(printed(db({"current"})), "779affdda697");
  printed(db({"upgrade", "head"}));
  EXPECT_EQ(parley({"db", "verify", "--module", "chat"}).exit_code, 0);
}

TEST_P(ChatGuide, MembersAreAddedByTheCommandLine) {
  const std::string account = create_account();
  const std::vector<std::string> add{"account", "add-member", "--account",
                                     account,   "--email",    "bob@example.org",
                                     "--role",  "viewer",     "--password-stdin"};
  EXPECT_EQ(printed(parley(add, "correct horse\n")).size(), 36U);
  const Outcome twice = parley(add, "correct horse\n");
  EXPECT_NE(twice.exit_code, 0);
  EXPECT_THAT(twice.err, HasSubstr("a member already"));
  EXPECT_NE(parley({"account", "add-member", "--account", account, "--email", "c@example.org",
                    "--role", "owner", "--password-stdin"},
                   "correct horse\n")
                .exit_code,
            0);
  EXPECT_THAT(
      parley({"account", "create", "--name", "Again", "--owner-email", kOwner, "--password-stdin"},
             "correct horse\n")
          .err,
      HasSubstr("already"));
}

TEST_P(ChatGuide, AnAnswerSurvivesTheServerBeingKilled) {
  FakeModelServer model;
  model.will(held(says("never heard")));
  ask(model);
  const std::string account = create_account();
  std::string chat;
  {
    RunningServer server({}, directory_.path(), environment_);
    sign_in(server);
    const std::string chats = "/chats/" + account + "/" + create_agent(server, account);
    chat = chats + "/" + created(call(server, "POST", chats));
    HttpClient client(server.port());
    client.send(streamed_question(chat, "How many?"));
    ASSERT_EQ(model.server().wait_for_requests(1), 1U);
    server.kill();
  }
  const RunningServer server({}, directory_.path(), environment_);
  Json shown;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  do {
    const auto answer = call(server, "GET", chat);
    ASSERT_EQ(answer.status, 200) << answer.body;
    shown = answer.json();
  } while (shown.at("messages").as_array().size() < 2 &&
           std::chrono::steady_clock::now() < deadline);
  const json::array& messages = shown.at("messages").as_array();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].at("content"), "How many?");
  EXPECT_EQ(messages[1].at("role"), "assistant");
  EXPECT_THAT(json::value_to<std::string>(messages[1].at("content")),
              Not(HasSubstr("never heard")));
  EXPECT_EQ(count("chat_runs"), 0);
}

// The client has heard the beginning of the answer and comes back to hear all of it.
TEST_P(ChatGuide, AnAnswerOfAServerKilledBetweenItsPiecesIsToldFromItsBeginning) {
  const ModelReply plan = says(R"({"action":"QUERY","query":"SELECT count(*) FROM orders"})");
  const ModelReply none{.deltas = {"There ", "are none."}, .held_before = 1};
  FakeModelServer model;
  for (const ModelReply& reply : {plan, none, plan, none}) model.will(reply);
  ask(model);
  const std::string account = create_account();
  std::string chat;
  {
    RunningServer server({}, directory_.path(), environment_);
    sign_in(server);
    const std::string chats = "/chats/" + account + "/" + create_agent(server, account);
    chat = chats + "/" + created(call(server, "POST", chats));
    HttpClient client(server.port());
    client.send(streamed_question(chat, "How many?"));
    while (client.take_line("\n").find("There ") == std::string::npos) continue;
    server.kill();
  }
  EXPECT_EQ(count("chat_messages"), 1);
  const RunningServer server({}, directory_.path(), environment_);
  ASSERT_EQ(model.server().wait_for_requests(4), 4U);
  EventStreamClient stream(server.port(), chat + "/answer",
                           {headers_.at(0), {"Accept", "text/event-stream"}});
  EXPECT_EQ(parse_json(stream.next().data).at("text"), "There ");
  model.server().release();  // The one that nobody hears any more.
  model.server().release();
  EXPECT_EQ(parse_json(stream.next().data).at("text"), "are none.");
  const ServerSentEvent last = stream.next();
  EXPECT_EQ(last.event, "answer");
  EXPECT_EQ(parse_json(last.data).at("message").at("content"), "There are none.");
  EXPECT_EQ(call(server, "GET", chat).json().at("messages").as_array().size(), 2U);
  EXPECT_EQ(count("chat_runs"), 0);
}

}  // namespace
}  // namespace parley::test
