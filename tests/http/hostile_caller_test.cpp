// Callers who mean harm: strangers at every door, tokens that are forged, and SQL wherever a text
// can be given. The routes come from the router, so that a new one is tried without being named.

#include "base/crypto.h"
#include "base/ids.h"
#include "http/jwt.h"
#include "http/live_agent_server.h"
#include "support/websocket_client.h"

namespace parley::test {
namespace {

using live_agent::Role;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kSecretText = "for the eyes of Ann";

class HostileCaller : public LiveAgentTest {
 protected:
  struct Door {
    std::string method;
    std::string path;  ///< With an id in it.
    std::string body;  ///< One that its owner would be served with.
  };

  /// Every route, its `{id}` made that of Ann's session or message.
  std::vector<Door> doors(http::Access access) const {
    std::vector<Door> found;
    for (const http::Route* route : server.router().routes()) {
      if (route->operation.access != access) continue;
      std::string path = route->pattern;
      if (const auto at = path.find("{id}"); at != std::string::npos)
        path.replace(at, 4, id_for(route->pattern, route->method));
      found.push_back({route->method, path, body_for(route->pattern)});
    }
    return found;
  }

  std::vector<Door> doors_with_an_id() const {
    std::vector<Door> found;
    for (const Door& door : doors(http::Access::Token)) {
      if (door.path.find(session_) != std::string::npos || door.path.ends_with(message_ + "/read"))
        found.push_back(door);
    }
    return found;
  }

  /// What is stored of Ann's conversation.
  std::string stored() {
    std::string text;
    for (const auto& row : server.rows<live_agent::SessionRow>())
      text += to_text(schema::to_json_object(row));
    for (const auto& row : server.rows<live_agent::MessageRow>())
      text += to_text(schema::to_json_object(row));
    return text;
  }

  const std::string ann_ = server.user_token("ann@x");
  const TestAgent bob_ = server.add_agent("Bob");
  const std::string session_ = server.open_session(ann_, kSecretText);
  const std::string message_ = std::to_string(server.rows<live_agent::MessageRow>().at(0).id);

