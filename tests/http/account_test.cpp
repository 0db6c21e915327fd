// The own account: profile, presence, push token.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::ProfileRow;
using live_agent::Role;

const std::string kProfile = "/api/v1/auth/profile";
const std::string kPresence = "/api/v1/live-agent/agent/status";
const std::string kPushToken = "/api/v1/live-agent/agent/fcm-token";

class Account : public LiveAgentTest {
 protected:
  TestAgent bob = server.add_agent("Bob");
  TestAgent root = server.add_agent("Root", Role::Admin);

  int log_in(const std::string& email, std::string_view password) {
    return server
        .call("POST", "/api/v1/auth/login", "", json_of({{"email", email}, {"password", password}}))
        .status;
  }
};

TEST_P(Account, ProfileHasItsFieldsAndNoHash) {
  const HttpAnswer answer = server.call("GET", kProfile, bob.token);
  EXPECT_EQ(answer.status, 200);
  const JsonObject profile = answer.json().as_object();
  EXPECT_EQ(profile.at("id"), bob.id);
  EXPECT_EQ(profile.at("email"), "bob@desk.example");
  EXPECT_EQ(profile.at("name"), "Bob");
  EXPECT_EQ(profile.at("full_name"), "Bob");
  EXPECT_EQ(profile.at("role"), "agent");
  EXPECT_EQ(profile.at("is_active"), true);
  EXPECT_EQ(profile.at("created_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_TRUE(profile.at("last_login").is_null());
  EXPECT_FALSE(profile.contains("password_hash"));
  play(server, {
                   {"a user without an account",
                    "GET",
                    kProfile,
                    server.user_token("ann@x"),
                    "",
                    404,
                    {},
                    {},
                    {}},
                   {"a user with one",
                    "GET",
                    kProfile,
                    server.user_token(bob.email),
                    "",
                    200,
                    {"bob@desk.example"},
                    {},
                    {}},
                   {"no token", "GET", kProfile, "", "", 401, {}, {}, {}},
               });
}

TEST_P(Account, EmailChangeTakesThePresenceAlongAndKeepsTheToken) {
  server.ok(200, "PUT", kPresence, bob.token, R"({"is_online":true})");
  const std::string session = server.open_session(server.user_token("ann@x"));
  server.send(bob.token, session, "agent", "before");
  const JsonObject profile = server.ok(200, "PUT", kProfile, bob.token,
                                       R"({"email":"Robert@desk.example","full_name":"Robert"})");
  EXPECT_EQ(profile.at("email"), "robert@desk.example");
  EXPECT_EQ(profile.at("name"), "Robert");
  const ProfileRow presence = server.rows<ProfileRow>().at(0);
  EXPECT_EQ(presence.agent_id, "robert@desk.example");
  EXPECT_EQ(presence.agent_name, "Robert");
  EXPECT_EQ(server.rows<live_agent::MessageRow>().at(1).sender_id, "bob@desk.example");
  EXPECT_EQ(server.send(bob.token, session, "agent", "after").at("sender_id"),
            "robert@desk.example");
}

TEST_P(Account, PasswordChangeTakesEffect) {
  server.ok(200, "PUT", kProfile, bob.token, R"({"password":"a new password"})");
  EXPECT_EQ(log_in(bob.email, kPassword), 401);
  EXPECT_EQ(log_in(bob.email, "a new password"), 200);
}

TEST_P(Account, ProfileChangeRefusesBadInput) {
  play(server,
       {
           {"taken e-mail",
            "PUT",
            kProfile,
            bob.token,
            R"({"email":"ROOT@desk.example"})",
            400,
            {"email_taken"},
            {},
            {}},
           {"own e-mail",
            "PUT",
            kProfile,
            bob.token,
            R"({"email":"bob@desk.example"})",
            200,
            {},
            {},
            {}},
           {"no e-mail",
            "PUT",
            kProfile,
            bob.token,
            R"({"email":"bob"})",
            422,
            {"\"email\""},
            {},
            {}},
           {"short password",
            "PUT",
            kProfile,
            bob.token,
            R"({"password":"1234567"})",
            422,
            {"password"},
            {},
            {}},
           {"blank name", "PUT", kProfile, bob.token, R"({"full_name":" "})", 422, {}, {}, {}},
           {"long name",
            "PUT",
            kProfile,
            bob.token,
            json_of({{"full_name", std::string(256, 'x')}}),
            422,
            {},
            {},
            {}},
           {"nothing", "PUT", kProfile, bob.token, "{}", 200, {R"("name":"Bob")"}, {}, {}},
           {"user",
            "PUT",
            kProfile,
            server.user_token("ann@x"),
            R"({"full_name":"A"})",
            403,
            {},
            {},
            {}},
           {"no token", "PUT", kProfile, "", R"({"password":"12345678"})", 401, {}, {}, {}},
       });
}

TEST_P(Account, PresenceIsMadeAndChanged) {
  const JsonObject online =
      server.ok(200, "PUT", kPresence, bob.token, R"({"is_online":true,"fcm_token":"t1"})");
  EXPECT_EQ(online, (Json{{"agent_id", "bob@desk.example"},
                          {"agent_name", "Bob"},
                          {"is_online", true},
                          {"status", "online"},
                          {"last_seen", "2025-03-15T10:00:00.000000Z"},
                          {"updated_at", "2025-03-15T10:00:00.000000Z"}}));
  server.clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(server
                .ok(200, "PUT", kPresence, bob.token,
                    R"({"is_online":true,"status":"busy","fcm_token":""})")
                .at("status"),
            "busy");
  EXPECT_EQ(server.ok(200, "PUT", kPresence, bob.token, R"({"is_online":false,"status":"busy"})")
                .at("status"),
            "offline");
  const std::vector<ProfileRow> stored = server.rows<ProfileRow>();
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored.at(0).fcm_token, "t1");
  EXPECT_EQ(stored.at(0).last_seen, server.clock.now());
  play(server,
       {
           {"absent", "PUT", kPresence, bob.token, "{}", 422, {"is_online"}, {}, {}},
           {"text", "PUT", kPresence, bob.token, R"({"is_online":"true"})", 422, {}, {}, {}},
           {"unknown status",
            "PUT",
            kPresence,
            bob.token,
            R"({"is_online":true,"status":"away"})",
            422,
            {},
            {},
            {}},
           {"user",
            "PUT",
            kPresence,
            server.user_token("ann@x"),
            R"({"is_online":true})",
            403,
            {},
            {},
            {}},
       });
}

TEST_P(Account, PushTokenIsRegistered) {
  const JsonObject answer = server.ok(200, "POST", kPushToken, bob.token,
                                      R"({"fcm_token":"t2","device_type":"android"})");
  EXPECT_EQ(answer.at("data"), (Json{{"agent_id", "bob@desk.example"},
                                     {"agent_name", "Bob"},
                                     {"fcm_token", "t2"},
                                     {"updated_at", "2025-03-15T10:00:00.000000Z"}}));
  EXPECT_EQ(server.rows<ProfileRow>().at(0).is_online, false);
  play(server, {
                   {"empty", "POST", kPushToken, bob.token, R"({"fcm_token":""})", 422, {}, {}, {}},
                   {"long",
                    "POST",
                    kPushToken,
                    bob.token,
                    json_of({{"fcm_token", std::string(513, 'x')}}),
                    422,
                    {},
                    {},
                    {}},
                   {"device",
                    "POST",
                    kPushToken,
                    bob.token,
                    R"({"fcm_token":"t","device_type":"watch"})",
                    422,
                    {"android, ios"},
                    {},
                    {}},
               });
}

INSTANTIATE_TEST_SUITE_P(Engines, Account, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
