#include "http/live_agent_server.h"

#include "base/text.h"
#include "http/jwt.h"
#include "live_agent/accounts.h"

namespace parley::test {
namespace {

ModuleSchema declared_schema() {
  ModuleSchema schema{.tables = live_agent::core_tables()};
  schema.add(live_agent::support_tables());
  schema.indexes = live_agent::support_indexes();
  return schema;
}

}  // namespace

LiveAgentServer::LiveAgentServer(std::shared_ptr<TestDatabase> database,
                                 const live_agent::Settings& settings)
    : ModuleServer(std::move(database),
                   [settings](const api::ModuleParts& parts) {
                     return std::make_unique<live_agent::Module>(settings, parts.store, parts.clock,
                                                                 parts.passwords);
                   }),
      settings_(settings) {}

LiveAgentServer::LiveAgentServer(TestEngine engine, const live_agent::Settings& settings)
    : LiveAgentServer(database_with(engine, declared_schema()), settings) {}

LiveAgentServer::LiveAgentServer(const LiveAgentServer& first)
    : LiveAgentServer(first.database(), first.settings_) {}

live_agent::Settings LiveAgentServer::default_settings() {
  return {.jwt_secret = "a secret for tests",
          .seed_admin = {},
          .limits = {.logins_per_minute = 0, .sessions_per_minute = 0, .requests_per_minute = 0}};
}

std::string LiveAgentServer::token_with(JsonObject claims) const {
  return http::sign_jwt(claims, settings_.jwt_secret);
}

std::string LiveAgentServer::user_token(const std::string& email, std::string_view tenant) const {
  return token_with({{"email", email}, {"name", "Ann"}, {"tenant_domain", tenant}});
}

TestAgent LiveAgentServer::add_agent(const std::string& name, live_agent::Role role) {
  TestAgent agent{.email = lower(name) + "@desk.example"};
  agent.id = live_agent::create_user(connection(), agent.email, name, role, hash_of_test_password(),
                                     clock.now());
  agent.token = live_agent::make_token(
      settings_, {.email = agent.email, .name = name, .role = role, .user_id = agent.id},
      clock.now());
  return agent;
}

std::string LiveAgentServer::open_session(const std::string& token, std::string_view text) const {
  const auto opened =
      ok(201, "POST", live_agent("/sessions"), token, json_of({{"initial_message", text}}));
  return std::string(opened.at("session_id").as_string());
}

JsonObject LiveAgentServer::send(const std::string& token, const std::string& session_id,
                                 std::string_view side, std::string_view text) const {
  return ok(201, "POST", live_agent("/messages"), token,
            json_of({{"session_id", session_id}, {"sender_type", side}, {"message_text", text}}));
}

JsonObject LiveAgentServer::set_status(const std::string& token, const std::string& session_id,
                                       std::string_view status) const {
  return ok(200, "PUT", live_agent("/sessions/" + session_id + "/status"), token,
            json_of({{"status", status}}));
}

live_agent::SessionRow LiveAgentServer::session(const std::string& id) {
  return store::select<live_agent::SessionRow>()
      .where(store::equals<&live_agent::SessionRow::id>(id))
      .first(connection())
      .value();
}

void LiveAgentServer::expect_error_shape(const HttpAnswer& answer) const {
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  const Json body = answer.json();
  ASSERT_TRUE(body.is_object());
  for (const std::string_view field :
       {"type", "title", "status", "code", "instance", "detail", "message", "success", "error"}) {
    EXPECT_TRUE(body.get_object().contains(field)) << field;
  }
  EXPECT_EQ(body.at("success"), false);
  EXPECT_EQ(body.at("detail"), body.at("message"));
  EXPECT_FALSE(body.at("message").get_string().empty());
  EXPECT_EQ(body.get_object().contains("details"), answer.status == 422);
}

std::string live_agent(std::string_view rest) { return "/api/v1/live-agent" + std::string(rest); }

}  // namespace parley::test
