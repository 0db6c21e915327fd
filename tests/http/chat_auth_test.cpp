// Signing in and staying so: tokens, refresh, and who is refused.

#include "base/ids.h"
#include "chat/sign_in.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::RefreshTokenRow;
using chat::Role;
using chat::UserRow;

class ChatAuth : public ChatTest {
 protected:
  JsonObject log_in(const std::string& email) const {
    return server.ok(200, "POST", "/auth/login", "",
                     json_of({{"email", email}, {"password", kPassword}}));
  }
  int status_with(const std::string& token) const {
    return server.call("GET", "/auth/me", token).status;
  }
  JsonObject claims() const {
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(server.clock.now()).time_since_epoch().count();
    return {{"iss", "parley/chat"}, {"sub", owner.user_id}, {"exp", now + 60}};
  }
};

TEST_P(ChatAuth, ALoginGivesTokensForTheFirstMembership) {
  const JsonObject tokens = log_in(" OLGA@acme.example ");
  EXPECT_EQ(tokens.at("token_type"), "bearer");
  const JsonObject me = server.ok(200, "GET", "/auth/me", text_at(tokens, "access_token"));
  EXPECT_EQ(text_at(me, "id"), owner.user_id);
  EXPECT_EQ(text_at(me, "email"), "olga@acme.example");
  EXPECT_EQ(me.at("is_active"), true);
  EXPECT_EQ(me.at("is_subscribed"), false);
  const JsonObject& membership = me.at("memberships").as_array().at(0).as_object();
  EXPECT_EQ(text_at(membership, "account_id"), owner.account_id);
  EXPECT_EQ(text_at(membership, "role"), "OWNER");
  EXPECT_EQ(text_at(membership, "account_name"), "Olga Ltd");
  const RefreshTokenRow stored = server.rows<RefreshTokenRow>().at(0);
  EXPECT_EQ(stored.token_hash, chat::hash_of_token(text_at(tokens, "refresh_token")));
  EXPECT_EQ(stored.expires_at, server.clock.now() + std::chrono::days(30));
}

TEST_P(ChatAuth, RefusesWhatIsNoLogin) {
  const auto body = [](const char* email, const char* password) {
    return json_of({{"email", email}, {"password", password}});
  };
  play(server, {
                   {"a wrong password",
                    "POST",
                    "/auth/login",
                    "",
                    body("olga@acme.example", "wrong"),
                    401,
                    {"Invalid credentials"},
                    {},
                    {}},
                   {"nobody",
                    "POST",
                    "/auth/login",
                    "",
                    body("nobody@acme.example", "wrong"),
                    401,
                    {"Invalid credentials"},
                    {},
                    {}},
                   {"no password",
                    "POST",
                    "/auth/login",
                    "",
                    R"({"email":"a@b"})",
                    422,
                    {R"("loc":["body","password"])"},
                    {},
                    {}},
                   {"no JSON", "POST", "/auth/login", "", "{", 422, {}, {}, {}},
               });
}

TEST_P(ChatAuth, SomebodyUnverifiedOrAloneIsTold) {
  const Member mia = server.add_member(owner, "Mia", Role::Member);
  const std::string body = json_of({{"email", mia.email}, {"password", kPassword}});
  const auto verified = [&](std::optional<Timestamp> at) {
    server.write([&](store::UnitOfWork& unit) {
      store::update(unit.connection, store::equals<&UserRow::id>(mia.user_id),
                    store::set<&UserRow::email_verified_at>(at));
    });
  };
  verified(std::nullopt);
  play(server,
       {{"unverified", "POST", "/auth/login", "", body, 403, {"Email not verified"}, {}, {}},
        {"with a token",
         "GET",
         "/auth/me",
         mia.token,
         "",
         403,
         {"User is not active or not verified"},
         {},
         {}}});
  verified(server.clock.now());
  server.ok(200, "DELETE", "/accounts/" + owner.account_id + "/members/" + mia.user_id,
            owner.token);
  play(server,
       {{"alone", "POST", "/auth/login", "", body, 403, {"No account membership"}, {}, {}}});
}

