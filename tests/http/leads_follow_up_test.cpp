// Follow-ups: made with a session, carried out when due, once, and given up when not wanted.

#include <thread>

#include "http/leads_server.h"
#include "leads/follow_up_run.h"
#include "leads/upkeep.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using leads::AgentSessionRow;
using leads::FollowUpTaskRow;
using leads::MessageRow;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kFollowUps = "/api/testing/follow-ups/";

/// Two steps of a sequence: after half an hour, and after a day.
constexpr std::string_view kSteps = R"([
  {"id":"later","type":"time_based_trigger","sequence_position":2,
   "trigger":{"event":"no_response","delay_minutes":1440,"original_delay":1,"original_unit":"days"},
   "action":{"type":"send_message","template":"Still there, <first_name>?",
             "template_type":"no_response_sequence"}},
  {"id":"soon","type":"time_based_trigger","sequence_position":1,
   "trigger":{"event":"no_response","delay_minutes":0.5,"original_delay":30,
              "original_unit":"seconds"},
   "action":{"type":"send_message","template":"Hi {{first_name}}, it is {{agent_name}} {again}.",
             "template_type":"no_response_sequence"}},
  {"id":"other","type":"send_message","action":{"template":"never"}}
])";

class LeadsFollowUp : public LeadsTest {
 protected:
  AgentRow agent_with(std::string_view steps) {
    return server.add_agent("Sarah", [&](AgentRow& agent) {
      agent.triggers = json::array{"website_visit"};
      agent.workflow_steps = parse_json(steps);
    });
  }

  /// A session that an event opened; its greeting is there.
  std::int64_t open(const std::string& name = "Ann Lee") {
    lead = server.add_lead(name).id;
    const JsonObject fired =
        server.post("/api/workflows/events/website-visit", {{"lead_id", lead}});
    return fired.at("sessions_created").at(0).as_int64();
  }

  JsonObject execute() const {
    return server.post(kFollowUps + "execute-due-tasks", {}).at("execution_results").as_object();
  }
  JsonObject tasks_of(std::int64_t session) const {
    return server.get(kFollowUps + "session/" + std::to_string(session) + "/tasks");
  }
  std::vector<std::string> statuses() {
    std::vector<std::string> found;
    for (const auto& task : server.rows<FollowUpTaskRow>()) found.push_back(task.status);
    return found;
  }
  void change(const std::vector<store::Assignment<FollowUpTaskRow>>& assignments,
              const store::Condition<FollowUpTaskRow>& condition = {}) {
    server.write(
        [&](store::UnitOfWork& unit) { store::update(unit.connection, condition, assignments); });
  }

  std::int64_t lead = 0;
};

TEST_P(LeadsFollowUp, StepsBecomeTasksOfTheSession) {
  const AgentRow agent = agent_with(kSteps);
  const std::int64_t session = open();
  const auto tasks = server.rows<FollowUpTaskRow>();
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].workflow_step_id, "soon");
  EXPECT_EQ(tasks[0].agent_id, agent.id);
  EXPECT_EQ(tasks[0].lead_id, lead);
  EXPECT_EQ(tasks[0].agent_session_id, session);
  EXPECT_EQ(tasks[0].task_type, "no_response_sequence");
  EXPECT_EQ(tasks[0].sequence_name, "no_response_sequence");
  EXPECT_EQ(tasks[0].sequence_position, 1);
  EXPECT_EQ(tasks[0].total_sequence_steps, 2);
  EXPECT_EQ(tasks[0].trigger_event, "no_response");
  EXPECT_EQ(tasks[0].delay_minutes, 0.5);
  EXPECT_EQ(tasks[0].original_delay, 30);
  EXPECT_EQ(tasks[0].original_unit, "seconds");
  EXPECT_EQ(tasks[0].scheduled_at, server.clock.now() + std::chrono::seconds(30));
  EXPECT_EQ(tasks[0].status, "pending");
  EXPECT_EQ(tasks[0].max_retries, 3);
  EXPECT_EQ(tasks[1].scheduled_at, server.clock.now() + std::chrono::hours(24));
  EXPECT_EQ(*server.session(session).active_follow_up_sequences,
            Json(json::array{"no_response_sequence"}));
  EXPECT_THAT(server.events("lead:" + std::to_string(lead)),
              ElementsAre("session.started", "follow_up.scheduled", "follow_up.scheduled",
                          "message.created"));

  const JsonObject listed = tasks_of(session);
  EXPECT_EQ(listed.at("total_tasks"), 2);
  EXPECT_EQ(listed.at("session_id"), session);
  EXPECT_EQ(listed.at("tasks").at(0).at("sequence_position"), 1);
  EXPECT_EQ(listed.at("tasks").at(0).at("delay_minutes"), 0.5);
  EXPECT_EQ(listed.at("tasks").at(1).at("original_unit"), "days");
  EXPECT_EQ(listed.at("tasks").at(1).at("message_template"), "Still there, <first_name>?");
}

