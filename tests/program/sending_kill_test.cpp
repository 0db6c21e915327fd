// `parley serve` killed outright while it sends: no message is handed to the provider twice, none
// is lost, and none is called sent that was not. The seed can be given: PARLEY_TEST_SEED=7.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "http/fake_provider.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

constexpr const char* kPrefix = "/api/v1/outreach";

unsigned seed() {
  const char* text = std::getenv("PARLEY_TEST_SEED");
  return text == nullptr ? std::random_device()()
                         : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

class KillSending : public testing::TestWithParam<TestEngine> {
 protected:
  KillSending() {
    std::ofstream(directory_.path() + "/parley.toml")
        << "[outreach.channels.email]\nkind = \"http\"\nworkers = 4\ntimeout_seconds = 1\n"
        << "lease_seconds = 2\nurl = \"" << provider_.url() << "/send\"\n"
        << "template = '{\"to\": \"{email}\"}'\n"
        << "[outreach.quotas]\nemail_per_day = 0\n"
        // Whoever waits asks more often than the limit of requests lets them.
        << "[outreach.limits]\nrequests_per_minute = 0\n";
  }

  std::unique_ptr<RunningServer> serve() {
    return std::make_unique<RunningServer>(
        std::vector<std::string>{"--config", directory_.path() + "/parley.toml"}, directory_.path(),
        Environment{{"PARLEY_DATABASE_OUTREACH", database_.url_text()}});
  }

  static JsonObject call(const RunningServer& server, const std::string& method,
                         const std::string& path, const std::string& body = {}) {
    const HttpAnswer answer = http_call(server.port(), method, kPrefix + path, {}, body);
    if (answer.status >= 300)
      throw std::runtime_error(method + " " + path + " was answered with " + answer.body);
    return answer.json().as_object();
  }

  /// Queues so many messages, `n0@x.example` and so on; the session's id.
  std::string queue(const RunningServer& server, int count) {
    const std::string session = json::value_to<std::string>(
        call(server, "POST", "/sessions", R"({"channel": "email", "template_name": "T"})")
            .at("session_id"));
    json::array recipients;
    for (int i = 0; i < count; ++i)
      recipients.push_back(JsonObject{{"name", "N"}, {"email", fmt::format("n{}@x.example", i)}});
    const JsonObject queued =
        call(server, "POST", "/sessions/" + session + "/send",
             to_text(JsonObject{{"template", {{"content", "Hi"}}}, {"recipients", recipients}}));
    EXPECT_EQ(queued.at("queued"), count);
    return session;
  }

  /// The messages of the session by address, once none of them is on its way any more.
  std::map<std::string, JsonObject> settled(const RunningServer& server,
                                            const std::string& session) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    for (;;) {
      std::map<std::string, JsonObject> messages;
      bool is_settled = true;
      const JsonObject list = call(server, "GET", "/messages?limit=1000&session_id=" + session);
      for (const Json& message : list.at("data").as_array()) {
        const JsonObject& fields = message.as_object();
        const bool is_unknown = fields.at("delivery_status") == "unknown";
        is_settled = is_settled && (fields.at("message_status") == "sent" || is_unknown);
        messages[json::value_to<std::string>(fields.at("recipient_email"))] = fields;
      }
      if (is_settled) return messages;
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << "messages are still on their way after a minute";
        return messages;
      }
      std::this_thread::sleep_for(20ms);
    }
  }

  std::map<std::string, int> times_sent() const {
    std::map<std::string, int> times;
    for (const http::Request& request : provider_.requests())
      ++times[json::value_to<std::string>(parse_json(request.body).at("to"))];
    return times;
  }

  std::atomic<bool> is_killed_ = false;
  FakeProvider provider_;
  TemporaryDirectory directory_;
  TestDatabase database_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, KillSending, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

// The provider has taken the message, and the process ends before it could write that down.
TEST_P(KillSending, BetweenTheProvidersAcceptanceAndItsRecord) {
  auto server = serve();
  std::atomic<bool> is_first = true;
  std::atomic<bool> is_queued = false;
  provider_.answer([&](const http::Request&) {
    if (is_first.exchange(false)) {
      is_queued.wait(false);  // Whoever queued it has been answered.
      server->kill();
      is_killed_ = true;
      is_killed_.notify_all();
    }
    return http::Response::json(200, JsonObject{{"id", "taken"}});
  });
  const std::string session = queue(*server, 1);
  is_queued = true;
  is_queued.notify_all();
  ASSERT_TRUE(provider_.wait_for(1));
  is_killed_.wait(false);
  server = serve();
  const auto messages = settled(*server, session);
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages.begin()->second.at("message_status"), "sending");
  EXPECT_EQ(messages.begin()->second.at("delivery_status"), "unknown");
  EXPECT_THAT(provider_.requests(), SizeIs(1));
  const std::string id = json::value_to<std::string>(messages.begin()->second.at("id"));
  call(*server, "POST", "/messages/" + id + "/retry");
  EXPECT_EQ(settled(*server, session).begin()->second.at("message_status"), "sent");
  EXPECT_THAT(provider_.requests(), SizeIs(2));
}

TEST_P(KillSending, AtAnyMomentSendsNothingTwiceAndLosesNothing) {
  const unsigned number = seed();
  SCOPED_TRACE(fmt::format("PARLEY_TEST_SEED={}", number));
  std::minstd_rand random(number);
  constexpr int kMessages = 150;
  auto server = serve();
  const std::string session = queue(*server, kMessages);
  for (int kill = 0; kill < 3; ++kill) {
    // After so many more messages, wherever the workers are then.
    ASSERT_TRUE(provider_.wait_for(provider_.count() + 5 + random() % 20));
    server->kill();
    server = serve();
  }
  const auto messages = settled(*server, session);
  ASSERT_THAT(messages, SizeIs(kMessages));
  const auto times = times_sent();
  int unknown = 0;
  for (const auto& [address, message] : messages) {
    const auto sent = times.find(address);
    EXPECT_LE(sent == times.end() ? 0 : sent->second, 1) << address;
    if (message.at("message_status") == "sent") {
      EXPECT_NE(sent, times.end()) << address << " is called sent and was not";
    } else {
      ++unknown;
    }
  }
  // Each of four workers was at most at one message each time.
  EXPECT_LE(unknown, 12);
}

}  // namespace
}  // namespace parley::test
