// /api/messages: routing, lists, takeover, figures.

#include "http/leads_server.h"
#include "leads/stored_json.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using leads::AgentSessionRow;
using leads::LeadRow;
using leads::MessageRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kRoute = "/api/messages/route";

class LeadsMessage : public LeadsTest {
 protected:
  LeadRow lead = server.add_lead("Maria Lopez", "maria-1");

  std::string session_path(std::int64_t id, const std::string& rest) const {
    return "/api/messages/session/" + std::to_string(id) + rest;
  }
  std::string list_path(const std::string& query = {}) const {
    return "/api/messages/lead/" + std::to_string(lead.id) + "/messages" + query;
  }
  AgentSessionRow only_session() { return server.rows<AgentSessionRow>().at(0); }
};

TEST_P(LeadsMessage, IsRoutedToANewSessionWithEveryKey) {
  const AgentRow sarah = server.add_agent("Sarah");
  const JsonObject answer = server.route(lead.id, "How much does it cost?");
  EXPECT_EQ(answer.size(), 18U);
  EXPECT_EQ(answer.at("success"), true);
  EXPECT_EQ(answer.at("routing_decision"), "new_session_created");
  EXPECT_EQ(answer.at("agent_id"), sarah.id);
  EXPECT_EQ(answer.at("agent_name"), "Sarah");
  EXPECT_EQ(answer.at("lead_name"), "Maria Lopez");
  EXPECT_EQ(answer.at("message_count"), 2);
  EXPECT_EQ(answer.at("session_goal"), "provide_pricing");
  EXPECT_EQ(answer.at("should_respond"), true);
  EXPECT_EQ(answer.at("agent_context").at("lead").at("id"), lead.id);
  EXPECT_EQ(answer.at("agent_response_generated"), true);
  EXPECT_TRUE(answer.at("agent_response_skip_reason").is_null());
  const std::vector<MessageRow> messages = server.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(answer.at("agent_response_id"), messages[1].id);
  EXPECT_EQ(only_session().trigger_type, "message_received");
  EXPECT_EQ(server.route(lead.id, "Hello?").at("routing_decision"), "existing_session");
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 1U);
}

TEST_P(LeadsMessage, KeepsWhatCameWithIt) {
  server.add_agent("Sarah");
  server.route(lead.id, "Hello",
               {{"platform", "sms"}, {"conversation_id", "c-9"}, {"weird", json::array{1, "x"}}});
  const MessageRow message = server.messages().at(0);
  EXPECT_EQ(message.external_platform, "sms");
  EXPECT_EQ(message.external_conversation_id, "c-9");
  EXPECT_EQ(message.message_metadata->at("weird"), Json(json::array{1, "x"}));
  EXPECT_EQ(server.messages().at(1).external_conversation_id, "c-9");
}

TEST_P(LeadsMessage, GoesToTheAgentThatComesFirst) {
  server.add_agent("Off", [](AgentRow& agent) { agent.is_active = false; });
  server.add_agent("Support", [](AgentRow& agent) { agent.use_case = "customer_support"; });
  server.add_agent("Elsewhere",
                   [](AgentRow& agent) { agent.triggers = json::array{"meeting_scheduled"}; });
  server.add_agent("Qualifier", [](AgentRow& agent) {
    agent.use_case = "lead_qualification";
    agent.triggers = json::array{JsonObject{{"event", "website_visit"}}};
  });
  EXPECT_EQ(server.route(lead.id, "Hello").at("agent_name"), "Qualifier");
  EXPECT_EQ(server.route(lead.id, "Hello").at("session_goal"), "qualify_lead");
}

TEST_P(LeadsMessage, SaysWhatTheSessionIsFor) {
  server.add_agent("Sarah");
  const std::vector<std::pair<std::string, std::string>> goals{
      {"Can I get a quote", "provide_pricing"},
      {"Please give me a call", "book_appointment"},
      {"There is a problem", "provide_support"},
      {"Tell me more", "provide_information"},
      {"Hello", "close_lead"}};
  for (const auto& [text, goal] : goals) {
    const LeadRow another = server.add_lead("Somebody");
    EXPECT_EQ(server.route(another.id, text).at("session_goal"), Json(json::string(goal))) << text;
  }
}