TEST_P(LeadsFollowUp, IsCarriedOutWhenDue) {
  const AgentRow agent = agent_with(kSteps);
  const std::int64_t session = open();
  server.clock.advance(std::chrono::seconds(29));
  EXPECT_EQ(execute().at("tasks"), json::array{});
  server.clock.advance(std::chrono::seconds(1));
  const JsonObject round = execute();
  EXPECT_EQ(round.at("executed"), 1);
  EXPECT_EQ(round.at("failed"), 0);
  EXPECT_EQ(round.at("skipped"), 0);
  EXPECT_EQ(round.at("tasks").at(0).at("status"), "executed");
  EXPECT_EQ(round.at("tasks").at(0).at("sequence_progress"), "1/2");

  const MessageRow said = server.messages().back();
  EXPECT_EQ(said.id, round.at("tasks").at(0).at("message_id").as_int64());
  EXPECT_EQ(said.content, "Hi Ann, it is Sarah {again}.");
  EXPECT_EQ(said.sender_type, "agent");
  EXPECT_EQ(said.sender_name, "Sarah");
  EXPECT_EQ(said.agent_id, agent.id);
  EXPECT_EQ(said.model_used, "fallback");
  EXPECT_EQ(said.response_time_ms, 0);
  EXPECT_EQ(said.delivery_status, std::nullopt);
  EXPECT_EQ(said.message_metadata->at("is_follow_up"), true);
  EXPECT_EQ(said.message_metadata->at("template_type"), "no_response_sequence");
  EXPECT_EQ(said.message_metadata->at("sequence_position"), 1);
  const FollowUpTaskRow task = server.rows<FollowUpTaskRow>().front();
  EXPECT_EQ(task.status, "executed");
  EXPECT_EQ(task.generated_message_id, said.id);
  EXPECT_EQ(task.executed_at, server.clock.now());
  const AgentSessionRow after = server.session(session);
  EXPECT_EQ(after.message_count, 2);
  EXPECT_EQ(after.last_message_from, "agent");
  EXPECT_EQ(after.last_follow_up_trigger, server.clock.now());
  EXPECT_EQ(after.follow_up_sequence_state->at("no_response_sequence").at("position"), 1);
  EXPECT_EQ(server.events("lead:" + std::to_string(lead)).back(), "follow_up.executed");
  EXPECT_EQ(execute().at("executed"), 0);

  server.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(execute().at("executed"), 1);
  EXPECT_EQ(server.messages().back().content, "Still there, Ann?");
}

TEST_P(LeadsFollowUp, MessageOfTheLeadCancels) {
  agent_with(kSteps);
  open();
  server.route(lead, "hello");
  EXPECT_THAT(statuses(), ElementsAre("cancelled", "cancelled"));
  EXPECT_EQ(server.rows<FollowUpTaskRow>().front().failure_reason, "lead_responded");
  server.clock.advance(std::chrono::hours(48));
  EXPECT_EQ(execute().at("tasks"), json::array{});
}

