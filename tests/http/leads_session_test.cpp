// /api/agent-sessions: opened, listed, changed, counted on, ended, timed out.

#include <thread>

#include "http/leads_server.h"

namespace parley::test {
namespace {

using leads::AgentSessionRow;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kSessions = "/api/agent-sessions/";

std::string path(std::int64_t id, const std::string& rest = {}) {
  return kSessions + std::to_string(id) + rest;
}

class LeadsSession : public LeadsTest {
 protected:
  std::int64_t agent = server.add_agent("Sarah").id;
  std::int64_t lead = server.add_lead("Ann").id;

  JsonObject wanted(std::int64_t lead_id) const {
    return {{"agent_id", agent}, {"lead_id", lead_id}, {"trigger_type", "support_ticket"}};
  }
  std::int64_t open(std::int64_t lead_id) {
    return number_at(server.post(kSessions, wanted(lead_id)), "id");
  }
  std::string status_of(std::int64_t id) { return server.session(id).session_status; }

  std::vector<std::int64_t> ids(const std::string& query) const {
    std::vector<std::int64_t> found;
    const JsonObject list = server.get(kSessions + query);
    for (const Json& each : list.at("sessions").as_array()) {
      found.push_back(each.at("id").as_int64());
    }
    return found;
  }
};

TEST_P(LeadsSession, AnswerHasEveryColumn) {
  JsonObject given = wanted(lead);
  given["session_goal"] = "provide_support";
  given["initial_context"] = JsonObject{{"ticket", 7}};
  given["auto_timeout_hours"] = 2;
  given["max_message_count"] = 5;
  const JsonObject session = server.post(kSessions, given);
  std::vector<std::string> fields;
  for (const auto& field : session) fields.emplace_back(field.key());
  EXPECT_EQ(fields, schema::column_names<AgentSessionRow>());
  for (const auto& field : given) EXPECT_EQ(session.at(field.key()), field.value());
  EXPECT_EQ(session.at("session_status"), "active");
  EXPECT_EQ(session.at("message_count"), 0);
  EXPECT_EQ(session.at("session_metadata"), JsonObject{});
  EXPECT_EQ(session.at("response_time_avg"), "0.0");
  EXPECT_EQ(session.at("active_follow_up_sequences"), json::array{});
  EXPECT_EQ(session.at("follow_up_sequence_state"), JsonObject{});
  EXPECT_EQ(session.at("ended_at"), nullptr);
  EXPECT_EQ(server.get(path(number_at(session, "id"))), session);
  EXPECT_THAT(server.messages(), IsEmpty());
  EXPECT_THAT(server.events("lead:" + std::to_string(lead)), ElementsAre("session.started"));
}

TEST_P(LeadsSession, JsonColumnsOfOldRowsAreNeverNull) {
  const std::int64_t id = open(lead);
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&AgentSessionRow::id>(id),
                  store::set<&AgentSessionRow::initial_context>(std::nullopt),
                  store::set<&AgentSessionRow::session_metadata>(Json("{\"a\":1}")),
                  store::set<&AgentSessionRow::active_follow_up_sequences>(std::nullopt),
                  store::set<&AgentSessionRow::follow_up_sequence_state>(std::nullopt));
  });
  const JsonObject session = server.get(path(id));
  EXPECT_EQ(session.at("initial_context"), JsonObject{});
  EXPECT_EQ(session.at("session_metadata"), (JsonObject{{"a", 1}}));
  EXPECT_EQ(session.at("active_follow_up_sequences"), json::array{});
  EXPECT_EQ(session.at("follow_up_sequence_state"), JsonObject{});
}

TEST_P(LeadsSession, LeadHasOneThatIsLive) {
  const std::int64_t id = open(lead);
  play(server, {{"second",
                 "POST",
                 kSessions,
                 "",
                 json_of(wanted(lead)),
                 400,
                 {"Lead already has an active session (ID: " + std::to_string(id) + ")"},
                 {},
                 {}},
                {"no lead", "POST", kSessions, "", json_of(wanted(77)), 404, {"77"}, {}, {}},
                {"no agent",
                 "POST",
                 kSessions,
                 "",
                 json_of({{"agent_id", 78}, {"lead_id", lead}, {"trigger_type", "x"}}),
                 404,
                 {"78"},
                 {},
                 {}}});
  server.post(path(id, "/end"), {});
  EXPECT_NE(open(lead), id);
}