TEST_P(LeadsMessage, OfNobodysLeadIsKeptUntilAnAgentIsThere) {
  const JsonObject kept = server.route(lead.id, "Anybody there?");
  EXPECT_EQ(kept.at("routing_decision"), "no_agent_available");
  EXPECT_EQ(kept.at("should_respond"), false);
  EXPECT_TRUE(kept.at("agent_id").is_null());
  EXPECT_EQ(kept.at("agent_response_skip_reason"), "no_agent_available");
  EXPECT_EQ(only_session().session_status, "paused");
  server.route(lead.id, "Hello?");
  EXPECT_THAT(server.texts(), ElementsAre("Anybody there?", "Hello?"));
  const std::vector<AgentRow> agents = server.rows<AgentRow>();
  ASSERT_EQ(agents.size(), 1U);
  EXPECT_EQ(agents[0].type, "holding");
  EXPECT_FALSE(agents[0].is_active);

  const AgentRow sarah = server.add_agent("Sarah");
  const JsonObject answered = server.route(lead.id, "Still me");
  EXPECT_EQ(answered.at("routing_decision"), "new_session_created");
  EXPECT_EQ(answered.at("session_id"), kept.at("session_id"));
  EXPECT_EQ(only_session().agent_id, sarah.id);
  EXPECT_EQ(only_session().session_status, "active");
  EXPECT_EQ(only_session().message_count, 4);
}

TEST_P(LeadsMessage, OfALongSessionEscalatesIt) {
  server.add_agent("Sarah");
  server.route(lead.id, "1");
  const std::int64_t id = only_session().id;
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&AgentSessionRow::id>(id),
                  store::set<&AgentSessionRow::max_message_count>(3));
  });
  const JsonObject answer = server.route(lead.id, "2");
  EXPECT_EQ(answer.at("routing_decision"), "session_escalated");
  EXPECT_EQ(answer.at("should_respond"), true);
  EXPECT_EQ(answer.at("escalation_reason"), "max_message_count_reached");
  EXPECT_TRUE(answer.at("escalation_message").is_string());
  EXPECT_EQ(answer.at("agent_response_generated"), false);
  const AgentSessionRow session = server.session(id);
  EXPECT_EQ(session.session_status, "escalated");
  EXPECT_EQ(session.completion_reason, "max_message_count_reached");
  EXPECT_EQ(session.message_count, 3);
  EXPECT_TRUE(session.ended_at.has_value());
  EXPECT_EQ(server.messages().back().sender_type, "system");
  EXPECT_EQ(server.route(lead.id, "3").at("routing_decision"), "new_session_created");
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 2U);
}

TEST_P(LeadsMessage, AfterALongSilenceOpensANewSession) {
  server.add_agent("Sarah");
  server.route(lead.id, "1");
  const std::int64_t first = only_session().id;
  server.clock.advance(std::chrono::hours(48) + std::chrono::seconds(1));
  const JsonObject answer = server.route(lead.id, "2");
  EXPECT_EQ(answer.at("routing_decision"), "new_session_created");
  EXPECT_NE(answer.at("session_id"), first);
  EXPECT_EQ(server.session(first).session_status, "timeout");
  EXPECT_EQ(server.session(first).completion_reason, "inactivity_timeout");
}