TEST_P(ChatAuth, ATokenSaysWhyItIsRefused) {
  JsonObject none = claims();
  none.erase("iss");
  JsonObject foreign = claims();
  foreign["iss"] = "somebody else";
  JsonObject stranger = claims();
  stranger["sub"] = make_uuid();
  JsonObject nameless = claims();
  nameless["sub"] = "olga";
  JsonObject old = claims();
  old["exp"] = 1;
  JsonObject lasting = claims();
  lasting.erase("exp");
  const auto expect = [&](const char* name, const std::string& token, const char* detail) {
    play(server, {{name, "GET", "/auth/me", token, "", 401, {detail}, {}, {}}});
  };
  expect("no token", "", "Missing or invalid Authorization header");
  expect("garbage", "x.y.z", "Invalid or expired token");
  expect("no issuer", server.token_with(none), "Invalid or expired token");
  expect("another issuer", server.token_with(foreign), "Invalid or expired token");
  expect("too old", server.token_with(old), "Invalid or expired token");
  expect("no UUID", server.token_with(nameless), "Invalid token payload");
  expect("for ever", server.token_with(lasting), "Invalid token payload");
  expect("nobody", server.token_with(stranger), "User not found");
  expect("a refresh token", text_at(log_in(owner.email), "refresh_token"), "Invalid token payload");
}

TEST_P(ChatAuth, TokensOfTheOriginalStaySignedIn) {
  JsonObject original = claims();
  original["iss"] = "locimapper-api";
  EXPECT_EQ(status_with(server.token_with(original)), 200);
  server.clock.advance(std::chrono::minutes(2));
  EXPECT_EQ(status_with(server.token_with(original)), 401);
}

TEST_P(ChatAuth, ARefreshVoidsTheOldTokenAndKeepsOneRow) {
  const std::string first = text_at(log_in(owner.email), "refresh_token");
  const std::string path = "/auth/refresh?refresh_token=";
  const std::string second = text_at(server.ok(200, "POST", path + first, ""), "refresh_token");
  EXPECT_NE(first, second);
  EXPECT_EQ(server.call("POST", path + first, "").status, 401);
  EXPECT_EQ(server.rows<RefreshTokenRow>().size(), 1U);
  const auto third = server.ok(200, "POST", path + second, "");
  EXPECT_EQ(status_with(text_at(third, "access_token")), 200);
}

TEST_P(ChatAuth, ARefreshTokenMayBeSentInFourWays) {
  const auto refresh = [&](const std::string& token, const HttpHeaders& headers,
                           const std::string& body, const std::string& query = "") {
    const HttpAnswer answer = server.call("POST", "/auth/refresh" + query, "", body, headers);
    EXPECT_EQ(answer.status, 200) << answer.body << token;
    return std::string(answer.json().at("refresh_token").as_string());
  };
  std::string token = text_at(log_in(owner.email), "refresh_token");
  token = refresh(token, {}, "", "?refresh_token=" + token);
  token = refresh(token, {{"Content-Type", "application/x-www-form-urlencoded"}},
                  "refresh_token=" + token);
  token = refresh(token, {{"Content-Type", "multipart/form-data; boundary=b0"}},
                  "--b0\r\nContent-Disposition: form-data; name=\"refresh_token\"\r\n\r\n" + token +
                      "\r\n--b0--\r\n");
  token =
      refresh(token, {{"Content-Type", "application/json"}}, json_of({{"refresh_token", token}}));
  EXPECT_EQ(server.rows<RefreshTokenRow>().size(), 1U);
}

TEST_P(ChatAuth, ALogoutVoidsTheToken) {
  const std::string token = text_at(log_in(owner.email), "refresh_token");
  const std::string body = json_of({{"refresh_token", token}});
  EXPECT_EQ(server.ok(200, "POST", "/auth/logout", "", body), (JsonObject{{"ok", true}}));
  play(server,
       {{"void", "POST", "/auth/refresh", "", body, 401, {}, {}, {}},
        {"once more", "POST", "/auth/logout", "", body, 200, {}, {}, {}},
        {"unreadable", "POST", "/auth/logout", "", R"({"refresh_token":"x"})", 401, {}, {}, {}},
        {"none", "POST", "/auth/refresh", "", "{}", 401, {}, {}, {}}});
}

TEST_P(ChatAuth, ARefreshTokenDies) {
  const std::string token = text_at(log_in(owner.email), "refresh_token");
  server.clock.advance(std::chrono::days(30));
  EXPECT_EQ(server.call("POST", "/auth/refresh?refresh_token=" + token, "").status, 401);
}

/// A row as passlib left it; the hash stays until the password changes.
TEST_P(ChatAuth, PasswordsOfTheOriginalAreVerified) {
  const std::string hash =
      "$pbkdf2-sha256$29000$yMnKy8zNzs/Q0dLT1NXW1w$2sQRidcQyrZgIBkFv9HNrbH9hzwoYs5aUf04n8wepu0";
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&UserRow::id>(owner.user_id),
                  store::set<&UserRow::password_hash>(hash));
  });
  log_in(owner.email);
  EXPECT_EQ(server.rows<UserRow>().at(0).password_hash, hash);
}