TEST_P(LeadsFollowUp, OtherTypesSurviveAMessageUnlessTheyNeedSilence) {
  agent_with(R"([
    {"id":"a","type":"time_based_trigger","trigger":{"event":"no_response","delay_minutes":1},
     "action":{"template":"a","template_type":"appointment_reminder"}},
    {"id":"b","type":"time_based_trigger","trigger":{"event":"no_response","delay_minutes":1},
     "action":{"template":"b","template_type":"no_response_final"}}])");
  open();
  server.clock.advance(std::chrono::seconds(1));
  server.route(lead, "hello");
  EXPECT_THAT(statuses(), ElementsAre("pending", "pending"));
  server.clock.advance(std::chrono::minutes(1));
  const JsonObject round = execute();
  EXPECT_EQ(round.at("executed"), 1);
  EXPECT_EQ(round.at("skipped"), 1);
  EXPECT_EQ(round.at("tasks").at(1).at("status"), "skipped");
  EXPECT_EQ(round.at("tasks").at(1).at("reason"), "lead_responded");
  EXPECT_THAT(statuses(), ElementsAre("executed", "cancelled"));
}

TEST_P(LeadsFollowUp, EndOfTheSessionCancels) {
  agent_with(kSteps);
  const std::int64_t session = open();
  server.post("/api/agent-sessions/" + std::to_string(session) + "/end", {});
  EXPECT_THAT(statuses(), ElementsAre("cancelled", "cancelled"));
  EXPECT_EQ(server.rows<FollowUpTaskRow>().front().failure_reason, "session_completed");
}

TEST_P(LeadsFollowUp, SessionThatIsNotActiveGetsNone) {
  agent_with(kSteps);
  const std::int64_t session = open();
  server.post("/api/messages/session/" + std::to_string(session) + "/takeover", {});
  server.clock.advance(std::chrono::minutes(1));
  const JsonObject round = execute();
  EXPECT_EQ(round.at("skipped"), 1);
  EXPECT_EQ(round.at("tasks").at(0).at("reason"), "session_taken_over");
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_P(LeadsFollowUp, TwoRunnersCarryOutOnce) {
  agent_with(kSteps);
  LeadsServer second(server);
  for (int i = 0; i < 12; ++i) open("Lead " + std::to_string(i));
  for (LeadsServer* node : {&server, &second}) node->clock.advance(std::chrono::minutes(1));
  leads::FollowUpRound of_second;
  std::thread other([&] { of_second = leads::run_due_and_wait(second.store()); });
  const leads::FollowUpRound of_first = leads::run_due_and_wait(server.store());
  other.join();
  using Outcome = leads::FollowUpResult::Outcome;
  EXPECT_EQ(of_first.count(Outcome::Executed) + of_second.count(Outcome::Executed), 12);
  EXPECT_EQ(of_first.count(Outcome::Failed) + of_second.count(Outcome::Failed), 0);
  EXPECT_EQ(server.messages().size(), 24U);  // A greeting and one follow-up each.
}

TEST_P(LeadsFollowUp, FailureIsTriedAgainAndGivenUp) {
  agent_with(R"([{"id":"a","type":"time_based_trigger",
    "trigger":{"event":"no_response","delay_minutes":1},"action":{"template_type":"x"}}])");
  open();
  server.clock.advance(std::chrono::minutes(1));
  for (int attempt = 0; attempt < 4; ++attempt) {
    const JsonObject round = execute();
    EXPECT_EQ(round.at("failed"), 1) << attempt;
    EXPECT_EQ(round.at("tasks").at(0).at("error"), "the step has no message template");
    EXPECT_EQ(execute().at("tasks"), json::array{}) << "not before half an hour";
    server.clock.advance(std::chrono::minutes(30));
  }
  const FollowUpTaskRow task = server.rows<FollowUpTaskRow>().front();
  EXPECT_EQ(task.status, "failed");
  EXPECT_EQ(task.retry_count, 3);
  EXPECT_EQ(task.failure_reason, "the step has no message template");
  EXPECT_EQ(execute().at("tasks"), json::array{});
}

