// GET /agent/statistics.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::Role;

const std::string kStatistics = "/api/v1/live-agent/agent/statistics";

class StatisticsOverHttp : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  TestAgent bob = server.add_agent("Bob");
  TestAgent sue = server.add_agent("Sue", Role::Supervisor);

  JsonObject data(const std::string& query, const std::string& token) const {
    const JsonObject answer = server.ok(200, "GET", kStatistics + query, token);
    EXPECT_EQ(answer.at("success"), true);
    return answer.at("data").as_object();
  }
};

TEST_P(StatisticsOverHttp, OfNothingAreZeroAndNull) {
  EXPECT_EQ(data("", sue.token), (Json{{"total_sessions", 0},
                                       {"pending_sessions", 0},
                                       {"active_sessions", 0},
                                       {"resolved_sessions", 0},
                                       {"closed_sessions", 0},
                                       {"average_response_time_seconds", 0},
                                       {"date_range", {{"from", nullptr}, {"to", nullptr}}},
                                       {"sessions_by_date", json::array()}}));
}

TEST_P(StatisticsOverHttp, CountByStatusAndDay) {
  server.clock.set(parse_timestamp("2025-03-14T23:59:59Z").value());
  const std::string first = server.open_session(ann);
  server.clock.advance(std::chrono::seconds(1));
  const std::string second = server.open_session(ann);
  server.open_session(ann);
  server.set_status(bob.token, first, "closed");
  server.set_status(bob.token, second, "active");
  const JsonObject found = data("", sue.token);
  EXPECT_EQ(found.at("total_sessions"), 3);
  EXPECT_EQ(found.at("pending_sessions"), 1);
  EXPECT_EQ(found.at("active_sessions"), 1);
  EXPECT_EQ(found.at("closed_sessions"), 1);
  EXPECT_EQ(found.at("date_range"),
            (Json{{"from", "2025-03-14T23:59:59.000000Z"}, {"to", "2025-03-15T00:00:00.000000Z"}}));
  EXPECT_EQ(found.at("sessions_by_date"), (Json{{{"date", "2025-03-14"},
                                                 {"total", 1},
                                                 {"pending", 0},
                                                 {"active", 0},
                                                 {"resolved", 0},
                                                 {"closed", 1}},
                                                {{"date", "2025-03-15"},
                                                 {"total", 2},
                                                 {"pending", 1},
                                                 {"active", 1},
                                                 {"resolved", 0},
                                                 {"closed", 0}}}));
  EXPECT_EQ(data("?date_filter=today", sue.token).at("total_sessions"), 2);
  EXPECT_EQ(data("?date_filter=this_month", sue.token).at("date_range"),
            (Json{{"from", "2025-03-01T00:00:00.000000Z"}, {"to", "2025-03-15T00:00:00.000000Z"}}));
}

TEST_P(StatisticsOverHttp, AverageTheFirstAnswer) {
  const std::string quick = server.open_session(ann);
  const std::string slow = server.open_session(ann);
  server.open_session(ann, "never answered");
  server.clock.advance(std::chrono::seconds(10));
  server.send(bob.token, quick, "agent", "here");
  server.clock.advance(std::chrono::seconds(5));
  server.send(bob.token, quick, "agent", "a second answer does not count");
  server.send(bob.token, slow, "agent", "sorry");
  EXPECT_EQ(data("", sue.token).at("average_response_time_seconds"), 13);
}

TEST_P(StatisticsOverHttp, HoldWhatTheCallerSeesAndOneAgentWhenAsked) {
  const TestAgent eve = server.add_agent("Eve");
  const std::string of_bob = server.open_session(ann);
  server.open_session(ann);
  server.set_status(bob.token, of_bob, "active");
  EXPECT_EQ(data("", eve.token).at("total_sessions"), 1);
  EXPECT_EQ(data("", bob.token).at("total_sessions"), 2);
  EXPECT_EQ(data("?agent_id=" + std::to_string(bob.id), sue.token).at("total_sessions"), 1);
  EXPECT_EQ(data("?agent_id=BOB@desk.example", sue.token).at("total_sessions"), 1);
  EXPECT_EQ(data("?agent_id=" + std::to_string(bob.id), eve.token).at("total_sessions"), 0);
  EXPECT_EQ(data("?agent_id=nobody@x", sue.token).at("total_sessions"), 0);
  EXPECT_EQ(data("?agent_id=99999999999", sue.token).at("total_sessions"), 0);
}

TEST_P(StatisticsOverHttp, RefuseBadInput) {
  play(server, {
                   {"filter",
                    "GET",
                    kStatistics + "?date_filter=never",
                    bob.token,
                    "",
                    422,
                    {"today, last_week"},
                    {},
                    {}},
                   {"user", "GET", kStatistics, ann, "", 403, {}, {}, {}},
               });
}

INSTANTIATE_TEST_SUITE_P(Engines, StatisticsOverHttp, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
