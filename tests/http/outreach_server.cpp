#include "http/outreach_server.h"

namespace parley::test {
namespace {

ModuleSchema declared_schema() {
  ModuleSchema schema{.tables = outreach::core_tables()};
  schema.add(outreach::support_tables());
  return schema;
}

std::string text_of(const JsonObject& object, std::string_view field) {
  return std::string(object.at(field).as_string());
}

}  // namespace

OutreachServer::OutreachServer(std::shared_ptr<TestDatabase> database,
                               const outreach::Settings& settings)
    : ModuleServer(std::move(database),
                   [settings](const api::ModuleParts& parts) {
                     return std::make_unique<outreach::Module>(settings, parts.store, parts.clock,
                                                               parts.passwords);
                   }),
      settings_(settings) {}

OutreachServer::OutreachServer(TestEngine engine, const outreach::Settings& settings)
    : OutreachServer(database_with(engine, declared_schema()), settings) {}

OutreachServer::OutreachServer(const OutreachServer& first)
    : OutreachServer(first.database(), first.settings_) {}

outreach::Settings OutreachServer::default_settings() {
  return {.limits = {.requests_per_minute = 0, .heavy_per_minute = 0},
          .database_file = "/data/outreach.db",
          .maintenance = {.look =
                              [] {
                                return outreach::SchemaFindings{
                                    .tables = {}, .indexes = {"idx_x"}, .issues = {}};
                              },
                          .repair =
                              [] {
                                return outreach::RepairOutcome{.actions = {"Added index idx_x"},
                                                               .issues = {"Missing table: y"}};
                              },
                          .back_up =
                              [](const std::string& name) {
                                return outreach::BackupOutcome{.file = name + ".db", .bytes = 5};
                              },
                          .schema_events = [] { return std::vector<outreach::SchemaEvent>(); },
                          .analyze = [] {},
                          .compact = [] {}}};
}

HttpAnswer OutreachServer::call_as(const std::string& user, std::string_view method,
                                   const std::string& path, std::string_view body) const {
  return call(method, path, "", body, {{"X-User-Id", user}});
}

JsonObject OutreachServer::ok(int status, std::string_view method, const std::string& path,
                              std::string_view body) const {
  const HttpAnswer answer = call_as("ann", method, path, body);
  EXPECT_EQ(answer.status, status) << method << ' ' << path << ": " << answer.body;
  return answer.json().as_object();
}

std::string OutreachServer::start_session(std::string_view channel,
                                          std::string_view template_name) const {
  return text_of(ok(201, "POST", outreach_path("/sessions"),
                    json_of({{"channel", channel}, {"template_name", template_name}})),
                 "session_id");
}

std::string OutreachServer::log(const JsonObject& record) const {
  return text_of(ok(201, "POST", outreach_path("/messages"), json_of(record)), "log_id");
}

JsonObject OutreachServer::set_status(const std::string& log_id, std::string_view status) const {
  return ok(200, "PUT", outreach_path("/messages/" + log_id + "/status"),
            json_of({{"status", status}}));
}

JsonObject OutreachServer::session(const std::string& id) const {
  return ok(200, "GET", outreach_path("/sessions/" + id));
}

JsonObject OutreachServer::message(const std::string& id) const {
  return ok(200, "GET", outreach_path("/messages/" + id));
}

void OutreachServer::expect_error_shape(const HttpAnswer& answer) const {
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  const Json body = answer.json();
  ASSERT_TRUE(body.is_object());
  for (const std::string_view field :
       {"type", "title", "status", "detail", "instance", "code", "message"}) {
    EXPECT_TRUE(body.get_object().contains(field)) << field;
  }
}

JsonObject record(const std::string& session_id, std::string_view status, std::string_view email) {
  JsonObject record{{"channel", "email"},
                    {"template", {{"id", "t1"}, {"name", "Welcome"}}},
                    {"recipient", {{"name", "Bob"}, {"email", email}, {"company", "Acme"}}}};
  if (!session_id.empty()) record["session_id"] = session_id;
  if (!status.empty()) record["status"] = status;
  return record;
}

std::string outreach_path(std::string_view rest) { return "/api/v1/outreach" + std::string(rest); }

}  // namespace parley::test
