// `parley serve`: started, used and stopped; kill_test.cpp kills it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "base/json.h"
#include "base/text.h"
#include "support/certificate.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;

constexpr const char* kSmokeCall = "/api/v1/live-agent/sessions?page=1&per_page=20";

class Serve : public testing::Test {
 protected:
  std::string token(const std::string& email, const std::string& role) {
    const Outcome outcome =
        run_parley({"token", "create", "--module", "live_agent", "--email", email, "--role", role},
                   directory_.path());
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return std::string(trim(outcome.out));
  }
  static HttpHeaders bearer(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
  }

  std::string open_session(std::uint16_t port, const std::string& user_token) {
    const auto answer = http_call(port, "POST", "/api/v1/live-agent/sessions", bearer(user_token),
                                  R"({"initial_message": "hello"})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return json::value_to<std::string>(answer.json().at("session_id"));
  }

  TemporaryDirectory directory_;
};

TEST_F(Serve, TheSmokeCallOfTheOriginalAnswersInDevelopmentMode) {
  const RunningServer server({"--dev"}, directory_.path());
  const auto answer = http_call(server.port(), "GET", kSmokeCall);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.json().at("sessions").is_array());
}

TEST_F(Serve, OtherwiseItAnswers401AsJson) {
  const RunningServer server({}, directory_.path());
  const auto answer = http_call(server.port(), "GET", kSmokeCall);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_FALSE(answer.json().at("success").as_bool());
}

TEST_F(Serve, AnEmptyDirectoryGetsTablesAndASecretButNoUsers) {
  {
    const RunningServer server({}, directory_.path());
  }
  const auto secret = directory_.path() + "/parley-data/live_agent.secret";
  ASSERT_TRUE(std::filesystem::exists(secret));
  EXPECT_EQ(std::filesystem::status(secret).permissions(), std::filesystem::perms(0600));
  const auto connection =
      database::open(database::Url::sqlite_file(directory_.path() + "/parley-data/live_agent.db"));
  EXPECT_EQ(database::integer_of(database::query(*connection, "SELECT COUNT(*) FROM users")[0][0]),
            0);
}

TEST_F(Serve, StopsCleanlyOnSigterm) {
  RunningServer server({}, directory_.path());
  EXPECT_EQ(http_call(server.port(), "GET", "/healthz").status, 200);
  EXPECT_EQ(http_call(server.port(), "GET", "/readyz").status, 200);
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(Serve, ShowsARenewedCertificateAfterSighup) {
  const auto write = [&](const Certificate& certificate) {
    std::ofstream(directory_.path() + "/certificate.pem") << certificate.certificate;
    std::ofstream(directory_.path() + "/key.pem") << certificate.key;
  };
  const Certificate first = make_certificate(), second = make_certificate();
  write(first);
  RunningServer server({}, directory_.path(),
                       {{"PARLEY_TLS_CERTIFICATE", directory_.path() + "/certificate.pem"},
                        {"PARLEY_TLS_KEY", directory_.path() + "/key.pem"}});
  EXPECT_EQ(served_certificate(server.port()), first.certificate);
  write(second);
  server.hang_up();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (served_certificate(server.port()) != second.certificate) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "the first certificate is still shown";
  }
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(Serve, GoesOnAfterSighupWithoutACertificate) {
  RunningServer server({}, directory_.path());
  server.hang_up();
  EXPECT_EQ(http_call(server.port(), "GET", "/healthz").status, 200);
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(Serve, AUserFromTheCommandLineCanLogIn) {
  const Outcome created = run_parley({"user", "create", "--email", "ada@example.org", "--name",
                                      "Ada", "--role", "admin", "--password-stdin"},
                                     directory_.path(), {}, "correct horse\n");
  ASSERT_EQ(created.exit_code, 0) << created.err;
  EXPECT_EQ(created.out, "Created admin ada@example.org with id 1\n");
  const RunningServer server({}, directory_.path());
  const auto answer = http_call(server.port(), "POST", "/api/v1/auth/login", {},
                                R"({"email": "ada@example.org", "password": "correct horse"})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("agent").at("email"), "ada@example.org");
}

TEST_F(Serve, RefusesAPasswordThatIsTooShortAndASecondAccount) {
  const std::vector<std::string> create = {"user",   "create", "--email",         "ada@example.org",
                                           "--name", "Ada",    "--password-stdin"};
  EXPECT_EQ(run_parley(create, directory_.path(), {}, "short\n").exit_code, 2);
  EXPECT_EQ(run_parley(create, directory_.path(), {}, "long enough\n").exit_code, 0);
  const Outcome twice = run_parley(create, directory_.path(), {}, "long enough\n");
  EXPECT_EQ(twice.exit_code, 3) << twice.err;
}

TEST_F(Serve, TheConversationOfTheReadmeWorks) {
  ASSERT_EQ(run_parley({"user", "create", "--email", "ada@example.org", "--name", "Ada",
                        "--password-stdin"},
                       directory_.path(), {}, "correct horse\n")
                .exit_code,
            0);
  const RunningServer server({}, directory_.path());
  const auto user = bearer(token("cora@example.org", "user"));
  const auto agent = bearer(token("ada@example.org", "agent"));
  const std::string id = open_session(server.port(), token("cora@example.org", "user"));
  const std::string base = "/api/v1/live-agent/";
  EXPECT_EQ(http_call(server.port(), "PUT", base + "sessions/" + id + "/status", agent,
                      R"({"status": "active"})")
                .status,
            200);
  EXPECT_EQ(
      http_call(server.port(), "GET", base + "messages/" + id + "?mark_as_read=true", agent).status,
      200);
  EXPECT_EQ(http_call(server.port(), "POST", base + "messages", agent,
                      R"({"session_id": ")" + id +
                          R"(", "message_text": "Let me look", "sender_type": "agent"})")
                .status,
            201);
  EXPECT_EQ(http_call(server.port(), "PUT", base + "sessions/" + id + "/messages/read", user,
                      R"({"read_by": "user"})")
                .status,
            200);
  const auto list = http_call(server.port(), "GET", kSmokeCall, agent).json();
  ASSERT_EQ(list.at("total"), 1);
  EXPECT_EQ(list.at("sessions").at(0).at("unread_count_user"), 0);
  EXPECT_EQ(list.at("sessions").at(0).at("unread_count_agent"), 0);
  EXPECT_EQ(list.at("sessions").at(0).at("preview"), "Let me look");
}

}  // namespace
}  // namespace parley::test