TEST_P(ChatAuth, ChangingThePasswordVoidsAllRefreshTokens) {
  const std::string token = text_at(log_in(owner.email), "refresh_token");
  const auto body = [](const char* current, const char* next, const char* confirmed) {
    return json_of({{"current_password", current},
                    {"new_password", next},
                    {"confirm_new_password", confirmed}});
  };
  const std::string path = "/auth/change-password";
  play(server,
       {{"wrong", "POST", path, owner.token, body("wrong", "another", "another"), 400, {}, {}, {}},
        {"twice",
         "POST",
         path,
         owner.token,
         body("correct horse", "another", "anothre"),
         400,
         {},
         {},
         {}},
        {"short",
         "POST",
         path,
         owner.token,
         body("correct horse", "short", "short"),
         422,
         {},
         {},
         {}},
        {"right",
         "POST",
         path,
         owner.token,
         body("correct horse", "another", "another"),
         200,
         {},
         {},
         {}},
        {"old token", "POST", "/auth/refresh?refresh_token=" + token, "", "", 401, {}, {}, {}},
        {"new password",
         "POST",
         "/auth/login",
         "",
         json_of({{"email", owner.email}, {"password", "another"}}),
         200,
         {},
         {},
         {}}});
}

TEST_P(ChatAuth, AForgottenPasswordIsSetOnce) {
  std::string secret;
  server.write([&](store::UnitOfWork& unit) {
    secret = chat::begin_reset(unit.connection, owner.email, server.clock.now()).value();
  });
  const std::string body = json_of({{"token", secret}, {"new_password", "another"}});
  play(server, {{"right", "POST", "/auth/password/reset", "", body, 200, {}, {}, {}},
                {"used", "POST", "/auth/password/reset", "", body, 400, {}, {}, {}},
                {"unknown",
                 "POST",
                 "/auth/password/reset",
                 "",
                 json_of({{"token", "x"}, {"new_password", "another"}}),
                 400,
                 {},
                 {},
                 {}},
                {"sign in",
                 "POST",
                 "/auth/login",
                 "",
                 json_of({{"email", owner.email}, {"password", "another"}}),
                 200,
                 {},
                 {},
                 {}}});
}

TEST_P(ChatAuth, MailsAreAnsweredAlikeWhoeverAsksForThem) {
  const auto ask = [&](const char* email) {
    return server.call("POST", "/auth/password/forgot", "", json_of({{"email", email}}));
  };
  const HttpAnswer known = ask("olga@acme.example");
  const HttpAnswer unknown = ask("nobody@acme.example");
  EXPECT_EQ(known.status, 200);
  EXPECT_EQ(known.body, unknown.body);
  const HttpAnswer again = ask("nobody@acme.example");
  EXPECT_EQ(again.status, 429);
  EXPECT_FALSE(again.header("Retry-After").empty());
  EXPECT_EQ(server.rows<chat::PasswordResetRow>().size(), 1U);
}

/// Collations of MySQL and MariaDB take ó for o; the mail would go to whoever asked.
TEST_P(ChatAuth, AnAddressThatOnlyLooksAlikeGetsNoMail) {
  const std::string alike = "ólga@acme.example";
  server.ok(200, "POST", "/auth/password/forgot", "", json_of({{"email", alike}}));
  EXPECT_THAT(server.rows<chat::PasswordResetRow>(), testing::IsEmpty());
  EXPECT_EQ(
      server.call("POST", "/auth/login", "", json_of({{"email", alike}, {"password", kPassword}}))
          .status,
      401);
}

TEST_P(ChatAuth, NamesAreChanged) {
  play(server,
       {{"none", "POST", "/auth/change-name", owner.token, "", 400, {}, {}, {}},
        {"one",
         "POST",
         "/auth/change-name",
         owner.token,
         R"({"first_name":"Olga"})",
         200,
         {},
         {},
         {}},
        {"me", "GET", "/auth/me", owner.token, "", 200, {R"("first_name":"Olga")"}, {}, {}}});
}

