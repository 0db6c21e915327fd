// /api/workflows, the dashboard and the health of the server.

#include <thread>

#include "http/leads_server.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using leads::AgentSessionRow;
using leads::FollowUpTaskRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kWorkflows = "/api/workflows/";

class LeadsWorkflow : public LeadsTest {
 protected:
  std::int64_t lead = server.add_lead("Ann").id;

  AgentRow agent_for(const std::string& name, std::string_view triggers,
                     std::string_view steps = "[]") {
    return server.add_agent(name, [&](AgentRow& agent) {
      agent.triggers = parse_json(triggers);
      agent.workflow_steps = parse_json(steps);
    });
  }

  JsonObject fire(const std::string& event, JsonObject data = {}) {
    return server.post(kWorkflows + "trigger",
                       {{"event_type", event}, {"lead_id", lead}, {"event_data", std::move(data)}});
  }
};

TEST_P(LeadsWorkflow, EventOpensASession) {
  const AgentRow agent = agent_for("Sarah", R"(["website_visit"])");
  const JsonObject fired = fire("website_visit", {{"page", "prices"}});
  EXPECT_EQ(fired.at("success"), true);
  EXPECT_EQ(fired.at("event_type"), "website_visit");
  EXPECT_EQ(fired.at("lead_id"), lead);
  ASSERT_EQ(fired.at("sessions_created").as_array().size(), 1U);
  const AgentSessionRow session = server.session(fired.at("sessions_created").at(0).as_int64());
  EXPECT_EQ(session.agent_id, agent.id);
  EXPECT_EQ(session.trigger_type, "website_visit");
  EXPECT_EQ(session.session_goal, "close_lead");
  EXPECT_EQ(session.initial_context->at("page"), "prices");
  EXPECT_EQ(session.message_count, 1);
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_P(LeadsWorkflow, EveryEventHasItsPath) {
  const std::vector<std::pair<std::string, std::string>> events{
      {"lead-created", "new_lead"},
      {"form-submission", "form_submission"},
      {"email-opened", "email_opened"},
      {"website-visit", "website_visit"},
      {"meeting-scheduled", "meeting_scheduled"},
      {"support-ticket", "support_ticket"}};
  for (const auto& [path, event] : events) {
    agent_for("Agent for " + event, "[\"" + event + "\"]");
    const std::int64_t id = server.add_lead("Lead of " + event).id;
    const JsonObject fired =
        server.post(kWorkflows + "events/" + path + "/", {{"lead_id", id}, {"detail", "x"}});
    EXPECT_EQ(text_at(fired, "event_type"), event);
    ASSERT_EQ(fired.at("sessions_created").as_array().size(), 1U) << event;
    const auto session = server.session(fired.at("sessions_created").at(0).as_int64());
    EXPECT_EQ(session.trigger_type, event);
    EXPECT_EQ(session.initial_context->at("detail"), "x");
  }
}

TEST_P(LeadsWorkflow, NobodyFitsOrTheLeadIsTalkedTo) {
  EXPECT_EQ(fire("website_visit").at("sessions_created"), json::array{});
  agent_for("Sarah", R"(["website_visit"])");
  EXPECT_EQ(fire("website_visit").at("sessions_created").as_array().size(), 1U);
  const JsonObject again = fire("website_visit");
  EXPECT_EQ(again.at("success"), true);
  EXPECT_EQ(again.at("sessions_created"), json::array{});
  EXPECT_THAT(text_at(again, "message"), HasSubstr("active session"));
}

TEST_P(LeadsWorkflow, SourceOfTheLeadCounts) {
  agent_for("Sarah", R"([{"event":"form_submission","lead_sources":["yelp"]}])");
  EXPECT_EQ(fire("form_submission").at("sessions_created"), json::array{});
  EXPECT_EQ(fire("form_submission", {{"source", "yelp"}}).at("sessions_created").as_array().size(),
            1U);
}

TEST_P(LeadsWorkflow, AgentWithMostStepsComesFirst) {
  agent_for("Newest", R"(["new_lead"])");
  const AgentRow steps = agent_for("Steps", R"(["new_lead"])", R"([{"a":1},{"b":2}])");
  agent_for("Last", R"(["new_lead"])", R"([{"a":1}])");
  const JsonObject fired = fire("new_lead");
  EXPECT_EQ(server.session(fired.at("sessions_created").at(0).as_int64()).agent_id, steps.id);
}

TEST_P(LeadsWorkflow, OfTwoEventsAtOnceOneOpensTheSession) {
  agent_for("Sarah", R"(["website_visit","email_opened"])");
  const LeadsServer second(server);
  for (int round = 0; round < 5; ++round) {
    const std::int64_t id = server.add_lead("Lead " + std::to_string(round)).id;
    const auto body = json_of({{"lead_id", id}});
    std::thread other([&] {
      EXPECT_EQ(second.call("POST", kWorkflows + "events/email-opened", "", body).status, 200);
    });
    EXPECT_EQ(server.call("POST", kWorkflows + "events/website-visit", "", body).status, 200);
    other.join();
  }
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 5U);
  EXPECT_EQ(server.messages().size(), 5U);
}

TEST_P(LeadsWorkflow, TriggerIsTried) {
  const AgentRow agent =
      agent_for("Sarah", R"([{"event":"new_lead","sources":["yelp"]},{"strange":1}])",
                R"([{"type":"unheard of"}])");
  const auto would = [&](JsonObject more) {
    more["agent_id"] = agent.id;
    return server.post(kWorkflows + "test", more);
  };
  EXPECT_EQ(would({{"event_type", "new_lead"}}).at("would_trigger"), true);
  const JsonObject other =
      would({{"event_type", "new_lead"}, {"event_data", JsonObject{{"source", "web"}}}});
  EXPECT_EQ(other.at("would_trigger"), false);
  EXPECT_EQ(other.at("agent_name"), "Sarah");
  EXPECT_THAT(text_at(other, "reason"), HasSubstr("sources"));
  EXPECT_EQ(would({{"event_type", "website_visit"}}).at("would_trigger"), false);
  EXPECT_THAT(server.rows<AgentSessionRow>(), IsEmpty());
}

