#include "http/live_agent_server.h"

#include "base/text.h"
#include "dialect/dialect.h"
#include "http/jwt.h"
#include "http/openapi.h"
#include "http/password.h"
#include "live_agent/accounts.h"
#include "schema/change.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

void create_tables(database::Connection& connection) {
  std::vector<schema::Change> changes;
  for (const auto& tables : {live_agent::core_tables(), live_agent::support_tables()}) {
    for (const schema::Table& table : tables) changes.emplace_back(schema::CreateTable{table});
  }
  for (const auto& each : live_agent::support_indexes()) {
    changes.emplace_back(schema::CreateIndex{each.table, each.index});
  }
  schema::Schema state;
  for (const schema::Change& change : changes) {
    for (const auto& sql : dialect::dialect_of(connection).render(change, state)) {
      connection.execute(sql);
    }
    schema::apply(state, change);
  }
}

/// Hashed once: that alone takes as long as everything else a test does.
const std::string& password_hash() {
  static const std::string hash = http::hash_password(kPassword);
  return hash;
}

std::unique_ptr<database::Connection> with_tables(const TestDatabase& database) {
  auto connection = database.connect();
  create_tables(*connection);
  return connection;
}

http::Router& filled(http::Router& router, const live_agent::Module& module, api::EventFeed& feed,
                     const Clock& clock) {
  module.add_routes(router);
  router.add_group("/api/v1", api::stream_routes({module.stream_source(feed)}, clock));
  return router;
}

void expect_error_shape(const HttpAnswer& answer) {
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

}  // namespace

LiveAgentServer::LiveAgentServer(std::shared_ptr<TestDatabase> database,
                                 std::unique_ptr<database::Connection> connection,
                                 const live_agent::Settings& settings)
    : settings_(settings),
      database_(std::move(database)),
      connection_(std::move(connection)),
      store_([this] { return database_->connect(); }, clock, {.readers_max = 2}),
      module_(settings_, store_, clock, workers_),
      feed_(
          store_, [this] { return database_->connect(); }, clock, std::chrono::milliseconds(20)),
      api_(http::openapi_document(filled(router_, module_, feed_, clock),
                                  {.title = "Parley", .version = "0", .description = ""})),
      server_({.port = 0, .threads = 2}, router_) {
  server_.start();
}

LiveAgentServer::LiveAgentServer(const std::shared_ptr<TestDatabase>& database,
                                 const live_agent::Settings& settings)
    : LiveAgentServer(database, with_tables(*database), settings) {}

LiveAgentServer::LiveAgentServer(TestEngine engine, const live_agent::Settings& settings)
    : LiveAgentServer(std::make_shared<TestDatabase>(engine), settings) {}

LiveAgentServer::LiveAgentServer(const LiveAgentServer& first)
    : LiveAgentServer(first.database_, first.database_->connect(), first.settings_) {}

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
  agent.id =
      live_agent::create_user(*connection_, agent.email, name, role, password_hash(), clock.now());
  agent.token = live_agent::make_token(
      settings_, {.email = agent.email, .name = name, .role = role, .user_id = agent.id},
      clock.now());
  return agent;
}

HttpAnswer LiveAgentServer::call(std::string_view method, const std::string& path,
                                 const std::string& token, std::string_view body,
                                 HttpHeaders headers) const {
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  HttpAnswer answer = http_call(port(), method, path, headers, body);
  EXPECT_THAT(api_.mismatches(method, path, body, answer), testing::IsEmpty())
      << method << ' ' << path << ": " << answer.status << ' ' << answer.body;
  return answer;
}

JsonObject LiveAgentServer::ok(int status, std::string_view method, const std::string& path,
                               const std::string& token, std::string_view body) const {
  const HttpAnswer answer = call(method, path, token, body);
  EXPECT_EQ(answer.status, status) << method << ' ' << path << ": " << answer.body;
  return answer.json().as_object();
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
      .first(*connection_)
      .value();
}

void play(const LiveAgentServer& server, const std::vector<Scenario>& scenarios) {
  for (const Scenario& scenario : scenarios) {
    SCOPED_TRACE(scenario.name);
    const HttpAnswer answer = server.call(scenario.method, scenario.path, scenario.token,
                                          scenario.body, scenario.headers);
    EXPECT_EQ(answer.status, scenario.status) << answer.body;
    for (const std::string& fragment : scenario.present)
      EXPECT_THAT(answer.body, HasSubstr(fragment));
    for (const std::string& fragment : scenario.absent)
      EXPECT_THAT(answer.body, Not(HasSubstr(fragment)));
    if (answer.status >= 400) expect_error_shape(answer);
  }
}

std::string live_agent(std::string_view rest) { return "/api/v1/live-agent" + std::string(rest); }

std::string json_of(JsonObject object) { return to_text(std::move(object)); }

}  // namespace parley::test