TEST_P(LeadsMessage, OfTheOwnerIsStoredAndNotAnswered) {
  server.add_agent("Sarah");
  server.route(lead.id, "Hello");
  const JsonObject answer = server.route(
      lead.id, "I am here", {{"sender", "business_owner"}, {"business_owner_name", "Olga Owner"}});
  EXPECT_EQ(answer.at("routing_decision"), "owner_message");
  EXPECT_EQ(answer.at("should_respond"), false);
  const MessageRow message = server.messages().back();
  EXPECT_EQ(message.sender_type, "business_owner");
  EXPECT_EQ(message.sender_name, "Olga Owner");
  EXPECT_EQ(message.external_platform, "web_ui");
  EXPECT_EQ(message.agent_id, std::nullopt);
  EXPECT_EQ(only_session().message_count, 3);
  EXPECT_EQ(only_session().last_message_from, "business_owner");
}

TEST_P(LeadsMessage, OfTheOwnerWithoutASessionOpensOneThatIsTakenOver) {
  server.route(lead.id, "Good morning", {{"sender", "business_owner"}});
  EXPECT_EQ(only_session().session_status, "taken_over");
  EXPECT_EQ(server.route(lead.id, "Hello").at("routing_decision"), "existing_session_taken_over");
}

TEST_P(LeadsMessage, InATakenOverSessionIsNotAnswered) {
  server.add_agent("Sarah");
  server.route(lead.id, "1");
  const std::int64_t id = only_session().id;
  const JsonObject taken = server.ok(200, "POST", session_path(id, "/takeover"), "");
  EXPECT_EQ(taken.at("previous_status"), "active");
  EXPECT_EQ(taken.at("new_status"), "taken_over");
  const JsonObject answer = server.route(lead.id, "2");
  EXPECT_EQ(answer.at("routing_decision"), "existing_session_taken_over");
  EXPECT_EQ(answer.at("should_respond"), false);
  EXPECT_EQ(answer.at("agent_response_skip_reason"), "session_taken_over");
  const JsonObject status = server.get(session_path(id, "/status"));
  EXPECT_EQ(status.at("business_owner_active"), true);
  EXPECT_EQ(status.at("takeover_reason"), "Manual takeover");
  EXPECT_EQ(status.at("business_owner_takeover_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_TRUE(status.at("business_owner_release_at").is_null());

  server.clock.advance(std::chrono::minutes(1));
  server.ok(200, "POST", session_path(id, "/release"), "");
  const JsonObject released = server.get(session_path(id, "/status"));
  EXPECT_EQ(released.at("business_owner_active"), false);
  EXPECT_EQ(released.at("business_owner_release_at"), "2025-03-15T10:01:00.000000Z");
  EXPECT_EQ(server.route(lead.id, "3").at("agent_response_generated"), true);
  const JsonObject metadata = leads::object_in(server.session(id).session_metadata);
  EXPECT_EQ(metadata.at("takeover").at("log").as_array().size(), 2U);
}

TEST_P(LeadsMessage, TakeoverOfAFinishedSessionNeedsTheLeadToBeFree) {
  server.add_agent("Sarah");
  server.route(lead.id, "1");
  const std::int64_t first = only_session().id;
  server.clock.advance(std::chrono::hours(49));
  const std::int64_t second = number_at(server.route(lead.id, "2"), "session_id");
  play(server,
       {
           {"another is live", "POST", session_path(first, "/takeover"), "", "", 409, {}, {}, {}},
           {"release of an active one",
            "POST",
            session_path(second, "/release"),
            "",
            "",
            400,
            {"not taken over"},
            {},
            {}},
           {"unknown", "POST", session_path(4711, "/takeover"), "", "", 404, {"4711"}, {}, {}},
           {"reason no text",
            "POST",
            session_path(second, "/takeover"),
            "",
            R"({"reason": 7})",
            422,
            {},
            {},
            {}},
       });
}

TEST_P(LeadsMessage, ReleaseOfASessionThatNobodysAgentHoldsFindsOne) {
  server.route(lead.id, "Anybody?");
  const std::int64_t id = only_session().id;
  server.ok(200, "POST", session_path(id, "/takeover"), "");
  server.ok(200, "POST", session_path(id, "/release"), "");
  EXPECT_EQ(server.route(lead.id, "1").at("routing_decision"), "no_agent_available");
  const AgentRow sarah = server.add_agent("Sarah");
  EXPECT_EQ(server.route(lead.id, "2").at("agent_id"), sarah.id);
}

TEST_P(LeadsMessage, BadRoutesAreRefused) {
  play(server,
       {
           {"no lead", "POST", kRoute, "", R"({"message": "x"})", 422, {"lead_id"}, {}, {}},
           {"two leads",
            "POST",
            kRoute,
            "",
            R"({"lead_id": 1, "lead_external_id": "a", "message": "x"})",
            422,
            {"ambiguous"},
            {},
            {}},
           {"lead no number",
            "POST",
            kRoute,
            "",
            R"({"lead_id": "1", "message": "x"})",
            422,
            {},
            {},
            {}},
           {"unknown lead",
            "POST",
            kRoute,
            "",
            R"({"lead_id": 4711, "message": "x"})",
            404,
            {"Lead not found: 4711"},
            {},
            {}},
           {"no message", "POST", kRoute, "", R"({"lead_id": 1, "message": ""})", 422, {}, {}, {}},
           {"metadata no object",
            "POST",
            kRoute,
            "",
            R"({"lead_id": 1, "message": "x", "metadata": []})",
            422,
            {R"(["body","metadata"])"},
            {},
            {}},
           {"type unknown",
            "POST",
            kRoute,
            "",
            R"({"lead_id": 1, "message": "x", "message_type": "smell"})",
            422,
            {"not_in_vocabulary"},
            {},
            {}},
       });
  EXPECT_THAT(server.messages(), IsEmpty());
}

TEST_P(LeadsMessage, ListsAreOldestFirstAndGoOnFromTheLast) {
  server.add_agent("Sarah");
  for (const char* text : {"1", "2", "3"}) server.route(lead.id, text);
  const JsonObject all = server.get(list_path());
  ASSERT_EQ(all.at("messages").as_array().size(), 6U);
  EXPECT_EQ(all.at("success"), true);
  EXPECT_EQ(all.at("lead_external_id"), "maria-1");
  EXPECT_EQ(all.at("messages").at(0).at("content"), "1");
  EXPECT_EQ(all.at("messages").at(0).as_object().size(), 15U);
  EXPECT_EQ(all.at("messages").at(0).at("message_metadata"), Json(JsonObject{}));
  const JsonObject two = server.get(list_path("?limit=2"));
  EXPECT_EQ(two.at("messages").at(0), all.at("messages").at(0));
  const std::string last = text_at(two.at("messages").at(1).as_object(), "created_at");
  const JsonObject rest = server.get(list_path("/?since_timestamp=" + last));
  ASSERT_EQ(rest.at("messages").as_array().size(), 4U);
  EXPECT_EQ(rest.at("messages").at(0), all.at("messages").at(2));
  const JsonObject same = server.get(list_path("?since_id=1&since_timestamp=" + last));
  EXPECT_EQ(same.at("messages").at(0), all.at("messages").at(1));
  EXPECT_EQ(server.get("/api/messages/conversation/maria-1").at("messages"), all.at("messages"));
  play(server, {
                   {"no time",
                    "GET",
                    list_path("?since_timestamp=x"),
                    "",
                    "",
                    400,
                    {"Invalid timestamp format"},
                    {},
                    {}},
                   {"limit", "GET", list_path("?limit=501"), "", "", 422, {}, {}, {}},
                   {"unknown lead",
                    "GET",
                    "/api/messages/lead/4711/messages",
                    "",
                    "",
                    404,
                    {"4711"},
                    {},
                    {}},
                   {"unknown id", "GET", "/api/messages/conversation/x", "", "", 404, {}, {}, {}},
               });
}

TEST_P(LeadsMessage, ContextAndActiveSession) {
  const std::string path = "/api/messages/lead/" + std::to_string(lead.id) + "/active-session";
  EXPECT_EQ(server.get(path), (JsonObject{{"has_active_session", false}, {"lead_id", lead.id}}));
  server.add_agent("Sarah");
  server.route(lead.id, "Hello", {{"platform", "sms"}});
  const JsonObject active = server.get(path);
  EXPECT_EQ(active.at("has_active_session"), true);
  const JsonObject context = server.get(session_path(only_session().id, "/context"));
  EXPECT_EQ(active.at("session"), Json(context));
  EXPECT_EQ(context.at("agent").at("name"), "Sarah");
  EXPECT_EQ(context.at("session").at("initial_context").at("platform"), "sms");
  const JsonObject external = server.get("/api/messages/external/maria-1/active-session");
  EXPECT_EQ(external.at("external_id"), "maria-1");
  EXPECT_EQ(external.at("session"), active.at("session"));
}

TEST_P(LeadsMessage, RecentConversationsAreNewestFirst) {
  server.add_agent("Sarah");
  const LeadRow other = server.add_lead("Otto");
  server.route(lead.id, "first");
  server.clock.advance(std::chrono::seconds(1));
  server.route(other.id, "second");
  const JsonObject answer = server.get("/api/messages/conversations/recent");
  EXPECT_EQ(answer.at("total_returned"), 2);
  const JsonObject& first = answer.at("conversations").as_array().at(0).as_object();
  EXPECT_EQ(first.at("lead_name"), "Otto");
  EXPECT_EQ(first.at("agent_name"), "Sarah");
  EXPECT_EQ(first.at("last_message_content"), Json(json::string(server.texts().back())));
  EXPECT_EQ(first.size(), 15U);
  EXPECT_EQ(server.get("/api/messages/conversations/recent?limit=1").at("total_returned"), 1);
}

TEST_P(LeadsMessage, AnswerGivenElsewhereIsCounted) {
  server.add_agent("Sarah");
  server.route(lead.id, "Hello");
  const std::int64_t id = only_session().id;
  server.post(
      "/api/messages/agent-response",
      {{"session_id", id}, {"response", "Hi"}, {"response_metadata", JsonObject{{"a", 1}}}});
  EXPECT_EQ(only_session().message_count, 3);
  EXPECT_EQ(only_session().session_metadata->at("a"), 1);
  EXPECT_EQ(server.messages().size(), 2U);
  play(server, {{"unknown",
                 "POST",
                 "/api/messages/agent-response",
                 "",
                 R"({"session_id": 4711, "response": "Hi"})",
                 404,
                 {},
                 {},
                 {}}});
}

TEST_P(LeadsMessage, SimulationIsRouted) {
  server.add_agent("Sarah");
  const JsonObject answer = server.ok(
      200, "POST",
      "/api/messages/simulate/lead-message?message=Hi%20there&lead_id=" + std::to_string(lead.id),
      "");
  EXPECT_EQ(answer.at("routing_result").at("routing_decision"), "new_session_created");
  EXPECT_EQ(server.messages().at(0).content, "Hi there");
  EXPECT_EQ(server.messages().at(0).message_metadata->at("simulated"), true);
  play(server, {{"nothing",
                 "POST",
                 "/api/messages/simulate/lead-message",
                 "",
                 "",
                 422,
                 {R"("lead_id")", R"("message")"},
                 {},
                 {}}});
}

TEST_P(LeadsMessage, FiguresCountSessions) {
  server.add_agent("Sarah");
  server.route(lead.id, "Hello");
  const JsonObject figures = server.get("/api/messages/stats/");
  EXPECT_EQ(figures.at("active_sessions"), 1);
  EXPECT_EQ(figures.at("total_messages_processed"), 2);
  EXPECT_EQ(figures.at("sessions_by_status"), Json(JsonObject{{"active", 1}}));
  EXPECT_EQ(figures.at("sessions_by_trigger_type"), Json(JsonObject{{"message_received", 1}}));
  EXPECT_EQ(figures.at("routing_stats").at("total_sessions_created"), 1);
  EXPECT_EQ(figures.at("routing_stats").at("completion_rate").to_number<double>(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsMessage, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
