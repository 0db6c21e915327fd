// /api/agents: created, listed, changed, counted, deleted, tried, drafted.

#include "http/leads_server.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kAgents = "/api/agents/";

JsonObject new_agent(const std::string& name) {
  return {{"name", name}, {"prompt_template", "You are {{agent_name}}."}};
}

std::string path(std::int64_t id, const std::string& rest = {}) {
  return kAgents + std::to_string(id) + rest;
}

class LeadsAgent : public LeadsTest {
 protected:
  std::int64_t create(const std::string& name, JsonObject more = {}) {
    JsonObject agent = new_agent(name);
    for (const auto& field : more) agent[field.key()] = field.value();
    return number_at(server.post(kAgents, agent), "id");
  }

  std::vector<std::int64_t> ids(const std::string& query) const {
    std::vector<std::int64_t> found;
    const JsonObject list = server.get(kAgents + query);
    for (const Json& each : list.at("agents").as_array()) {
      found.push_back(each.at("id").as_int64());
    }
    return found;
  }
};

TEST_P(LeadsAgent, AnswerHasEveryColumnWithItsDefault) {
  const JsonObject agent = server.post(kAgents, new_agent("Sarah"));
  std::vector<std::string> fields;
  for (const auto& field : agent) fields.emplace_back(field.key());
  EXPECT_EQ(fields, schema::column_names<AgentRow>());
  EXPECT_EQ(agent.at("type"), "text");
  EXPECT_EQ(agent.at("use_case"), "general_sales");
  EXPECT_EQ(agent.at("model"), "gpt-3.5-turbo");
  EXPECT_EQ(agent.at("temperature"), "0.7");
  EXPECT_EQ(agent.at("success_rate"), "0.0");
  EXPECT_EQ(agent.at("avg_response_time"), "0.0");
  EXPECT_EQ(agent.at("max_tokens"), 500);
  EXPECT_EQ(agent.at("created_by"), "user");
  EXPECT_EQ(agent.at("is_active"), true);
  EXPECT_EQ(agent.at("is_public"), false);
  EXPECT_EQ(agent.at("triggers"), json::array{});
  EXPECT_EQ(agent.at("tool_configs"), JsonObject{});
  EXPECT_EQ(server.get(path(number_at(agent, "id"))), agent);
  EXPECT_THAT(server.events("agent:" + std::to_string(number_at(agent, "id"))),
              ElementsAre("agent.created"));
}

TEST_P(LeadsAgent, KeepsWhatItIsGiven) {
  JsonObject given = new_agent("Sarah");
  given["temperature"] = 1;
  given["triggers"] = json::array{"new_lead", 7, JsonObject{{"strange", true}}};
  given["workflow_steps"] = json::array{JsonObject{{"type", "unknown"}}};
  given["tool_configs"] = JsonObject{{"business_context", JsonObject{{"name", "Shop"}}}};
  given["is_active"] = false;
  const JsonObject agent = server.post(kAgents, given);
  EXPECT_EQ(agent.at("temperature"), "1.0");
  for (const char* field : {"triggers", "workflow_steps", "tool_configs", "is_active"}) {
    EXPECT_EQ(agent.at(field), given.at(field));
  }
  given["temperature"] = "0.25";
  given["name"] = "Other";
  EXPECT_EQ(server.post(kAgents, given).at("temperature"), "0.25");
}

TEST_P(LeadsAgent, NameIsTakenOnce) {
  create("Sarah");
  const std::int64_t other = create("Bob");
  play(server, {{"create",
                 "POST",
                 kAgents,
                 "",
                 json_of(new_agent("Sarah")),
                 400,
                 {"already exists"},
                 {},
                 {}},
                {"change", "PUT", path(other), "", R"({"name":"Sarah"})", 400, {}, {}, {}},
                {"own name", "PUT", path(other), "", R"({"name":"Bob"})", 200, {}, {}, {}}});
}

TEST_P(LeadsAgent, ListIsNewestFirstAndFiltered) {
  const std::int64_t ann = create("Ann", {{"type", "voice"}, {"description", "Sells kitchens"}});
  const std::int64_t bob = create("Bob", {{"is_active", false}});
  const std::int64_t eve = create("Eve");
  EXPECT_THAT(ids(""), ElementsAre(eve, bob, ann));
  EXPECT_THAT(ids("?type=voice"), ElementsAre(ann));
  EXPECT_THAT(ids("?is_active=false"), ElementsAre(bob));
  EXPECT_THAT(ids("?is_active=true"), ElementsAre(eve, ann));
  EXPECT_THAT(ids("?search=KITCHEN"), ElementsAre(ann));
  EXPECT_THAT(ids("?per_page=1&page=2"), ElementsAre(bob));
  EXPECT_EQ(server.get(kAgents + "?per_page=2").at("total_pages"), 2);
}

