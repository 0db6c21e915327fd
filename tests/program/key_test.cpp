// `parley key`: a key is made, used against a running server, and taken back.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/json.h"
#include "base/text.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSessions = "/api/v1/live-agent/sessions";

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The standard error of what is started while it lives goes to a file.
class ErrorsToFile {
 public:
  explicit ErrorsToFile(const std::string& file) : before_(::dup(STDERR_FILENO)) {
    const int out = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(out, STDERR_FILENO);
    ::close(out);
  }
  ~ErrorsToFile() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
  }
  ErrorsToFile(const ErrorsToFile&) = delete;
  ErrorsToFile& operator=(const ErrorsToFile&) = delete;

 private:
  const int before_;
};

class Key : public testing::Test {
 protected:
  Outcome run(std::vector<std::string> arguments, const std::string& input = "") {
    return run_parley(arguments, directory_.path(), {}, input);
  }
  void create_user() {
    const Outcome made =
        run({"user", "create", "--email", "ada@desk.example", "--name", "Ada", "--password-stdin"},
            "correct horse\n");
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  std::string create_key(const std::string& scopes) {
    const Outcome made = run(
        {"key", "create", "--user-id", "Ada@desk.example", "--scopes", scopes, "--label", "CRM"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return std::string(trim(made.out));
  }
  static int status_with(std::uint16_t port, const std::string& key) {
    return http_call(port, "GET", kSessions, {{"X-API-Key", key}}).status;
  }

  TemporaryDirectory directory_;
};

TEST_F(Key, IsPrintedOnceAndServesUntilItIsRevoked) {
  create_user();
  const std::string key = create_key("read");
  EXPECT_THAT(key, testing::StartsWith("pk_"));
  const std::string log = directory_.path() + "/log";
  {
    const ErrorsToFile errors(log);
    RunningServer server({}, directory_.path(),
                         {{"PARLEY_LOG_ACCESS", "true"},
                          {"PARLEY_LOG_LEVEL", "debug"},
                          {"PARLEY_LIVE_AGENT_LIMITS_REQUESTS_PER_MINUTE", "0"}});
    EXPECT_EQ(status_with(server.port(), key), 200);
    EXPECT_EQ(
        http_call(server.port(), "GET", kSessions, {{"Authorization", "Bearer " + key}}).status,
        200);
    EXPECT_EQ(run({"key", "revoke", "1"}).exit_code, 0);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (status_with(server.port(), key) == 200 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    EXPECT_EQ(status_with(server.port(), key), 401);
    EXPECT_EQ(server.stop(), 0);
  }
  const std::string secret = key.substr(3);
  EXPECT_THAT(content_of(log), HasSubstr(kSessions));
  EXPECT_THAT(content_of(log), Not(HasSubstr(secret)));
  const std::string data = directory_.path() + "/parley-data/live_agent.db";
  EXPECT_FALSE(content_of(data).empty());
  EXPECT_THAT(content_of(data), Not(HasSubstr(secret)));
  const Outcome list = run({"key", "list", "--json"});
  EXPECT_THAT(list.out, Not(HasSubstr(secret)));
  const Json row = parse_json(list.out).at("keys").at(0);
  EXPECT_EQ(row.at("user_id"), "ada@desk.example");
  EXPECT_EQ(row.at("label"), "CRM");
  EXPECT_TRUE(row.at("last_used_at").is_string());
  EXPECT_TRUE(row.at("revoked_at").is_string());
}

TEST_F(Key, IsMadeForOutreachAsWellButNotForAModuleWithoutKeys) {
  const std::vector<std::string> words = {"key",      "create", "--user-id", "campaigns",
                                          "--scopes", "write",  "--module"};
  const auto in = [&](const std::string& module) {
    std::vector<std::string> all = words;
    all.push_back(module);
    return run(all);
  };
  EXPECT_EQ(in("outreach").exit_code, 0);
  EXPECT_THAT(in("leads").err, HasSubstr("leads accepts no API keys"));
  EXPECT_THAT(in("nothing").err, HasSubstr("There is no module 'nothing'"));
}

TEST_F(Key, IsRefusedWithAReasonWhereItMakesNoSense) {
  create_user();
  const auto refusal = [&](std::vector<std::string> more) {
    std::vector<std::string> all = {"key"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = run(all);
    EXPECT_NE(outcome.exit_code, 0);
    return outcome.err;
  };
  EXPECT_THAT(refusal({"create", "--user-id", "bob@x", "--scopes", "read"}),
              HasSubstr("no active account"));
  EXPECT_THAT(refusal({"create", "--user-id", "ada@desk.example", "--scopes", "reed"}),
              HasSubstr("read, write, admin"));
  EXPECT_THAT(refusal({"revoke", "7"}), HasSubstr("no API key with id 7"));
  EXPECT_THAT(refusal({"revoke", "seven"}), HasSubstr("no id of a key"));
}

}  // namespace
}  // namespace parley::test