TEST_P(LeadsWorkflow, SummaryShowsWhatIsNotUnderstood) {
  const AgentRow agent =
      agent_for("Sarah", R"([{"event":"new_lead","sources":["yelp"]},{"strange":1}])",
                R"([{"type":"unheard of"}])");
  agent_for("Plain", R"(["new_lead"])");
  const JsonObject one =
      server.get(kWorkflows + "agents/" + std::to_string(agent.id) + "/triggers");
  EXPECT_EQ(
      one.at("triggers"),
      (Json{{{"event", "new_lead"}, {"active", true}, {"lead_sources", json::array{"yelp"}}}}));
  EXPECT_EQ(one.at("unknown_triggers"), (Json{{{"strange", 1}}}));
  EXPECT_EQ(one.at("unknown_steps"), (Json{{{"type", "unheard of"}}}));
  const JsonObject all = server.get(kWorkflows + "agents/triggers/summary");
  EXPECT_EQ(all.at("total_agents"), 2);
  EXPECT_EQ(all.at("agents_with_triggers"), 2);
  EXPECT_EQ(all.at("agents_by_event").at("new_lead").as_array().size(), 2U);
  EXPECT_EQ(all.at("agents").as_array().size(), 2U);
}

TEST_P(LeadsWorkflow, FiguresCountSessions) {
  agent_for("Sarah", R"(["website_visit"])");
  fire("website_visit");
  const JsonObject figures = server.get(kWorkflows + "stats");
  EXPECT_EQ(figures.at("total_sessions"), 1);
  EXPECT_EQ(figures.at("active_sessions"), 1);
  EXPECT_EQ(figures.at("sessions_by_trigger_type"), (JsonObject{{"website_visit", 1}}));
  EXPECT_EQ(figures.at("sessions_by_status"), (JsonObject{{"active", 1}}));
  const JsonObject recent = server.get(kWorkflows + "sessions/recent?limit=5");
  EXPECT_EQ(recent.at("total_returned"), 1);
  EXPECT_EQ(recent.at("sessions").at(0).at("trigger_type"), "website_visit");
}

TEST_P(LeadsWorkflow, BadInputIsRefused) {
  play(server,
       {{"no lead",
         "POST",
         kWorkflows + "trigger",
         "",
         R"({"event_type":"x","lead_id":77})",
         404,
         {"77"},
         {},
         {}},
        {"nothing",
         "POST",
         kWorkflows + "trigger",
         "",
         "{}",
         422,
         {"/event_type", "/lead_id"},
         {},
         {}},
        {"word",
         "POST",
         kWorkflows + "events/lead-created",
         "",
         R"({"lead_id":"x"})",
         422,
         {"/lead_id"},
         {},
         {}},
        {"no agent",
         "POST",
         kWorkflows + "test",
         "",
         R"({"agent_id":77,"event_type":"x"})",
         404,
         {"77"},
         {},
         {}},
        {"triggers of none", "GET", kWorkflows + "agents/77/triggers", "", "", 404, {"77"}, {}, {}},
        {"limit", "GET", kWorkflows + "sessions/recent?limit=0", "", "", 422, {}, {}, {}}});
}

TEST_P(LeadsWorkflow, DashboardShowsRealFigures) {
  agent_for("Sarah", R"(["website_visit"])");
  fire("website_visit");
  server.route(lead, "hello");
  const JsonObject metrics = server.get("/api/dashboard/metrics");
  EXPECT_EQ(metrics.at("total_leads"), 1);
  EXPECT_EQ(metrics.at("active_leads"), 1);
  EXPECT_EQ(metrics.at("new_leads_today"), 1);
  EXPECT_EQ(metrics.at("total_agents"), 1);
  EXPECT_EQ(metrics.at("active_sessions"), 1);
  EXPECT_EQ(metrics.at("total_messages"), 3);
  EXPECT_EQ(metrics.at("total_calls"), 0);
  const Json leads = server.call("GET", "/api/dashboard/recent-leads/", "").json();
  ASSERT_EQ(leads.as_array().size(), 1U);
  EXPECT_EQ(leads.at(0).at("name"), "Ann");
  const Json activity = server.call("GET", "/api/dashboard/activity?limit=3", "").json();
  ASSERT_EQ(activity.as_array().size(), 3U);
  EXPECT_EQ(activity.at(0).at("type"), "message");
}

TEST_P(LeadsWorkflow, HealthIsOpenToEverybody) {
  leads::Settings closed = LeadsServer::default_settings();
  closed.api_keys = {"secret"};
  const LeadsServer locked(GetParam(), closed);
  EXPECT_EQ(locked.get("/api/health"), (JsonObject{{"status", "healthy"}}));
  play(locked,
       {{"metrics", "GET", "/api/dashboard/metrics", "", "", 401, {}, {}, {}},
        {"leads", "GET", "/api/leads/", "", "", 401, {}, {}, {}},
        {"agents", "POST", "/api/agents/", "", "{}", 401, {}, {}, {}},
        {"chat", "POST", "/api/agents/1/chat", "", R"({"message":"x"})", 401, {}, {}, {}},
        {"execute", "POST", "/api/testing/follow-ups/execute-due-tasks", "", "", 401, {}, {}, {}},
        {"key", "GET", "/api/leads/", "secret", "", 200, {}, {}, {}}});
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsWorkflow, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
