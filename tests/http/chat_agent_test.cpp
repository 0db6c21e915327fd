// Agents, their secrets and credentials, and asking them without a chat.

#include "base/ids.h"
#include "chat/agents.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::AgentRow;
using chat::Role;
using testing::HasSubstr;
using testing::Not;

class ChatAgents : public ChatTest {
 protected:
  std::string one() const { return agents() + "/" + agent; }
  AgentRow stored(const std::string& id) {
    return store::select<AgentRow>()
        .where(store::equals<&AgentRow::id>(id))
        .first(server.connection())
        .value();
  }
};

TEST_P(ChatAgents, AreMadeWithEveryKeyAndNoSecret) {
  const JsonObject made = server.ok(201, "POST", agents(), owner.token,
                                    json_of({{"name", "Shop"},
                                             {"connection_type", "POWERBI"},
                                             {"connection_config", powerbi_config()},
                                             {"api_key", "sk-1"},
                                             {"recommended_questions", {"How much?"}},
                                             {"unknown", 1}}));
  EXPECT_EQ(made.size(), 18U);
  EXPECT_EQ(made.at("api_key"), "********");
  EXPECT_EQ(made.at("connection_config").at("client_secret"), "********");
  EXPECT_EQ(made.at("connection_config").at("tenant_id"), "t");
  EXPECT_EQ(made.at("status"), "active");
  EXPECT_EQ(made.at("created_at"), "2025-03-15T10:00:00.000000+00:00");
  EXPECT_TRUE(made.at("updated_at").is_null());
  EXPECT_EQ(text_at(made, "created_by"), owner.user_id);
  EXPECT_EQ(stored(text_at(made, "id")).api_key, "sk-1");
}

TEST_P(ChatAgents, AMaskKeepsTheSecret) {
  JsonObject config = db_config();
  config["password"] = "********";
  config["host"] = "other.example";
  server.clock.advance(std::chrono::seconds(1));
  const JsonObject changed =
      server.ok(200, "PATCH", one(), owner.token,
                json_of({{"connection_config", config}, {"api_key", "********"}}));
  EXPECT_EQ(changed.at("updated_at"), "2025-03-15T10:00:01.000000+00:00");
  const AgentRow row = stored(agent);
  EXPECT_EQ(row.connection_config.at("password"), "pw");
  EXPECT_EQ(row.connection_config.at("host"), "other.example");
  EXPECT_EQ(row.api_key, std::nullopt);
}

TEST_P(ChatAgents, FieldsStayUnlessTheyAreNamed) {
  server.ok(200, "PATCH", one(), owner.token, R"({"description":"Numbers","model_type":"m-1"})");
  server.ok(200, "PATCH", one(), owner.token, R"({"description":null})");
  EXPECT_EQ(stored(agent).description, std::nullopt);
  EXPECT_EQ(stored(agent).model_type, "m-1");
}

/// As two nodes do that have read the agent at the same moment.
TEST_P(ChatAgents, AChangeKeepsWhatAnotherHasChangedSinceItLooked) {
  const AgentRow seen = stored(agent);
  server.write([&](store::UnitOfWork& unit) {
    chat::change_agent(unit, seen, {.name = "Renamed"}, server.clock.now());
  });
  server.write([&](store::UnitOfWork& unit) {
    chat::change_agent(unit, seen, {.system_instructions = "Be brief"}, server.clock.now());
  });
  EXPECT_EQ(stored(agent).name, "Renamed");
  EXPECT_EQ(stored(agent).system_instructions, "Be brief");
}

TEST_P(ChatAgents, TonesBelongToDatasets) {
  const JsonObject changed = server.ok(
      200, "PATCH", one(), owner.token,
      R"({"custom_tone_rows_enabled":true,"custom_tone_rows":"Be brief","custom_tone_schema":"x"})");
  EXPECT_EQ(changed.at("custom_tone_rows_enabled"), false);
  EXPECT_TRUE(changed.at("custom_tone_rows").is_null());
}