TEST_P(LeadsFollowUp, RetrySucceedsOnceTheCauseIsGone) {
  agent_with(R"([{"id":"a","type":"time_based_trigger",
    "trigger":{"event":"no_response","delay_minutes":1},"action":{"template_type":"x"}}])");
  open();
  server.clock.advance(std::chrono::minutes(1));
  execute();
  change({store::set<&FollowUpTaskRow::message_template>("mended")});
  server.clock.advance(std::chrono::minutes(30));
  EXPECT_EQ(execute().at("executed"), 1);
  EXPECT_EQ(server.messages().back().content, "mended");
  EXPECT_EQ(server.rows<FollowUpTaskRow>().front().failure_reason, std::nullopt);
}

TEST_P(LeadsFollowUp, WaitsForTheTaskItDependsOn) {
  agent_with(kSteps);
  open();
  const auto tasks = server.rows<FollowUpTaskRow>();
  change({store::set<&FollowUpTaskRow::depends_on_task_id>(tasks[1].id)},
         store::equals<&FollowUpTaskRow::id>(tasks[0].id));
  server.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(execute().at("tasks"), json::array{});
  server.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(execute().at("executed"), 1) << "the one that is waited for";
  EXPECT_EQ(execute().at("executed"), 1);
  EXPECT_EQ(server.messages().back().content, "Hi Ann, it is Sarah {again}.");
}

TEST_P(LeadsFollowUp, IsNotWantedWhenTheTaskItDependsOnCameToNothing) {
  agent_with(kSteps);
  open();
  const auto tasks = server.rows<FollowUpTaskRow>();
  change({store::set<&FollowUpTaskRow::depends_on_task_id>(tasks[1].id)},
         store::equals<&FollowUpTaskRow::id>(tasks[0].id));
  change({store::set<&FollowUpTaskRow::status>("failed")},
         store::equals<&FollowUpTaskRow::id>(tasks[1].id));
  server.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(execute().at("tasks").at(0).at("reason"), "needed_task_failed");
}

TEST_P(LeadsFollowUp, StepsThatNoTaskCanHoldAreLeftOut) {
  agent_with(R"([7, {}, {"type":"time_based_trigger"},
    {"type":"time_based_trigger","trigger":{"event":"no_response"},"action":{"template":"x"}},
    {"type":"time_based_trigger","trigger":{"event":"no_response","delay_minutes":1e300},
     "action":{"template":"x"}},
    {"type":"time_based_trigger","trigger":{"event":"birthday","delay_minutes":1},
     "action":{"template":"x"}},
    {"type":"time_based_trigger","trigger":{"event":"no_response","original_delay":2,
     "original_unit":"hours"},"action":{"template":"x"}},
    {"type":"time_based_trigger","trigger":{"event":"no_response","delay_minutes":"-5"},
     "action":{"template":"before"}}])");
  open();
  const auto tasks = server.rows<FollowUpTaskRow>();
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].delay_minutes, 120);
  EXPECT_EQ(tasks[0].workflow_step_id, "step_7");
  EXPECT_EQ(tasks[1].scheduled_at, server.clock.now() - std::chrono::minutes(5));
  EXPECT_EQ(execute().at("executed"), 1);
  EXPECT_EQ(server.messages().back().content, "before");
}

TEST_P(LeadsFollowUp, TasksAreListedAndCounted) {
  agent_with(kSteps);
  open();
  server.clock.advance(std::chrono::minutes(1));
  execute();
  EXPECT_EQ(server.get(kFollowUps + "all-tasks").at("total_tasks"), 2);
  const JsonObject pending = server.get(kFollowUps + "all-tasks/?status=pending&limit=1");
  EXPECT_EQ(pending.at("filter_status"), "pending");
  EXPECT_EQ(pending.at("tasks").at(0).at("status"), "pending");
  const JsonObject figures =
      server.get(kFollowUps + "stats?days_back=3").at("statistics").as_object();
  EXPECT_EQ(figures.at("period_days"), 3);
  EXPECT_EQ(figures.at("total_tasks"), 2);
  EXPECT_EQ(figures.at("executed"), 1);
  EXPECT_EQ(figures.at("pending"), 1);
  EXPECT_EQ(figures.at("success_rate"), 100.0);
  server.clock.advance(std::chrono::days(4));
  EXPECT_EQ(server.get(kFollowUps + "stats?days_back=3").at("statistics").at("total_tasks"), 0);
}