TEST_P(LeadsAgent, HoldingAgentIsInNoListAndStays) {
  const std::int64_t lead = server.add_lead("Ann").id;
  EXPECT_EQ(server.route(lead, "hello").at("routing_decision"), "no_agent_available");
  const auto stored = server.rows<AgentRow>();
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].type, "holding");
  EXPECT_THAT(ids(""), IsEmpty());
  EXPECT_EQ(server.get(kAgents + "stats/overview").at("total_agents"), 0);
  EXPECT_EQ(server.call("GET", kAgents + "stats/by-type", "").json(), Json(json::array{}));
  play(server, {{"change", "PUT", path(stored[0].id), "", R"({"name":"x"})", 409, {}, {}, {}},
                {"delete", "DELETE", path(stored[0].id), "", "", 409, {}, {}, {}},
                {"imitate",
                 "POST",
                 kAgents,
                 "",
                 R"({"name":"x","prompt_template":"y","type":"holding"})",
                 422,
                 {"/type"},
                 {},
                 {}}});
}

TEST_P(LeadsAgent, ChangeTouchesWhatIsGiven) {
  const std::int64_t id = create("Sarah", {{"description", "old"}});
  server.clock.advance(std::chrono::seconds(5));
  const JsonObject agent = server.ok(200, "PUT", path(id), "",
                                     R"({"is_active":false,"temperature":0.1,"triggers":["x"],
                                         "description":null})");
  EXPECT_EQ(agent.at("is_active"), false);
  EXPECT_EQ(agent.at("temperature"), "0.1");
  EXPECT_EQ(agent.at("triggers"), json::array{"x"});
  EXPECT_EQ(agent.at("description"), nullptr);
  EXPECT_EQ(agent.at("name"), "Sarah");
  EXPECT_EQ(agent.at("updated_at"), "2025-03-15T10:00:05.000000Z");
  EXPECT_THAT(server.events("agent:" + std::to_string(id)),
              ElementsAre("agent.created", "agent.updated"));
}

TEST_P(LeadsAgent, IsDeletedOnlyWithoutSessions) {
  const std::int64_t free = create("Free");
  EXPECT_FALSE(text_at(server.ok(200, "DELETE", path(free), ""), "message").empty());
  play(server, {{"gone", "GET", path(free), "", "", 404, {}, {}, {}}});
  server.add_greeter("Busy");
  server.lead_created("abc");
  const std::int64_t busy = server.rows<AgentRow>().at(0).id;
  play(server, {{"in use", "DELETE", path(busy), "", "", 409, {"is_active"}, {}, {}}});
  EXPECT_EQ(server.rows<AgentRow>().size(), 1U);
}

TEST_P(LeadsAgent, FiguresAreReal) {
  const std::int64_t id = server.add_greeter("Sarah").id;
  server.lead_created("abc");
  server.message_received("abc", "hello");
  const JsonObject figures = server.get(path(id, "/stats"));
  EXPECT_EQ(figures.at("agent_name"), "Sarah");
  EXPECT_EQ(figures.at("total_sessions"), 1);
  EXPECT_EQ(figures.at("active_sessions"), 1);
  EXPECT_EQ(figures.at("completed_sessions"), 0);
  EXPECT_EQ(figures.at("total_messages"), 2);
  EXPECT_EQ(figures.at("total_interactions"), 2);
  const JsonObject all = server.get(kAgents + "stats/overview");
  EXPECT_EQ(all.at("total_agents"), 1);
  EXPECT_EQ(all.at("active_agents"), 1);
  EXPECT_EQ(all.at("total_interactions"), 2);
  EXPECT_EQ(all.at("total_sessions"), 1);
}

TEST_P(LeadsAgent, WithoutAModelNothingIsDrafted) {
  const std::int64_t id = create("Sarah");
  const JsonObject status = server.get(kAgents + "openai/status");
  EXPECT_EQ(status.at("available"), false);
  EXPECT_THAT(text_at(status, "message"), HasSubstr("ai.base_url"));
  for (const JsonObject& answer :
       {server.post(path(id, "/chat"), {{"message", "hello"}}),
        server.post(path(id, "/test"), {{"message", "hello"}}),
        server.post(kAgents + "generate-prompt", {{"summary", "sells kitchens"}}),
        server.post(kAgents + "generate-scenario-prompt", {{"scenario_description", "sells"}})}) {
    EXPECT_EQ(answer.at("success"), false);
    EXPECT_THAT(text_at(answer, "error"), HasSubstr("ai.base_url"));
  }
}