TEST_P(ChatAgents, NeedACompleteConfiguration) {
  JsonObject config = db_config();
  config.erase("port");
  const auto body = [](const char* type, const JsonObject& given) {
    return json_of({{"name", "X"}, {"connection_type", type}, {"connection_config", given}});
  };
  play(server,
       {{"no port",
         "POST",
         agents(),
         owner.token,
         body("DB", config),
         400,
         {"Invalid DB config: missing port"},
         {},
         {}},
        {"of another kind",
         "POST",
         agents(),
         owner.token,
         body("POWERBI", db_config()),
         400,
         {"Invalid PowerBI config: missing tenant_id"},
         {},
         {}},
        {"another type",
         "PATCH",
         one(),
         owner.token,
         R"({"connection_type":"POWERBI"})",
         400,
         {},
         {},
         {}},
        {"no name",
         "POST",
         agents(),
         owner.token,
         json_of({{"connection_type", "DB"}, {"connection_config", db_config()}}),
         422,
         {R"("loc":["body","name"])"},
         {},
         {}},
        {"no type", "POST", agents(), owner.token, body("ORACLE", db_config()), 422, {}, {}, {}}});
  EXPECT_EQ(server.rows<AgentRow>().size(), 1U);
}

TEST_P(ChatAgents, AreForEditors) {
  const Member viewer = server.add_member(owner, "Vera", Role::Viewer);
  const Member member = server.add_member(owner, "Mia", Role::Member, json::array{agent});
  play(server,
       {{"a viewer makes none",
         "POST",
         agents(),
         viewer.token,
         new_agent_body("X"),
         403,
         {"Insufficient role"},
         {},
         {}},
        {"a viewer changes none", "PATCH", one(), viewer.token, "{}", 403, {}, {}, {}},
        {"a viewer looks", "GET", one(), viewer.token, "", 200, {}, {}, {}},
        {"the role comes before the body", "POST", agents(), viewer.token, "{", 403, {}, {}, {}}});
  const std::string own = server.add_agent(member, "Own");
  EXPECT_EQ(server.call("GET", agents() + "/" + own, member.token).status, 200);
  const std::string hidden = server.add_agent(owner, "Hidden");
  EXPECT_EQ(server.call("PATCH", agents() + "/" + hidden, member.token, "{}").status, 403);
}

TEST_P(ChatAgents, AreListedNewestFirstInParts) {
  for (const char* name : {"Two", "Three"}) {
    server.clock.advance(std::chrono::seconds(1));
    server.add_agent(owner, name);
  }
  const JsonObject page = server.ok(200, "GET", agents() + "?skip=1&limit=1", owner.token);
  EXPECT_EQ(page.at("total"), 3);
  EXPECT_EQ(page.at("agents").as_array().size(), 1U);
  EXPECT_EQ(page.at("agents").at(0).at("name"), "Two");
  play(server, {{"limit 0",
                 "GET",
                 agents() + "?limit=0",
                 owner.token,
                 "",
                 422,
                 {R"("loc":["query","limit"])"},
                 {},
                 {}},
                {"limit 1001", "GET", agents() + "?limit=1001", owner.token, "", 422, {}, {}, {}},
                {"skip -1", "GET", agents() + "?skip=-1", owner.token, "", 422, {}, {}, {}}});
}

TEST_P(ChatAgents, TakeChatsMessagesAndCredentialsAlong) {
  const std::string chat = server.begin_chat(owner, agent);
  server.send(owner, chat, "Hello");
  server.ok(201, "POST", one() + "/credentials", owner.token);
  EXPECT_EQ(server.ok(200, "DELETE", one(), owner.token).at("message"),
            "Agent deleted successfully");
  EXPECT_TRUE(server.rows<AgentRow>().empty());
  EXPECT_TRUE(server.rows<chat::ChatRow>().empty());
  EXPECT_TRUE(server.rows<chat::ChatMessageRow>().empty());
  EXPECT_TRUE(server.rows<chat::AgentCredentialRow>().empty());
  EXPECT_EQ(server.call("GET", one(), owner.token).status, 404);
}