TEST_P(LeadsFollowUp, AreCancelledByHand) {
  agent_with(kSteps);
  const std::int64_t session = open();
  const std::string base = kFollowUps + "session/" + std::to_string(session);
  const JsonObject none =
      server.ok(200, "POST", base + "/cancel-tasks?reason=test", "", R"(["other_type"])");
  EXPECT_EQ(none.at("cancelled_tasks"), 0);
  EXPECT_EQ(none.at("reason"), "test");
  const JsonObject all = server.ok(200, "POST", base + "/cancel-tasks?reason=test", "");
  EXPECT_EQ(all.at("cancelled_tasks"), 2);
  EXPECT_EQ(server.rows<FollowUpTaskRow>().front().failure_reason, "test");
}

TEST_P(LeadsFollowUp, AnswerOfALeadIsSimulated) {
  agent_with(kSteps);
  const std::int64_t session = open();
  const std::string path =
      kFollowUps + "session/" + std::to_string(session) + "/simulate-lead-response";
  const JsonObject handled = server.post(path, {}).at("response_handling").as_object();
  EXPECT_EQ(handled.at("session_id"), session);
  EXPECT_EQ(handled.at("cancelled_tasks"), 2);
  EXPECT_THAT(statuses(), ElementsAre("cancelled", "cancelled"));
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_P(LeadsFollowUp, RunnerOfTheServerCarriesThemOut) {
  agent_with(kSteps);
  const std::int64_t session = open();
  server.clock.advance(std::chrono::hours(49));
  leads::Settings settings = LeadsServer::default_settings();
  settings.follow_ups_every = std::chrono::milliseconds(20);
  settings.timeout_sweep_every = std::chrono::milliseconds(0);
  leads::Upkeep upkeep(server.store(), settings);
  upkeep.start();
  EXPECT_TRUE(LeadsServer::becomes([&] { return server.messages().size() == 3U; }));
  upkeep.stop();
  EXPECT_EQ(server.session(session).message_count, 3);
}

TEST_P(LeadsFollowUp, SweepOfTheServerTimesOut) {
  agent_with(kSteps);
  const std::int64_t session = open();
  server.clock.advance(std::chrono::hours(49));
  leads::Settings settings = LeadsServer::default_settings();
  settings.follow_ups_every = std::chrono::milliseconds(0);
  settings.timeout_sweep_every = std::chrono::milliseconds(20);
  leads::Upkeep upkeep(server.store(), settings);
  upkeep.start();
  EXPECT_TRUE(
      LeadsServer::becomes([&] { return server.session(session).session_status == "timeout"; }));
  upkeep.stop();
  EXPECT_THAT(statuses(), ElementsAre("cancelled", "cancelled"));
}

TEST_P(LeadsFollowUp, BadInputIsRefused) {
  play(server,
       {{"session", "GET", kFollowUps + "session/77/tasks", "", "", 404, {"77"}, {}, {}},
        {"cancel", "POST", kFollowUps + "session/77/cancel-tasks", "", "", 404, {"77"}, {}, {}},
        {"types", "POST", kFollowUps + "session/77/cancel-tasks", "", "{}", 422, {}, {}, {}},
        {"no json", "POST", kFollowUps + "session/77/cancel-tasks", "", "[", 422, {}, {}, {}},
        {"simulate",
         "POST",
         kFollowUps + "session/77/simulate-lead-response",
         "",
         "",
         404,
         {},
         {},
         {}},
        {"status", "GET", kFollowUps + "all-tasks?status=odd", "", "", 422, {"skipped"}, {}, {}},
        {"days", "GET", kFollowUps + "stats?days_back=0", "", "", 422, {}, {}, {}}});
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsFollowUp, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
