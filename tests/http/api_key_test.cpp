// API keys in place of tokens: what a key may do is what its account may, inside the key's scopes
// and its tenant.

#include "api/api_keys.h"

#include <gmock/gmock.h>

#include "http/live_agent_server.h"
#include "live_agent/events.h"
#include "store/event_log.h"
#include "support/websocket_client.h"

namespace parley::test {
namespace {

using live_agent::Role;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::string_view kOtherTenant = "other.example";

class ApiKey : public LiveAgentTest {
 protected:
  std::string key_for(const TestAgent& agent, std::string_view scopes,
                      std::optional<std::string> tenant = std::nullopt) {
    api::CreatedApiKey created;
    server.write([&](store::UnitOfWork& unit) {
      created = api::create_api_key(unit.connection,
                                    {.user_id = agent.email,
                                     .label = std::nullopt,
                                     .scopes = api::Scopes::parse(scopes).value(),
                                     .tenant = std::move(tenant)},
                                    server.clock.now());
    });
    last_id = created.row.id;
    return created.key;
  }
  void revoke(std::int64_t id) {
    server.write([&](store::UnitOfWork& unit) {
      api::revoke_api_key(unit.connection, id, server.clock.now());
      unit.events.push_back(live_agent::api_key_revoked(id));
    });
  }
  static std::string message_body(const std::string& session) {
    return json_of({{"session_id", session}, {"sender_type", "agent"}, {"message_text", "Hi"}});
  }
  std::string log_start() { return store::log_state(server.connection()).value().end.epoch + ":0"; }
  std::string session_path(const std::string& id) { return live_agent("/sessions/" + id); }

