#include "http/module_server.h"

#include "api/stream.h"
#include "database/transaction.h"
#include "dialect/dialect.h"
#include "http/openapi.h"
#include "http/password.h"
#include "schema/change.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<schema::Change> changes_of(const ModuleSchema& schema) {
  std::vector<schema::Change> changes;
  for (const schema::Enum& each : schema.enums) changes.emplace_back(schema::CreateEnum{each});
  for (const schema::Table& table : schema.tables) changes.emplace_back(schema::CreateTable{table});
  for (const auto& each : schema.indexes) {
    changes.emplace_back(schema::CreateIndex{each.table, each.index});
  }
  return changes;
}

}  // namespace

void ModuleSchema::add(std::vector<schema::Table> more) {
  for (schema::Table& table : more) tables.push_back(std::move(table));
}

std::shared_ptr<TestDatabase> database_with(TestEngine engine, const ModuleSchema& schema) {
  auto database = std::make_shared<TestDatabase>(engine);
  const auto connection = database->connect();
  schema::Schema state;
  // In one transaction, because each of its own is flushed.
  database::Transaction transaction(*connection);
  for (const schema::Change& change : changes_of(schema)) {
    for (const auto& sql : dialect::dialect_of(*connection).render(change, state)) {
      connection->execute(sql);
    }
    schema::apply(state, change);
  }
  transaction.commit();
  return database;
}

ModuleServer::ModuleServer(std::shared_ptr<TestDatabase> database, const Make& make)
    : database_(std::move(database)),
      connection_(database_->connect()),
      store_([this] { return database_->connect(); }, clock, {.readers_max = 2}),
      feed_(
          store_, [this] { return database_->connect(); }, clock, std::chrono::milliseconds(20)),
      module_(make({.store = store_, .feed = feed_, .clock = clock, .passwords = workers_})) {
  module_->add_routes(router_);
  router_.add_group("/api/v1", api::stream_routes({module_->stream_source(feed_)}, clock));
  add_webhooks();
  api_ = std::make_unique<OpenApiCheck>(
      http::openapi_document(router_, {.title = "Parley", .version = "0", .description = ""}));
  server_ = std::make_unique<http::Server>(http::ServerOptions{.port = 0, .threads = 2}, router_);
  module_->start();
  server_->start();
}

void ModuleServer::add_webhooks() {
  const auto part = module_->webhook_part();
  if (!part) return;
  webhooks_ = std::make_unique<api::webhooks::Dispatcher>(
      store_, feed_, clock,
      api::webhooks::DispatcherOptions{.settings = {.allow_private = true},
                                       .eyes_of = part->eyes_of,
                                       .formats = part->formats,
                                       .chance = [] { return 0.5; }});
  router_.add_group(std::string(api::webhooks::kPrefix),
                    api::webhooks::routes({{.module = module_->stream_source(feed_).module,
                                            .store = store_,
                                            .dispatcher = *webhooks_,
                                            .identify = part->identify}},
                                          clock));
}

ModuleServer::~ModuleServer() {
  server_->stop();
  if (webhooks_) webhooks_->stop();
  module_->stop();
}

HttpAnswer ModuleServer::call(std::string_view method, const std::string& path,
                              const std::string& token, std::string_view body,
                              HttpHeaders headers) const {
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  HttpAnswer answer = http_call(port(), method, path, headers, body);
  EXPECT_THAT(api_->mismatches(method, path, body, answer), testing::IsEmpty())
      << method << ' ' << path << ": " << answer.status << ' ' << answer.body;
  return answer;
}

JsonObject ModuleServer::ok(int status, std::string_view method, const std::string& path,
                            const std::string& token, std::string_view body) const {
  const HttpAnswer answer = call(method, path, token, body);
  EXPECT_EQ(answer.status, status) << method << ' ' << path << ": " << answer.body;
  return answer.json().as_object();
}

void play(const ModuleServer& server, const std::vector<Scenario>& scenarios) {
  for (const Scenario& scenario : scenarios) {
    SCOPED_TRACE(scenario.name);
    const HttpAnswer answer = server.call(scenario.method, scenario.path, scenario.token,
                                          scenario.body, scenario.headers);
    EXPECT_EQ(answer.status, scenario.status) << answer.body;
    for (const std::string& fragment : scenario.present)
      EXPECT_THAT(answer.body, HasSubstr(fragment));
    for (const std::string& fragment : scenario.absent)
      EXPECT_THAT(answer.body, Not(HasSubstr(fragment)));
    if (answer.status >= 400) server.expect_error_shape(answer);
  }
}

std::string json_of(JsonObject object) { return to_text(std::move(object)); }

const std::string& hash_of_test_password() {
  static const std::string hash = http::hash_password(kPassword);
  return hash;
}

}  // namespace parley::test
