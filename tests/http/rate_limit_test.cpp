#include <gmock/gmock.h>

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

live_agent::Settings with_limits(live_agent::Limits limits) {
  live_agent::Settings settings = LiveAgentServer::default_settings();
  settings.limits = limits;
  return settings;
}

TEST(LiveAgentLimits, LoginsAreCountedByAddressAndEmail) {
  const LiveAgentServer server(TestEngine::Sqlite, with_limits({.logins_per_minute = 2}));
  const auto log_in = [&](std::string_view email) {
    return server.call("POST", "/api/v1/auth/login", "",
                       json_of({{"email", email}, {"password", "wrong"}}));
  };
  EXPECT_EQ(log_in("max@desk.example").status, 401);
  EXPECT_EQ(log_in("max@desk.example").status, 401);
  const HttpAnswer refused = log_in("max@desk.example");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  EXPECT_EQ(refused.json().at("success"), Json(false));
  EXPECT_EQ(log_in("eva@desk.example").status, 401) << "another account has its own count";
}

TEST(LiveAgentLimits, SessionsAndOtherRequestsHaveCountsOfTheirOwn) {
  LiveAgentServer server(TestEngine::Sqlite,
                         with_limits({.sessions_per_minute = 1, .requests_per_minute = 2}));
  const std::string ann = server.user_token("ann@example.org");
  const std::string opening = json_of({{"initial_message", "hello"}});
  const auto open = [&] { return server.call("POST", live_agent("/sessions"), ann, opening); };
  const auto list = [&] { return server.call("GET", live_agent("/sessions"), ann); };
  EXPECT_EQ(open().status, 201);
  EXPECT_EQ(open().status, 429);
  EXPECT_EQ(list().status, 200);
  EXPECT_EQ(list().status, 200);
  EXPECT_EQ(list().status, 429);
  EXPECT_EQ(
      server.call("GET", live_agent("/sessions"), server.user_token("bob@example.org")).status,
      200);
  server.clock.advance(std::chrono::seconds(61));
  EXPECT_EQ(open().status, 201);
  EXPECT_EQ(list().status, 200);
}

TEST(LiveAgentLimits, ForgedTokensAreRefusedWithoutBeingCounted) {
  const LiveAgentServer server(TestEngine::Sqlite, with_limits({.requests_per_minute = 1}));
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(server.call("GET", live_agent("/sessions"), "forged").status, 401);
}

}  // namespace
}  // namespace parley::test