  std::int64_t last_id = 0;
  const std::string ann = server.user_token("ann@x");
  const std::string session = server.open_session(ann);
  const TestAgent max = server.add_agent("Max");
};
INSTANTIATE_TEST_SUITE_P(Engines, ApiKey, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ApiKey, ActsAsItsAccount) {
  const std::string key = key_for(max, "read,write");
  const JsonObject sent =
      server.ok(201, "POST", live_agent("/messages"), key, message_body(session));
  EXPECT_EQ(sent.at("sender_id"), Json(json::string(max.email)));
  EXPECT_EQ(sent.at("sender_name"), "Max");
  EXPECT_EQ(server.ok(200, "GET", "/api/v1/auth/profile", key).at("id"), Json(max.id));
  // A colleague's session is closed to Max, and so to the key.
  const TestAgent eva = server.add_agent("Eva");
  server.set_status(eva.token, session, "active");
  EXPECT_EQ(server.call("GET", session_path(session), key).status, 403);
}

TEST_P(ApiKey, ComesInAHeaderOfItsOwnAsWell) {
  const std::string key = key_for(max, "read");
  const HttpAnswer answer = server.call("GET", session_path(session), "", {}, {{"X-API-Key", key}});
  EXPECT_EQ(answer.status, 200);
}

TEST_P(ApiKey, DoesOnlyWhatItsScopesSay) {
  const TestAgent ada = server.add_agent("Ada", Role::Admin);
  const std::string reading = key_for(ada, "read");
  const std::string writing = key_for(ada, "write");
  const std::string managing = key_for(ada, "admin");
  const std::string agents = live_agent("/agents");
  const std::string message = message_body(session);
  play(server,
       {
           {"reads", "GET", session_path(session), reading, "", 200},
           {"writes nothing",
            "POST",
            live_agent("/messages"),
            reading,
            message,
            403,
            {"scope write"}},
           {"manages nobody", "GET", agents, reading, "", 403, {"scope admin"}},
           {"writes", "POST", live_agent("/messages"), writing, message, 201},
           {"reads nothing", "GET", session_path(session), writing, "", 403, {"scope read"}},
           {"is no way to a password",
            "PUT",
            "/api/v1/auth/profile",
            writing,
            R"({"password":"another password"})",
            403,
            {"scope admin"}},
           {"manages", "GET", agents, managing, "", 200},
           {"does nothing else", "POST", live_agent("/messages"), managing, message, 403},
       });
  const std::string read_by_agent = live_agent("/messages/" + session + "?mark_as_read=true");
  EXPECT_EQ(server.call("GET", read_by_agent, reading).status, 403);
  EXPECT_EQ(server.call("GET", live_agent("/messages/" + session), reading).status, 200);
}

TEST_P(ApiKey, NeverGivesMoreThanTheAccountHas) {
  const std::string key = key_for(max, "read,write,admin");
  EXPECT_EQ(server.call("GET", live_agent("/agents"), key).status, 403);
}

TEST_P(ApiKey, OfOneTenantSeesNothingOfAnother) {
  const TestAgent ada = server.add_agent("Ada", Role::Admin);
  const std::string other =
      server.open_session(server.user_token("bob@x", kOtherTenant), "in another tenant");
  const std::string key = key_for(ada, "read,write,admin", std::string(kTenant));
  const JsonObject list = server.ok(200, "GET", live_agent("/sessions"), key);
  EXPECT_EQ(list.at("total"), 1);
  EXPECT_EQ(list.at("sessions").at(0).at("session_id"), Json(json::string(session)));
  EXPECT_EQ(
      server.ok(200, "GET", live_agent("/agent/statistics"), key).at("data").at("total_sessions"),
      1);
  play(server,
       {
           {"reads", "GET", session_path(other), key, "", 403, {"tenant mismatch"}},
           {"claims",
            "GET",
            session_path(other),
            key,
            "",
            403,
            {"tenant mismatch"},
            {},
            {{"X-Tenant-Domain", std::string(kOtherTenant)}}},
           {"writes", "POST", live_agent("/messages"), key, message_body(other), 403},
           {"takes", "PUT", session_path(other) + "/status", key, R"({"status":"active"})", 403},
           {"manages accounts", "GET", live_agent("/agents"), key, "", 403},
           {"asks for it",
            "GET",
            live_agent("/sessions?tenant=other.example"),
            key,
            "",
            200,
            {R"("total":0)"}},
       });
  const JsonObject events = server.ok(200, "GET", "/api/v1/events?after=" + log_start(), key);
  EXPECT_FALSE(events.at("events").as_array().empty());
  EXPECT_EQ(to_text(events).find("another tenant"), std::string::npos);
}

TEST_P(ApiKey, IsRefusedWhenItIsForgedRevokedOrItsAccountIsGone) {
  const std::string key = key_for(max, "read");
  const std::int64_t id = last_id;
  std::string forged = key;
  forged.back() = forged.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(server.call("GET", session_path(session), forged).status, 401);
  EXPECT_EQ(server.call("GET", session_path(session), "pk_").status, 401);
  EXPECT_EQ(server.call("GET", session_path(session), key).status, 200);
  revoke(id);
  server.clock.advance(api::ApiKeys::kRemembered);
  EXPECT_EQ(server.call("GET", session_path(session), key).status, 401);

  const std::string of_eva = key_for(server.add_agent("Eva"), "read");
  EXPECT_EQ(server.call("GET", session_path(session), of_eva).status, 200);
  store::update(server.connection(), store::equals<&live_agent::UserRow::full_name>("Eva"),
                store::set<&live_agent::UserRow::is_active>(false));
  EXPECT_EQ(server.call("GET", session_path(session), of_eva).status, 401);
}

TEST_P(ApiKey, ListensUntilItIsRevoked) {
  const std::string key = key_for(max, "read");
  WebSocketClient socket(server.port(), "/api/v1/stream", {{"Authorization", "Bearer " + key}});
  socket.send_text(R"({"type":"subscribe"})");
  EXPECT_THAT(socket.receive().payload, HasSubstr("subscribed"));
  socket.send_text(json_of({{"type", "send"}, {"session_id", session}, {"message_text", "x"}}));
  EXPECT_THAT(socket.receive().payload, HasSubstr("scope write"));
  revoke(last_id);
  EXPECT_EQ(socket.receive().close_code(), api::kResume);
}

TEST_P(ApiKey, RepeatsAnAnswerForItsOwnIdempotencyKey) {
  const std::string key = key_for(max, "write");
  const auto post = [&](const std::string& token) {
    return server.call("POST", live_agent("/messages"), token, message_body(session),
                       {{"Idempotency-Key", "one"}});
  };
  const std::string first = post(key).body;
  EXPECT_EQ(post(key).body, first);
  EXPECT_NE(post(key_for(max, "write")).body, first);
}

}  // namespace
}  // namespace parley::test
