// POST /auth/login, POST /auth/seed-admin, tokens and open access.

#include "http/live_agent_server.h"
#include "live_agent/accounts.h"

namespace parley::test {
namespace {

using live_agent::Role;
using live_agent::UserRow;

const std::string kLogin = "/api/v1/auth/login";
const std::string kSeed = "/api/v1/auth/seed-admin";

class Login : public LiveAgentTest {
 protected:
  static std::string pair(std::string_view email, std::string_view password = kPassword) {
    return json_of({{"email", email}, {"password", password}, {"role", "admin"}});
  }
};

TEST_P(Login, GivesTheAppATokenAndAnIdentity) {
  const TestAgent bob = server.add_agent("Bob");
  const JsonObject answer = server.ok(200, "POST", kLogin, "", pair(" BOB@desk.example"));
  EXPECT_EQ(answer.at("token_type"), "bearer");
  EXPECT_EQ(answer.at("role"), "agent");
  EXPECT_EQ(answer.at("redirect_url"), "/agent/");
  EXPECT_EQ(answer.at("agent"),
            (Json{{"id", bob.id}, {"email", bob.email}, {"name", "Bob"}, {"role", "agent"}}));
  const std::string token(answer.at("access_token").as_string());
  const JsonObject profile = server.ok(200, "GET", "/api/v1/auth/profile", token);
  EXPECT_EQ(profile.at("last_login"), "2025-03-15T10:00:00.000000Z");
}

TEST_P(Login, SendsAnAdminToTheAdminPages) {
  server.add_agent("Root", Role::Admin);
  EXPECT_EQ(server.ok(200, "POST", kLogin, "", pair("root@desk.example")).at("redirect_url"),
            "/admin/");
}

TEST_P(Login, RefusesWrongPairsAlike) {
  server.add_agent("Bob");
  play(server,
       {
           {"wrong password",
            "POST",
            kLogin,
            "",
            pair("bob@desk.example", "wrong horse"),
            401,
            {"Invalid email or password"},
            {"access_token"},
            {}},
           {"unknown e-mail",
            "POST",
            kLogin,
            "",
            pair("eve@desk.example"),
            401,
            {"Invalid email or password"},
            {},
            {}},
           {"empty password", "POST", kLogin, "", pair("bob@desk.example", ""), 401, {}, {}, {}},
           {"no password",
            "POST",
            kLogin,
            "",
            R"({"email":"bob@desk.example"})",
            422,
            {"\"password\":"},
            {},
            {}},
           {"no JSON", "POST", kLogin, "", "email=bob", 422, {}, {}, {}},
       });
  EXPECT_FALSE(server.rows<UserRow>().at(0).last_login);
}

TEST_P(Login, RefusesAnInactiveAccountOnlyToItsOwner) {
  const TestAgent bob = server.add_agent("Bob");
  store::update(server.connection(), store::equals<&UserRow::id>(bob.id),
                store::set<&UserRow::is_active>(false));
  play(server,
       {
           {"right password", "POST", kLogin, "", pair(bob.email), 403, {"inactive"}, {}, {}},
           {"wrong password",
            "POST",
            kLogin,
            "",
            pair(bob.email, "wrong horse"),
            401,
            {},
            {"inactive"},
            {}},
       });
}

TEST_P(Login, VerifiesAndKeepsABcryptHashOfAnAdoptedDatabase) {
  // "U*U" with the salt of the crypt_blowfish test vectors.
  const std::string hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  live_agent::create_user(server.connection(), "old@desk.example", "Old", Role::Agent, hash,
                          server.clock.now());
  server.ok(200, "POST", kLogin, "", pair("old@desk.example", "U*U"));
  EXPECT_EQ(server.rows<UserRow>().at(0).password_hash, hash);
}

TEST_P(Login, TokenOfADeactivatedAgentIsUnusable) {
  const TestAgent bob = server.add_agent("Bob");
  server.ok(200, "GET", live_agent("/sessions"), bob.token);
  store::update(server.connection(), store::equals<&UserRow::id>(bob.id),
                store::set<&UserRow::is_active>(false));
  play(server, {{"deactivated", "GET", live_agent("/sessions"), bob.token, "", 401, {}, {}, {}}});
}

TEST_P(Login, RoleOfTheRowCountsAndNotTheClaim) {
  const TestAgent bob = server.add_agent("Bob");
  const std::string boastful = server.token_with({{"email", bob.email}, {"role", "admin"}});
  play(server, {
                   {"claims admin", "GET", live_agent("/agents"), boastful, "", 403, {}, {}, {}},
                   {"claims an account that is none",
                    "GET",
                    live_agent("/sessions"),
                    server.token_with({{"email", "nobody@x"}, {"role", "agent"}}),
                    "",
                    401,
                    {},
                    {},
                    {}},
               });
}

TEST_P(Login, ExpiredTokenIsRefused) {
  const TestAgent bob = server.add_agent("Bob");
  server.clock.advance(std::chrono::hours(24));
  play(server, {{"expired", "GET", live_agent("/sessions"), bob.token, "", 401, {}, {}, {}}});
}

TEST_P(Login, SmokeCallWithoutATokenIsRefusedAsJson) {
  play(server, {{"source 000",
                 "GET",
                 live_agent("/sessions?page=1&per_page=20"),
                 "",
                 "",
                 401,
                 {},
                 {"sessions\":["},
                 {}}});
}

TEST_P(Login, SeedAdminNeedsConfiguration) {
  play(server, {{"not configured", "POST", kSeed, "", "", 403, {}, {}, {}}});
  EXPECT_TRUE(server.rows<UserRow>().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Login, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

class ConfiguredServer : public testing::TestWithParam<TestEngine> {};

TEST_P(ConfiguredServer, CreatesTheSeedAdminOnce) {
  live_agent::Settings settings = LiveAgentServer::default_settings();
  settings.seed_admin = {.email = "Root@desk.example", .password = std::string(kPassword)};
  LiveAgentServer server(GetParam(), settings);
  play(server, {
                   {"first", "POST", kSeed, "", "", 200, {R"({"status":"created"})"}, {}, {}},
                   {"again", "POST", kSeed, "", "", 200, {R"({"status":"exists"})"}, {}, {}},
                   {"log in",
                    "POST",
                    kLogin,
                    "",
                    json_of({{"email", "root@desk.example"}, {"password", kPassword}}),
                    200,
                    {R"("role":"admin")"},
                    {},
                    {}},
               });
  EXPECT_EQ(server.rows<UserRow>().size(), 1U);
}

TEST_P(ConfiguredServer, OpenAccessReadsEverythingAndWritesNothing) {
  live_agent::Settings settings = LiveAgentServer::default_settings();
  settings.dev_open = true;
  LiveAgentServer server(GetParam(), settings);
  const std::string id = server.open_session(server.user_token("ann@x"));
  server.set_status(server.add_agent("Bob").token, id, "active");
  play(server,
       {
           {"source 000",
            "GET",
            live_agent("/sessions?page=1&per_page=20"),
            "",
            "",
            200,
            {id, "\"total\":1"},
            {},
            {}},
           {"messages", "GET", live_agent("/messages/" + id), "", "", 200, {"Hello"}, {}, {}},
           {"statistics",
            "GET",
            live_agent("/agent/statistics"),
            "",
            "",
            200,
            {"\"total_sessions\":1"},
            {},
            {}},
           {"mine",
            "GET",
            live_agent("/sessions?assigned_to_me=true"),
            "",
            "",
            200,
            {"\"total\":0"},
            {},
            {}},
           {"marking",
            "GET",
            live_agent("/messages/" + id + "?mark_as_read=true"),
            "",
            "",
            403,
            {},
            {},
            {}},
           {"sending", "POST", live_agent("/messages"), "", "{}", 403, {}, {}, {}},
           {"agents", "GET", live_agent("/agents"), "", "", 403, {}, {}, {}},
           {"profile", "GET", "/api/v1/auth/profile", "", "", 404, {}, {}, {}},
           {"new password",
            "PUT",
            "/api/v1/auth/profile",
            "",
            R"({"password":"12345678"})",
            403,
            {},
            {},
            {}},
           {"bad token", "GET", live_agent("/sessions"), "x.y.z", "", 401, {}, {}, {}},
       });
}

INSTANTIATE_TEST_SUITE_P(Engines, ConfiguredServer, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