 private:
  std::string id_for(std::string_view pattern, std::string_view method) const {
    if (pattern.find("/agents/") != std::string_view::npos) return std::to_string(bob_.id);
    const bool is_message = method == "PUT" && pattern.ends_with("/messages/{id}/read");
    return is_message ? message_ : session_;
  }
  std::string body_for(std::string_view pattern) const {
    if (pattern.ends_with("/read")) return R"({"read_by":"user"})";
    if (pattern.ends_with("/status")) return R"({"status":"active"})";
    if (pattern.ends_with("/messages")) {
      return json_of({{"session_id", session_}, {"message_text", "x"}, {"sender_type", "user"}});
    }
    return pattern.ends_with("/sessions") ? R"({"initial_message":"x"})" : "";
  }
};

TEST_P(HostileCaller, NobodyElseReachesASessionThroughAnyRoute) {
  const std::string before = stored();
  const std::map<std::string, std::string> strangers{
      {"of another tenant", server.user_token("ann@x", "other.example")},
      {"another user", server.user_token("eve@x")}};
  ASSERT_GE(doors_with_an_id().size(), 6U) << "the routes with an id";
  for (const auto& [who, token] : strangers) {
    for (const Door& door : doors_with_an_id()) {
      const HttpAnswer answer = server.call(door.method, door.path, token, door.body);
      EXPECT_THAT(answer.status, AnyOf(403, 404)) << who << ' ' << door.method << ' ' << door.path;
      EXPECT_THAT(answer.body, Not(HasSubstr(std::string(kSecretText))));
    }
    const Door post{"POST", live_agent("/messages"), ""};
    const HttpAnswer sent = server.call(
        post.method, post.path, token,
        json_of({{"session_id", session_}, {"message_text", "x"}, {"sender_type", "user"}}));
    EXPECT_EQ(sent.status, 403) << who;
    EXPECT_EQ(server.ok(200, "GET", live_agent("/sessions"), token).at("total"), Json(0)) << who;
  }
  EXPECT_EQ(stored(), before);
}

TEST_P(HostileCaller, ASessionThatIsNoneIsNotFoundThroughAnyRoute) {
  for (Door door : doors_with_an_id()) {
    const auto at = door.path.find(session_);
    // Webhooks are for administrators, whoever's they are.
    if (at == std::string::npos || !door.path.starts_with(live_agent("/"))) continue;
    door.path.replace(at, session_.size(), make_uuid());
    EXPECT_EQ(server.call(door.method, door.path, bob_.token, door.body).status, 404)
        << door.method << ' ' << door.path;
  }
}

std::string unsigned_part(const JsonObject& part) { return base64url(to_text(part)); }

/// Tokens that say the right things and are not to be believed.
std::map<std::string, std::string> forged_tokens(const LiveAgentServer& server) {
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::seconds>(server.clock.now().time_since_epoch())
          .count();
  const JsonObject claims{{"email", "ann@x"}, {"tenant_domain", kTenant}};
  const std::string good = server.token_with(claims);
  const std::string payload = unsigned_part(claims);
  const auto with_header = [&](std::string_view algorithm) {
    const std::string text = unsigned_part({{"alg", algorithm}, {"typ", "JWT"}}) + '.' + payload;
    return text + '.' + base64url(hmac_sha256("a secret for tests", text));
  };
  const auto with_claim = [&](std::string_view name, const Json& value) {
    JsonObject changed = claims;
    changed[name] = value;
    return server.token_with(changed);
  };
  const std::string signature = good.substr(good.rfind('.') + 1);
  return {
      {"expired", with_claim("exp", now)},
      {"not yet valid", with_claim("nbf", now + 60)},
      {"of another secret", http::sign_jwt(claims, "another secret")},
      {"of the empty algorithm", with_header("none")},
      {"of no algorithm and no signature", unsigned_part({{"alg", "none"}}) + '.' + payload + '.'},
      {"of a public key", with_header("RS256")},
      {"of another hash", with_header("HS512")},
      {"of another module", with_claim("iss", "parley/chat")},
      {"with other claims under an old signature",
       good.substr(0, good.find('.')) + '.' +
           unsigned_part({{"email", "eve@x"}, {"role", "admin"}}) + '.' + signature},
      {"without a signature", good.substr(0, good.rfind('.') + 1)},
      {"of nobody", server.token_with({{"tenant_domain", kTenant}})},
      {"that is none", "ann@x"}};
}

TEST_P(HostileCaller, NoRouteBelievesAForgedToken) {
  const std::string before = stored();
  for (const auto& [kind, token] : forged_tokens(server)) {
    for (const Door& door : doors(http::Access::Token)) {
      EXPECT_EQ(server.call(door.method, door.path, token, door.body).status, 401)
          << "a token " << kind << ": " << door.method << ' ' << door.path;
    }
  }
  EXPECT_EQ(stored(), before);
}

TEST_P(HostileCaller, ATokenThatWasGoodIsNotBelievedOnceItHasExpired) {
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::seconds>(server.clock.now().time_since_epoch())
          .count();
  const std::string token =
      server.token_with({{"email", "ann@x"}, {"tenant_domain", kTenant}, {"exp", now + 60}});
  EXPECT_EQ(server.call("GET", live_agent("/sessions"), token).status, 200);
  server.clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(server.call("GET", live_agent("/sessions"), token).status, 401);
}

constexpr std::string_view kInjections[] = {
    "'; DROP TABLE live_agent_messages; --",
    "' OR '1'='1",
    "\" OR 1=1 -- ",
    "\\' OR 1=1; -- ",
    "`; DELETE FROM users; #",
    "%",
    "_%' ESCAPE '\\",
    "$1 ?1 :a @b {} {0} %s",
    "x'); SELECT pg_sleep(100); --",
    "\xef\xbc\x87 OR 1=1",
};

TEST_P(HostileCaller, SqlInATextIsText) {
  for (const std::string_view text : kInjections) {
    SCOPED_TRACE(text);
    const std::string user =
        server.token_with({{"email", text}, {"name", text}, {"tenant_domain", text}});
    const JsonObject opened =
        server.ok(201, "POST", live_agent("/sessions"), user,
                  json_of({{"initial_message", text}, {"user_context", {{"page", text}}}}));
    const std::string id(opened.at("session_id").as_string());
    server.ok(201, "POST", live_agent("/messages"), user,
              json_of({{"session_id", id},
                       {"sender_type", "user"},
                       {"message_text", text},
                       {"metadata", {{"key", text}}}}));
    const JsonObject page = server.ok(200, "GET", live_agent("/messages/" + id), user);
    ASSERT_EQ(page.at("total"), Json(2));
    for (const Json& message : page.at("messages").as_array()) {
      EXPECT_EQ(message.at("message_text"), Json(text));
      EXPECT_EQ(message.at("sender_name"), Json(text));
    }
    EXPECT_EQ(server.ok(200, "GET", live_agent("/sessions"), user).at("total"), Json(1));
  }
  EXPECT_EQ(server.rows<live_agent::SessionRow>().size(), 1 + std::size(kInjections));
}

TEST_P(HostileCaller, SqlInAFilterOrAPathFindsNothing) {
  const TestAgent sue = server.add_agent("Sue", Role::Supervisor);
  for (const std::string_view text : kInjections) {
    SCOPED_TRACE(text);
    std::string encoded;
    for (const char byte : text) encoded += "%" + to_hex({&byte, 1});
    const auto list = server.call("GET", live_agent("/sessions?tenant=" + encoded), sue.token);
    ASSERT_EQ(list.status, 200) << list.body;
    EXPECT_EQ(list.json().at("total"), 0);
    EXPECT_EQ(server.call("GET", live_agent("/sessions?status=" + encoded), sue.token).status, 422);
    EXPECT_EQ(server.call("GET", live_agent("/sessions/" + encoded), sue.token).status, 404);
    EXPECT_THAT(
        server.call("GET", live_agent("/agent/statistics?agent_id=" + encoded), sue.token).status,
        AnyOf(200, 404, 422));
    EXPECT_EQ(
        server
            .call("POST", "/api/v1/auth/login", "", json_of({{"email", text}, {"password", text}}))
            .status,
        401);
  }
  EXPECT_EQ(server.rows<live_agent::SessionRow>().size(), 1U);
}

TEST_P(HostileCaller, SqlInAnAccountIsText) {
  const TestAgent ada = server.add_agent("Ada", Role::Admin);
  int number = 0;
  for (const std::string_view text : kInjections) {
    SCOPED_TRACE(text);
    const std::string email = "agent" + std::to_string(++number) + "@desk.example";
    server.ok(
        200, "POST", live_agent("/agents"), ada.token,
        json_of(
            {{"email", email}, {"full_name", text}, {"password", std::string(text) + "12345678"}}));
    server.ok(200, "PUT", "/api/v1/auth/profile", ada.token, json_of({{"full_name", text}}));
    server.ok(200, "POST", live_agent("/agent/fcm-token"), bob_.token,
              json_of({{"fcm_token", text}}));
    EXPECT_EQ(server.ok(200, "GET", "/api/v1/auth/profile", ada.token).at("full_name"), Json(text));
    const auto key =
        server.call("POST", live_agent("/sessions"), ann_, R"({"initial_message":"x"})",
                    {{"Idempotency-Key", std::string(text)}});
    EXPECT_EQ(key.status, 201) << key.body;
  }
  EXPECT_EQ(server.rows<live_agent::UserRow>().size(), 2 + std::size(kInjections));
}

TEST_P(HostileCaller, AFrameThatIsTooLargeEndsTheStream) {
  WebSocketClient socket(server.port(), "/api/v1/stream", {{"Authorization", "Bearer " + ann_}});
  socket.send_text(std::string(2 << 20, 'x'));
  EXPECT_EQ(socket.receive_close(), 1009);
}

TEST_P(HostileCaller, AFrameThatOnlyClaimsToBeHugeEndsTheStream) {
  WebSocketClient socket(server.port(), "/api/v1/stream", {{"Authorization", "Bearer " + ann_}});
  socket.send(std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14));
  EXPECT_EQ(socket.receive_close(), 1009);
}

INSTANTIATE_TEST_SUITE_P(Engines, HostileCaller, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