TEST_P(LeadsSession, OfTwoNodesOneOpensIt) {
  const LeadsServer second(server);
  for (int round = 0; round < 5; ++round) {
    const std::int64_t id = server.add_lead("Lead " + std::to_string(round)).id;
    const std::string body = json_of(wanted(id));
    HttpAnswer to_second;
    std::thread other([&] { to_second = second.call("POST", kSessions, "", body); });
    const HttpAnswer to_first = server.call("POST", kSessions, "", body);
    other.join();
    EXPECT_EQ(to_first.status + to_second.status, 600) << to_first.body << to_second.body;
  }
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 5U);
}

TEST_P(LeadsSession, SilentOneDoesNotStandInTheWay) {
  const std::int64_t old = open(lead);
  server.clock.advance(std::chrono::hours(49));
  EXPECT_NE(open(lead), old);
  EXPECT_EQ(status_of(old), "timeout");
}

TEST_P(LeadsSession, ListIsNewestFirstAndFiltered) {
  const std::int64_t other = server.add_lead("Bob").id;
  const std::int64_t first = open(lead);
  const std::int64_t second = open(other);
  server.post(path(first, "/end"), {});
  const std::int64_t third = open(lead);
  EXPECT_THAT(ids(""), ElementsAre(third, second, first));
  EXPECT_THAT(ids("?status=active"), ElementsAre(third, second));
  EXPECT_THAT(ids("?lead_id=" + std::to_string(lead)), ElementsAre(third, first));
  EXPECT_THAT(ids("?agent_id=" + std::to_string(agent + 1)), IsEmpty());
  EXPECT_THAT(ids("?page_size=2&page=2"), ElementsAre(first));
  const JsonObject page = server.get(kSessions + "?page_size=2");
  EXPECT_EQ(page.at("total"), 3);
  EXPECT_EQ(page.at("page_size"), 2);
  EXPECT_EQ(page.at("total_pages"), 2);
}

TEST_P(LeadsSession, ActiveOneOfALead) {
  const std::string active = kSessions + "lead/" + std::to_string(lead) + "/active";
  EXPECT_EQ(server.call("GET", active, "").body, "null");
  const std::int64_t id = open(lead);
  EXPECT_EQ(server.get(active).at("id"), id);
  EXPECT_EQ(server.get(active + "/").at("id"), id);
  EXPECT_EQ(server.get(kSessions + "active/count").at("active_sessions"), 1);
  play(server, {{"no lead", "GET", kSessions + "lead/77/active", "", "", 404, {"77"}, {}, {}}});
}

TEST_P(LeadsSession, ChangeEndsItOnce) {
  const std::int64_t id = open(lead);
  const JsonObject ended = server.ok(200, "PUT", path(id), "",
                                     R"({"session_status":"escalated","escalated_to":"Eve",
                                         "escalation_reason":"angry","satisfaction_score":"4"})");
  EXPECT_EQ(ended.at("session_status"), "escalated");
  EXPECT_EQ(ended.at("escalated_to"), "Eve");
  EXPECT_EQ(ended.at("escalation_reason"), "angry");
  EXPECT_EQ(ended.at("satisfaction_score"), "4");
  EXPECT_EQ(ended.at("ended_at"), "2025-03-15T10:00:00.000000Z");
  server.clock.advance(std::chrono::seconds(5));
  const JsonObject again = server.ok(200, "PUT", path(id), "", R"({"session_status":"completed"})");
  EXPECT_EQ(again.at("ended_at"), ended.at("ended_at"));
  const JsonObject same = server.ok(200, "PUT", path(id), "", R"({"session_status":"completed"})");
  EXPECT_EQ(same.at("session_status"), "completed");
  EXPECT_THAT(server.events("lead:" + std::to_string(lead)),
              ElementsAre("session.started", "session.status_changed", "session.status_changed"));
}

TEST_P(LeadsSession, IsNotBroughtBackBesideAnother) {
  const std::int64_t first = open(lead);
  server.post(path(first, "/end"), {});
  const std::int64_t second = open(lead);
  play(server,
       {{"beside",
         "PUT",
         path(first),
         "",
         R"({"session_status":"active"})",
         409,
         {std::to_string(second)},
         {},
         {}},
        {"pause", "PUT", path(second), "", R"({"session_status":"paused"})", 200, {}, {}, {}},
        {"now",
         "PUT",
         path(first),
         "",
         R"({"session_status":"active"})",
         200,
         {R"("ended_at":null)"},
         {},
         {}}});
}

