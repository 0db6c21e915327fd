// Managing agents: list, create, change.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::Role;
using live_agent::UserRow;

const std::string kAgents = "/api/v1/live-agent/agents";
const std::string kPresence = "/api/v1/live-agent/agent/status";

class ManagingAgents : public LiveAgentTest {
 protected:
  TestAgent bob = server.add_agent("Bob");
  TestAgent root = server.add_agent("Root", Role::Admin);

  void give_right(const TestAgent& agent, std::string_view right) {
    JsonObject rights;
    rights[right] = true;
    store::update(server.connection(), store::equals<&UserRow::id>(agent.id),
                  store::set<&UserRow::agent_rights>(rights));
  }
  int log_in(const std::string& email, std::string_view password) {
    return server
        .call("POST", "/api/v1/auth/login", "", json_of({{"email", email}, {"password", password}}))
        .status;
  }
};

TEST_P(ManagingAgents, AdminCreatesAnAgentWhoCanLogIn) {
  const JsonObject agent = server.ok(
      200, "POST", kAgents, root.token,
      R"({"email":"Eve@desk.example","password":"eve's password","full_name":"Eve","agent_rights":{"can_close_sessions":false}})");
  EXPECT_EQ(agent.at("email"), "eve@desk.example");
  EXPECT_EQ(agent.at("role"), "agent");
  EXPECT_EQ(agent.at("agent_rights"), (Json{{"can_close_sessions", false}}));
  EXPECT_EQ(agent.at("is_online"), false);
  EXPECT_EQ(agent.at("status"), "offline");
  EXPECT_TRUE(agent.at("last_seen").is_null());
  EXPECT_FALSE(agent.contains("password_hash"));
  EXPECT_EQ(log_in("eve@desk.example", "eve's password"), 200);
}

TEST_P(ManagingAgents, CreatingRefusesBadInput) {
  const auto with = [](std::string_view field) {
    return R"({"email":"eve@desk.example","password":"12345678","full_name":"Eve",)" +
           std::string(field) + "}";
  };
  play(server,
       {
           {"taken",
            "POST",
            kAgents,
            root.token,
            R"({"email":"BOB@desk.example","password":"12345678","full_name":"B"})",
            400,
            {"email_taken"},
            {},
            {}},
           {"admin", "POST", kAgents, root.token, with(R"("role":"admin")"), 422, {}, {}, {}},
           {"right",
            "POST",
            kAgents,
            root.token,
            with(R"("agent_rights":{"can_fly":true})"),
            422,
            {"agent_rights.can_fly"},
            {},
            {}},
           {"nothing",
            "POST",
            kAgents,
            root.token,
            "{}",
            422,
            {"\"email\"", "\"password\"", "\"full_name\""},
            {},
            {}},
           {"agent", "POST", kAgents, bob.token, with(R"("role":"agent")"), 403, {}, {}, {}},
           {"user",
            "POST",
            kAgents,
            server.user_token("ann@x"),
            with(R"("role":"agent")"),
            403,
            {},
            {},
            {}},
       });
  EXPECT_EQ(server.rows<UserRow>().size(), 2U);
}

TEST_P(ManagingAgents, AgentsAreListedWithTheirPresence) {
  server.ok(200, "PUT", kPresence, bob.token, R"({"is_online":true})");
  const JsonObject list = server.ok(200, "GET", kAgents + "?page=1&per_page=1", root.token);
  EXPECT_EQ(list.at("total"), 2);
  EXPECT_EQ(list.at("per_page"), 1);
  EXPECT_EQ(list.at("agents").at(0).at("email"), "bob@desk.example");
  EXPECT_EQ(list.at("agents").at(0).at("status"), "online");
  EXPECT_EQ(server.ok(200, "GET", kAgents + "?page=2&per_page=1", root.token)
                .at("agents")
                .at(0)
                .at("status"),
            "offline");
  play(server, {{"agent", "GET", kAgents, bob.token, "", 403, {}, {}, {}},
                {"range", "GET", kAgents + "?per_page=101", root.token, "", 422, {}, {}, {}}});
}

TEST_P(ManagingAgents, IsForThoseWithTheRight) {
  give_right(bob, "can_manage_agents");
  const TestAgent eve = server.add_agent("Eve");
  const std::string of_eve = kAgents + "/" + std::to_string(eve.id);
  play(server, {
                   {"list", "GET", kAgents, bob.token, "", 200, {}, {}, {}},
                   {"promote",
                    "PATCH",
                    of_eve,
                    bob.token,
                    R"({"role":"supervisor","full_name":"Evelyn"})",
                    200,
                    {"\"supervisor\"", "Evelyn"},
                    {},
                    {}},
                   {"deactivate",
                    "PATCH",
                    of_eve,
                    bob.token,
                    R"({"is_active":false})",
                    200,
                    {"\"is_active\":false"},
                    {},
                    {}},
                   {"deactivated", "GET", live_agent("/sessions"), eve.token, "", 401, {}, {}, {}},
                   {"to admin", "PATCH", of_eve, bob.token, R"({"role":"admin"})", 422, {}, {}, {}},
                   {"an admin's password",
                    "PATCH",
                    kAgents + "/" + std::to_string(root.id),
                    bob.token,
                    R"({"password":"12345678"})",
                    403,
                    {},
                    {},
                    {}},
                   {"unknown", "PATCH", kAgents + "/987654", bob.token, "{}", 404, {}, {}, {}},
                   {"no number", "PATCH", kAgents + "/bob", bob.token, "{}", 404, {}, {}, {}},
                   {"without the right",
                    "PATCH",
                    of_eve,
                    server.add_agent("Tom").token,
                    "{}",
                    403,
                    {},
                    {},
                    {}},
               });
  EXPECT_EQ(log_in(root.email, kPassword), 200);
}

TEST_P(ManagingAgents, AdminSetsAPassword) {
  server.ok(200, "PATCH", kAgents + "/" + std::to_string(bob.id), root.token,
            R"({"password":"set by root"})");
  EXPECT_EQ(log_in(bob.email, "set by root"), 200);
}

INSTANTIATE_TEST_SUITE_P(Engines, ManagingAgents, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