TEST_P(ChatAuth, LoginsAreCounted) {
  chat::Settings settings = ChatServer::default_settings();
  settings.limits.logins_per_minute = 1;
  ChatServer strict(GetParam(), settings);
  const std::string body = json_of({{"email", "a@b.example"}, {"password", "x"}});
  EXPECT_EQ(strict.call("POST", "/auth/login", "", body).status, 401);
  const HttpAnswer refused = strict.call("POST", "/auth/login", "", body);
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.header("Retry-After").empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatAuth, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

/// Signing up, when the operator has switched it on.
class ChatSignUp : public testing::TestWithParam<TestEngine> {
 protected:
  static chat::Settings settings(bool is_auto) {
    chat::Settings settings = ChatServer::default_settings();
    settings.sign_up = {.is_enabled = true, .auto_verify = is_auto};
    return settings;
  }
  static std::string body(const std::string& email, const std::string& invite = "") {
    JsonObject object{
        {"email", email}, {"password", "sixsix"}, {"first_name", "Ada"}, {"last_name", "Lovelace"}};
    if (!invite.empty()) object["invite"] = invite;
    return json_of(object);
  }
};

TEST_P(ChatSignUp, IsOffByDefault) {
  ChatServer server(GetParam());
  EXPECT_EQ(server.call("POST", "/auth/signup", "", body("ada@x.example")).status, 403);
}

TEST_P(ChatSignUp, MakesAnAccountWithItsOwner) {
  ChatServer server(GetParam(), settings(true));
  play(
      server,
      {{"new", "POST", "/auth/signup", "", body("Ada@X.example"), 201, {R"("ok":true)"}, {}, {}},
       {"again", "POST", "/auth/signup", "", body("ada@x.example"), 409, {}, {}, {}},
       {"bad invitation", "POST", "/auth/signup", "", body("b@x.example", "nope"), 400, {}, {}, {}},
       {"sign in",
        "POST",
        "/auth/login",
        "",
        json_of({{"email", "ada@x.example"}, {"password", "sixsix"}}),
        200,
        {},
        {},
        {}}});
  EXPECT_EQ(server.rows<chat::AccountRow>().at(0).name, "Ada Lovelace");
  EXPECT_EQ(server.rows<chat::MembershipRow>().at(0).role, "OWNER");
}

TEST_P(ChatSignUp, WaitsForTheMailToBeVerified) {
  ChatServer server(GetParam(), settings(false));
  server.ok(201, "POST", "/auth/signup", "", body("ada@x.example"));
  const std::string login = json_of({{"email", "ada@x.example"}, {"password", "sixsix"}});
  EXPECT_EQ(server.call("POST", "/auth/login", "", login).status, 403);
  std::string secret;
  server.write([&](store::UnitOfWork& unit) {
    secret = chat::begin_verification(unit.connection, "ada@x.example", server.clock.now()).value();
  });
  const std::string path = "/auth/verify?token=" + secret;
  EXPECT_EQ(server.ok(200, "GET", path, "").at("verified"), true);
  EXPECT_EQ(server.call("GET", path, "").status, 400);
  EXPECT_EQ(server.call("POST", "/auth/login", "", login).status, 200);
}

TEST_P(ChatSignUp, AnInvitationBringsItsRoleAndAgents) {
  ChatServer server(GetParam(), settings(true));
  const Member owner = server.add_owner("Olga");
  const std::string agent = server.add_agent(owner);
  const auto invited = server.ok(
      200, "POST", "/accounts/" + owner.account_id + "/invite", owner.token,
      json_of({{"email", "ada@x.example"}, {"role", "member"}, {"manage_agent_ids", {agent}}}));
  const std::string secret = text_at(invited, "invite_token");
  play(server,
       {{"for another", "POST", "/auth/signup", "", body("eve@x.example", secret), 400, {}, {}, {}},
        {"for her", "POST", "/auth/signup", "", body("ada@x.example", secret), 201, {}, {}, {}},
        {"used", "POST", "/auth/signup", "", body("ada2@x.example", secret), 400, {}, {}, {}}});
  const auto ada = store::select<UserRow>()
                       .where(store::equals<&UserRow::email>("ada@x.example"))
                       .first(server.connection());
  ASSERT_TRUE(ada.has_value());
  const auto membership = store::select<chat::MembershipRow>()
                              .where(store::equals<&chat::MembershipRow::user_id>(ada->id))
                              .first(server.connection());
  ASSERT_TRUE(membership.has_value());
  EXPECT_EQ(membership->role, "MEMBER");
  EXPECT_EQ(membership->account_id, owner.account_id);
  EXPECT_EQ(membership->manage_agent_ids, Json(json::array{agent}));
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatSignUp, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