TEST_P(LeadsSession, CountsMessagesUntilItEscalates) {
  JsonObject given = wanted(lead);
  given["max_message_count"] = 2;
  const std::int64_t id = number_at(server.post(kSessions, given), "id");
  const JsonObject once = server.post(path(id, "/message"), {{"from_agent", false}});
  EXPECT_EQ(once.at("message_count"), 1);
  EXPECT_EQ(once.at("last_message_from"), "lead");
  EXPECT_EQ(once.at("last_message_at"), "2025-03-15T10:00:00.000000Z");
  const JsonObject twice = server.post(path(id, "/message"), {});
  EXPECT_EQ(twice.at("message_count"), 2);
  EXPECT_EQ(twice.at("last_message_from"), "agent");
  EXPECT_EQ(twice.at("session_status"), "escalated");
  EXPECT_EQ(twice.at("completion_reason"), "max_message_count_reached");
  EXPECT_EQ(twice.at("escalation_reason"), "max_message_count_reached");
  play(server, {{"ended", "POST", path(id, "/message"), "", "{}", 400, {"not active"}, {}, {}}});
}

TEST_P(LeadsSession, EndsCompletedOrEscalated) {
  const std::int64_t first = open(lead);
  const JsonObject done = server.post(path(first, "/end?reason=won"), {});
  EXPECT_EQ(done.at("session_status"), "completed");
  EXPECT_EQ(done.at("completion_reason"), "won");
  EXPECT_EQ(done.at("ended_at"), "2025-03-15T10:00:00.000000Z");
  const std::int64_t second = open(lead);
  const JsonObject given = server.post(path(second, "/end?reason=hard&escalated_to=Eve"), {});
  EXPECT_EQ(given.at("session_status"), "escalated");
  EXPECT_EQ(given.at("escalated_to"), "Eve");
  EXPECT_EQ(given.at("escalation_reason"), "hard");
  play(server, {{"ended", "POST", path(first, "/end"), "", "", 400, {"completed"}, {}, {}}});
}

TEST_P(LeadsSession, SweepTimesOutWhatWasSilentForTooLong) {
  JsonObject patient = wanted(server.add_lead("Bob").id);
  patient["auto_timeout_hours"] = 100;
  const std::int64_t stays = number_at(server.post(kSessions, patient), "id");
  const std::int64_t silent = open(lead);
  const std::int64_t talking = open(server.add_lead("Cat").id);
  server.clock.advance(std::chrono::hours(47));
  server.post(path(talking, "/message"), {});
  server.clock.advance(std::chrono::hours(2));
  const std::string sweep = kSessions + "cleanup/timeout";
  EXPECT_EQ(server.post(sweep, {}).at("sessions_timed_out"), 1);
  EXPECT_EQ(status_of(silent), "timeout");
  EXPECT_EQ(server.session(silent).completion_reason, "inactivity_timeout");
  EXPECT_EQ(server.session(silent).ended_at, server.clock.now());
  EXPECT_EQ(status_of(talking), "active");
  EXPECT_EQ(status_of(stays), "active");
  EXPECT_EQ(server.post(sweep + "/", {}).at("sessions_timed_out"), 0);
}

TEST_P(LeadsSession, BadInputIsRefused) {
  play(server,
       {{"nothing",
         "POST",
         kSessions,
         "",
         "{}",
         422,
         {"/agent_id", "/lead_id", "/trigger_type"},
         {},
         {}},
        {"hours",
         "POST",
         kSessions,
         "",
         json_of({{"agent_id", agent},
                  {"lead_id", lead},
                  {"trigger_type", "x"},
                  {"auto_timeout_hours", 0}}),
         422,
         {"/auto_timeout_hours"},
         {},
         {}},
        {"status",
         "PUT",
         path(1),
         "",
         R"({"session_status":"asleep"})",
         422,
         {"taken_over"},
         {},
         {}},
        {"missing", "GET", path(77), "", "", 404, {"77"}, {}, {}},
        {"word", "GET", kSessions + "x", "", "", 422, {}, {}, {}},
        {"change", "PUT", path(77), "", R"({"session_status":"active"})", 404, {"77"}, {}, {}},
        {"end", "POST", path(77, "/end"), "", "", 404, {"77"}, {}, {}},
        {"filter", "GET", kSessions + "?status=asleep", "", "", 422, {}, {}, {}},
        {"size", "GET", kSessions + "?page_size=101", "", "", 422, {}, {}, {}}});
  EXPECT_THAT(server.rows<AgentSessionRow>(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsSession, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
