// An agent over a SQLite file, asked through a running server by the client library of OpenAI.
// Behind the server a scripted model stands for OpenAI itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "database/connection.h"
#include "support/databases.h"
#include "support/fake_model_server.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::ElementsAre;

constexpr const char* kEmail = "olga@acme.example";
constexpr const char* kPassword = "correct horse";
constexpr const char* kPlan = R"({"action":"QUERY","query":"SELECT count(*) FROM cities"})";

class OpenAiClient : public testing::Test {
 protected:
  OpenAiClient() {
    database::open(database::Url::sqlite_file(directory_.path() + "/cities.db"))
        ->execute("CREATE TABLE cities (name TEXT); INSERT INTO cities VALUES ('Rom'), ('Ulm')");
    const Outcome made = run_parley({"account", "create", "--data", directory_.path(), "--name",
                                     "Acme", "--owner-email", kEmail, "--password-stdin"},
                                    ".", {}, std::string(kPassword) + "\n");
    EXPECT_EQ(made.exit_code, 0) << made.err;
    account_ = std::string(trim(made.out));
    server_.emplace(std::vector<std::string>{"--data", directory_.path()}, ".",
                    Environment{{"PARLEY_AI_BASE_URL", model_.base_url()},
                                {"PARLEY_AI_MODEL", "house-model"},
                                {"PARLEY_AI_API_KEY", "sk-house"},
                                {"PARLEY_CHAT_SQLITE_DIRS", directory_.path()}});
    sign_in();
    prepare();
    script_.emplace("ask_as_openai.js",
                    std::vector<std::string>{fmt::format("http://127.0.0.1:{}/v1", server_->port()),
                                             token_, agent_, chat_});
  }

  JsonObject post(const std::string& path, const JsonObject& body) const {
    HttpHeaders headers{{"Content-Type", "application/json"}};
    if (!token_.empty()) headers.emplace_back("Authorization", "Bearer " + token_);
    const HttpAnswer answer = http_call(server_->port(), "POST", path, headers, to_text(body));
    EXPECT_LT(answer.status, 300) << path << ": " << answer.body;
    return answer.json().as_object();
  }
  void sign_in() {
    token_ = std::string(post("/auth/login", {{"email", kEmail}, {"password", kPassword}})
                             .at("access_token")
                             .as_string());
  }
  /// An agent, and a chat with it.
  void prepare() {
    const JsonObject config{{"host", directory_.path() + "/cities.db"},
                            {"username", ""},
                            {"password", ""},
                            {"database", "cities"},
                            {"port", 0},
                            {"database_type", "sqlite"}};
    const JsonObject agent =
        post("/agents/" + account_,
             {{"name", "Cities"}, {"connection_type", "DB"}, {"connection_config", config}});
    agent_ = std::string(agent.at("id").as_string());
    chat_ = std::string(post("/chats/" + account_ + "/" + agent_, {}).at("id").as_string());
  }

  Json result_of(const std::string& action) {
    script_->say(action);
    return parse_json(script_->hear());
  }

  TemporaryDirectory directory_;
  FakeModelServer model_;
  std::optional<RunningServer> server_;
  std::string account_;
  std::string token_;
  std::string agent_;
  std::string chat_;
  std::optional<NodeScript> script_;
};

TEST_F(OpenAiClient, ListsTheAgents) {
  EXPECT_EQ(result_of("models"), Json(json::array{json::string(agent_)}));
  EXPECT_EQ(result_of("model"), (Json{{"id", agent_}, {"object", "model"}}));
}

TEST_F(OpenAiClient, Completes) {
  model_.will(says(std::string(kPlan)));
  model_.will(says(std::string("There are two.")));
  const Json result = result_of("complete");
  EXPECT_EQ(result.at("content"), "There are two.");
  EXPECT_EQ(result.at("usage").at("total_tokens"), 32);
}

TEST_F(OpenAiClient, Streams) {
  model_.will(says(std::string(kPlan)));
  model_.will(says_in_pieces({"There ", "are ", "two."}));
  const Json result = result_of("stream");
  EXPECT_EQ(result.at("pieces"), (Json{"There ", "are ", "two."}));
  EXPECT_EQ(result.at("usage").at("total_tokens"), 32);
}

TEST_F(OpenAiClient, KeepsAChat) {
  model_.will(says(std::string(kPlan)));
  model_.will(says_in_pieces({"Still ", "two."}));
  EXPECT_EQ(result_of("helper").at("content"), "Still two.");
  const HttpAnswer chat =
      http_call(server_->port(), "GET", "/chats/" + account_ + "/" + agent_ + "/" + chat_,
                {{"Authorization", "Bearer " + token_}});
  const json::array messages = chat.json().at("messages").as_array();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].at("content"), "And now?");
  EXPECT_EQ(messages[1].at("content"), "Still two.");
  EXPECT_EQ(messages[1].at("dax_attempts"), R"(["SELECT count(*) FROM cities"])");
}

TEST_F(OpenAiClient, UnderstandsTheErrors) {
  EXPECT_EQ(
      result_of("wrong_key"),
      (Json{{"error", "AuthenticationError"}, {"status", 401}, {"type", "authentication_error"}}));
  const Json not_found{{"error", "NotFoundError"}, {"status", 404}, {"code", "model_not_found"}};
  EXPECT_EQ(result_of("wrong_model"), not_found);
  EXPECT_EQ(result_of("unknown_model"), not_found);
}

}  // namespace
}  // namespace parley::test