TEST_P(LeadsAgent, BadInputIsRefused) {
  const std::int64_t id = create("Sarah");
  const std::string long_prompt(16'001, 'x');
  play(server,
       {{"nothing", "POST", kAgents, "", "{}", 422, {"/name", "/prompt_template"}, {}, {}},
        {"triggers",
         "POST",
         kAgents,
         "",
         R"({"name":"a","prompt_template":"b","triggers":"new_lead"})",
         422,
         {"/triggers"},
         {},
         {}},
        {"temperature",
         "POST",
         kAgents,
         "",
         R"({"name":"a","prompt_template":"b","temperature":2.5})",
         422,
         {"/temperature"},
         {},
         {}},
        {"temperature word",
         "POST",
         kAgents,
         "",
         R"({"name":"a","prompt_template":"b","temperature":"warm"})",
         422,
         {"/temperature"},
         {},
         {}},
        {"prompt",
         "POST",
         kAgents,
         "",
         json_of({{"name", "a"}, {"prompt_template", long_prompt}}),
         422,
         {"/prompt_template"},
         {},
         {}},
        {"null name", "PUT", path(id), "", R"({"name":null})", 422, {"/name"}, {}, {}},
        {"missing", "GET", path(77), "", "", 404, {"77"}, {}, {}},
        {"page", "GET", kAgents + "?per_page=1000", "", "", 422, {}, {}, {}},
        {"chat", "POST", path(id, "/chat"), "", R"({"message":" "})", 422, {"/message"}, {}, {}},
        {"history",
         "POST",
         path(id, "/chat"),
         "",
         R"({"message":"x","conversation_history":[{"role":"boss","content":"y"}]})",
         422,
         {"/conversation_history"},
         {},
         {}},
        {"chat of none", "POST", path(77, "/chat"), "", R"({"message":"x"})", 404, {}, {}, {}}});
  EXPECT_EQ(server.rows<AgentRow>().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsAgent, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

class LeadsAgentModel : public LeadsModelTest {};

TEST_P(LeadsAgentModel, ChatAsksWithPromptHistoryAndMessage) {
  const std::int64_t id = number_at(server.post(kAgents, new_agent("Sarah")), "id");
  model.will(says("Hello yourself"));
  const JsonObject answer = server.post(
      path(id, "/chat"),
      {{"message", "hello"},
       {"conversation_history", json::array{JsonObject{{"role", "user"}, {"content", "hi"}},
                                            JsonObject{{"role", "assistant"}, {"content", "ho"}}}},
       {"temperature", 0.25},
       {"max_tokens", 7}});
  EXPECT_EQ(answer.at("success"), true);
  EXPECT_EQ(answer.at("response"), "Hello yourself");
  EXPECT_EQ(answer.at("error"), nullptr);
  EXPECT_EQ(answer.at("usage").at("prompt_tokens"), 11);
  const JsonObject asked = model.asked().at(0);
  EXPECT_EQ(asked.at("messages"), (Json{{{"role", "system"}, {"content", "You are Sarah."}},
                                        {{"role", "user"}, {"content", "hi"}},
                                        {{"role", "assistant"}, {"content", "ho"}},
                                        {{"role", "user"}, {"content", "hello"}}}));
  EXPECT_EQ(asked.at("model"), "gpt-3.5-turbo");
  EXPECT_EQ(asked.at("temperature"), 0.25);
  EXPECT_EQ(asked.at("max_tokens"), 7);
  EXPECT_THAT(server.messages(), IsEmpty());
}

TEST_P(LeadsAgentModel, TestTellsTheTime) {
  const std::int64_t id = number_at(server.post(kAgents, new_agent("Sarah")), "id");
  const JsonObject answer = server.post(path(id, "/test"), {{"message", "hello"}});
  EXPECT_EQ(answer.at("response"), "Echo: hello");
  EXPECT_GE(answer.at("processing_time").to_number<double>(), 0);
}

TEST_P(LeadsAgentModel, FailureIsAnAnswer) {
  const std::int64_t id = number_at(server.post(kAgents, new_agent("Sarah")), "id");
  model.will(fails(401, "wrong key"));
  const JsonObject answer = server.post(path(id, "/chat"), {{"message", "hello"}});
  EXPECT_EQ(answer.at("success"), false);
  EXPECT_FALSE(text_at(answer, "error").empty());
}

TEST_P(LeadsAgentModel, PromptsAreDrafted) {
  EXPECT_EQ(server.get(kAgents + "openai/status").at("available"), true);
  model.will(says("You sell kitchens."));
  const JsonObject prompt = server.post(kAgents + "generate-prompt",
                                        {{"summary", "sells kitchens"}, {"tone", "friendly"}});
  EXPECT_EQ(prompt.at("generated_prompt"), "You sell kitchens.");
  EXPECT_THAT(last_message(model.asked().at(0)), HasSubstr("tone: friendly"));
  model.will(says("Here it is:\n```json\n{\"name\": \"Kit\"}\n```"));
  const JsonObject scenario =
      server.post(kAgents + "generate-scenario-prompt", {{"scenario_description", "kitchens"}});
  EXPECT_EQ(scenario.at("generated_data"), (JsonObject{{"name", "Kit"}}));
  EXPECT_EQ(scenario.at("scenario_description"), "kitchens");
  model.will(says("no object"));
  EXPECT_EQ(server.post(kAgents + "generate-scenario-prompt", {{"scenario_description", "x"}})
                .at("success"),
            false);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsAgentModel, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