TEST_P(ChatAgents, AreAskedWithoutAChat) {
  const JsonObject answer =
      server.ok(200, "POST", one() + "/chat", owner.token, R"({"question":"How many?"})");
  EXPECT_EQ(answer.at("answer"), "Answer to: How many?");
  EXPECT_EQ(answer.at("sql_attempts"), Json(json::array()));
  EXPECT_TRUE(server.rows<chat::ChatMessageRow>().empty());
  server.answers().script([](const chat::Question&, const ai::OnDelta&) {
    chat::Answer made;
    made.content = "7";
    made.action = chat::Action::Query;
    made.attempts = {"SELECT 7"};
    made.final_query = "SELECT 7";
    return made;
  });
  const JsonObject counted =
      server.ok(200, "POST", one() + "/chat", owner.token, R"({"question":"How many?"})");
  EXPECT_EQ(counted.at("final_sql"), "SELECT 7");
  EXPECT_TRUE(counted.at("final_dax").is_null());
  play(server, {{"no question", "POST", one() + "/chat", owner.token, "{}", 422, {}, {}, {}}});
  server.answers().lack_key();
  play(server, {{"no key",
                 "POST",
                 one() + "/chat",
                 owner.token,
                 R"({"question":"x"})",
                 400,
                 {"AI key is required"},
                 {},
                 {}}});
}

TEST_P(ChatAgents, ShowTheirSource) {
  EXPECT_EQ(server.ok(200, "POST", one() + "/check-connection", owner.token).at("connected"), true);
  EXPECT_EQ(server.ok(200, "POST", one() + "/get-schema", owner.token).at("success"), true);
  play(server,
       {{"a dataset",
         "POST",
         "/agents/test-connection",
         owner.token,
         json_of(powerbi_config()),
         200,
         {"POWERBI"},
         {},
         {}},
        {"a database",
         "POST",
         "/agents/test-db-connection",
         owner.token,
         json_of(db_config()),
         200,
         {"DB"},
         {},
         {}},
        {"a schema",
         "POST",
         "/agents/get-schema",
         owner.token,
         json_of(db_config()),
         200,
         {"DB"},
         {},
         {}},
        {"incomplete", "POST", "/agents/test-db-connection", owner.token, "{}", 400, {}, {}, {}},
        {"nobody", "POST", "/agents/test-connection", "", "{}", 401, {}, {}, {}}});
}

TEST_P(ChatAgents, HaveAtMostOneCredential) {
  const std::string path = one() + "/credentials";
  const JsonObject first =
      server.ok(201, "POST", path, owner.token, json_of({{"agent_id", agent}, {"name", "site"}}));
  EXPECT_THAT(text_at(first, "embed_url"), HasSubstr("https://app.example/embed/chatbot?token="));
  EXPECT_EQ(first.at("theme").as_object().size(), 7U);
  const JsonObject second = server.ok(201, "POST", path, owner.token);
  EXPECT_EQ(first.at("id"), second.at("id"));
  EXPECT_NE(first.at("embed_url"), second.at("embed_url"));
  EXPECT_EQ(server.call("GET", path, owner.token).json().as_array().size(), 1U);
  const std::string credential = path + "/" + text_at(first, "id");
  play(server, {{"another agent",
                 "POST",
                 path,
                 owner.token,
                 json_of({{"agent_id", make_uuid()}}),
                 400,
                 {"Agent ID mismatch"},
                 {},
                 {}},
                {"off",
                 "PATCH",
                 credential + "/toggle",
                 owner.token,
                 R"({"is_active":false})",
                 200,
                 {R"("is_active":false)"},
                 {},
                 {}},
                {"colours",
                 "PATCH",
                 credential + "/theme",
                 owner.token,
                 R"({"theme":{"primary":"#123456"}})",
                 200,
                 {"#123456", "#ffffff"},
                 {},
                 {}},
                {"no colour",
                 "PATCH",
                 credential + "/theme",
                 owner.token,
                 R"({"theme":{"primary":1}})",
                 422,
                 {},
                 {},
                 {}},
                {"no part",
                 "PATCH",
                 credential + "/theme",
                 owner.token,
                 R"({"theme":{"font":"x"}})",
                 422,
                 {},
                 {},
                 {}},
                {"unknown", "DELETE", path + "/" + make_uuid(), owner.token, "", 404, {}, {}, {}},
                {"away", "DELETE", credential, owner.token, "", 200, {}, {}, {}}});
  EXPECT_TRUE(server.call("GET", path, owner.token).json().as_array().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatAgents, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
