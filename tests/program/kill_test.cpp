// `parley serve` killed outright under load, at random moments, again and again: what it answered
// is there exactly once, and the counters equal a recount. The number of times and the seed can be
// given: PARLEY_TEST_KILLS=500 PARLEY_TEST_SEED=7.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "base/text.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

constexpr int kSessions = 4;
constexpr int kSendersOfEachSide = 4;
constexpr unsigned kKillsMin = 3;
constexpr std::chrono::seconds kUsualTime{9};  ///< Unless the number of kills is given.
constexpr const char* kPrefix = "/api/v1/live-agent/";

unsigned number_from_environment(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

/// What was answered with 201: the text of each message by its id.
class Answered {
 public:
  void add(std::int64_t id, const std::string& text) {
    const std::lock_guard lock(mutex_);
    EXPECT_TRUE(texts_.emplace(id, text).second) << "id " << id << " was given twice";
  }
  const std::map<std::int64_t, std::string>& texts() const { return texts_; }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::string> texts_;
};

class Kill : public testing::TestWithParam<TestEngine> {
 protected:
  Kill()
      : seed_(number_from_environment("PARLEY_TEST_SEED", std::random_device()())),
        random_(seed_),
        environment_{{"PARLEY_DATABASE_LIVE_AGENT", database_.url_text()}} {
    run({"user", "create", "--email", "ada@example.org", "--name", "Ada", "--password-stdin"},
        "correct horse\n");
    user_ = bearer("cora@example.org", "user");
    agent_ = bearer("ada@example.org", "agent");
  }

  std::string run(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Outcome outcome = run_parley(arguments, directory_.path(), environment_, input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return std::string(trim(outcome.out));
  }

  HttpHeaders bearer(const std::string& email, const std::string& role) {
    return {{"Authorization", "Bearer " + run({"token", "create", "--module", "live_agent",
                                               "--email", email, "--role", role})}};
  }

  void open_sessions(std::uint16_t port) {
    for (int i = 0; i < kSessions; ++i) {
      const auto answer = http_call(port, "POST", kPrefix + std::string("sessions"), user_,
                                    R"({"initial_message": "hello"})");
      ASSERT_EQ(answer.status, 201) << answer.body;
      sessions_.push_back(json::value_to<std::string>(answer.json().at("session_id")));
    }
  }

  /// Sends messages until the server is gone; an agent also reads what the users wrote.
  void send(std::uint16_t port, int sender) {
    const bool is_user = sender < kSendersOfEachSide;
    const HttpHeaders& headers = is_user ? user_ : agent_;
    try {
      HttpClient client(port);
      for (int number = 0;; ++number) {
        const std::string& session =
            sessions_[static_cast<std::size_t>(sender + number) % sessions_.size()];
        const std::string text = fmt::format("{} {} {}", kills_, sender, number);
        const auto answer = client.call(
            "POST", kPrefix + std::string("messages"), headers,
            fmt::format(R"({{"session_id":"{}","message_text":"{}","sender_type":"{}"}})", session,
                        text, is_user ? "user" : "agent"));
        ASSERT_EQ(answer.status, 201) << answer.body;
        answered_.add(answer.json().at("message_id").as_int64(), text);
        tell(1);
        if (number % 5 != 4) continue;
        client.call("PUT", kPrefix + fmt::format("sessions/{}/messages/read", session), headers,
                    is_user ? R"({"read_by":"user"})" : R"({"read_by":"agent"})");
      }
    } catch (const std::exception&) {
      // The server is gone, in the middle of a request.
    }
  }

  /// Kills the server some answers after the senders began, and at no particular point of a
  /// request.
  void kill_under_load(RunningServer& server) {
    const unsigned wanted = 1 + static_cast<unsigned>(random_()) % 100;
    answers_ = 0;
    std::vector<std::jthread> senders;
    for (int i = 0; i < 2 * kSendersOfEachSide; ++i) {
      senders.emplace_back([this, &server, i] {
        send(server.port(), i);
        tell(1000);  // So that nobody waits for a sender that ended.
      });
    }
    for (unsigned seen = answers_; seen < wanted; seen = answers_) answers_.wait(seen);
    const auto moment =
        std::chrono::steady_clock::now() + std::chrono::microseconds(random_() % 3000);
    while (std::chrono::steady_clock::now() < moment) {
    }
    server.kill();
    ++kills_;
  }

  bool is_time_over() const {
    return std::getenv("PARLEY_TEST_KILLS") == nullptr &&
           std::chrono::steady_clock::now() - began_ > kUsualTime;
  }

  void tell(unsigned answers) {
    answers_ += answers;
    answers_.notify_all();
  }

  void expect_all_answered_once() {
    const auto connection = database_.connect();
    std::map<std::int64_t, std::string> stored;
    std::map<std::string, int> times;
    for (const auto& row :
         database::query(*connection, "SELECT id, message_text FROM live_agent_messages")) {
      const std::string text = database::text_of(row[1]);
      stored.emplace(database::integer_of(row[0]), text);
      const bool is_opening = text == "hello";
      EXPECT_TRUE(is_opening || ++times[text] == 1) << text << " is there twice";
    }
    for (const auto& [id, text] : answered_.texts()) {
      ASSERT_TRUE(stored.contains(id)) << "message " << id << " was answered and is gone: " << text;
      EXPECT_EQ(stored[id], text);
    }
  }

  void expect_counters_equal_a_recount() {
    const auto connection = database_.connect();
    const auto rows =
        database::query(*connection,
                        "SELECT s.id, s.unread_count_agent, s.unread_count_user,"
                        " (SELECT COUNT(*) FROM live_agent_messages m WHERE m.session_id = s.id"
                        "  AND m.sender_type = 'user' AND NOT m.read_by_agent),"
                        " (SELECT COUNT(*) FROM live_agent_messages m WHERE m.session_id = s.id"
                        "  AND m.sender_type = 'agent' AND NOT m.read_by_user)"
                        " FROM live_agent_sessions s");
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(kSessions));
    for (const auto& row : rows) {
      EXPECT_EQ(database::integer_of(row[1]), database::integer_of(row[3])) << "unread by agents";
      EXPECT_EQ(database::integer_of(row[2]), database::integer_of(row[4])) << "unread by the user";
    }
  }

  TemporaryDirectory directory_;
  TestDatabase database_{GetParam()};
  unsigned seed_;
  std::mt19937 random_;
  Environment environment_;
  HttpHeaders user_, agent_;
  std::vector<std::string> sessions_;
  Answered answered_;
  std::atomic<unsigned> answers_ = 0;
  unsigned kills_ = 0;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

INSTANTIATE_TEST_SUITE_P(Engines, Kill, testing::ValuesIn(all_engines()),
                         [](const auto& engine) { return engine_name(engine); });

TEST_P(Kill, LosesNothingThatWasAnsweredAndRepeatsNothing) {
  SCOPED_TRACE(fmt::format("PARLEY_TEST_SEED={}", seed_));
  const unsigned kills = number_from_environment("PARLEY_TEST_KILLS", 50);
  while (kills_ < kills && !(is_time_over() && kills_ >= kKillsMin) && !HasFailure()) {
    RunningServer server({}, directory_.path(), environment_);
    if (sessions_.empty()) open_sessions(server.port());
    expect_all_answered_once();
    expect_counters_equal_a_recount();
    kill_under_load(server);
  }
  const RunningServer server({}, directory_.path(), environment_);
  expect_all_answered_once();
  expect_counters_equal_a_recount();
  EXPECT_GE(answered_.texts().size(), kills);
}

}  // namespace
}  // namespace parley::test
