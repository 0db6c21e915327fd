#include "http/leads_server.h"

#include <thread>

#include "leads/conversation.h"
#include "store/event_log.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using leads::AgentSessionRow;
using leads::LeadRow;
using leads::MessageRow;

/// A model with the client that it needs.
struct OwnedModel {
  explicit OwnedModel(const ai::Settings& settings) : model(client, clock, settings) {}

  SystemClock clock;
  http::Client client;
  ai::OpenAiModel model;
};

ModuleSchema declared_schema() {
  ModuleSchema schema{.tables = leads::core_tables()};
  schema.add(leads::support_tables());
  return schema;
}

}  // namespace

std::shared_ptr<ai::LanguageModel> model_at(const FakeModelServer& server) {
  const auto owned =
      std::make_shared<OwnedModel>(ai::Settings{.base_url = server.base_url(),
                                                .api_key = "key",
                                                .model = {},
                                                .retry_pause = std::chrono::milliseconds(1)});
  return {owned, &owned->model};
}

LeadsServer::LeadsServer(const std::shared_ptr<TestDatabase>& database,
                         const leads::Settings& settings, std::shared_ptr<ai::LanguageModel> model)
    : ModuleServer(database,
                   [settings, model](const api::ModuleParts& parts) {
                     return std::make_unique<leads::Module>(settings, parts, model);
                   }),
      settings_(settings),
      model_(model) {}

LeadsServer::LeadsServer(TestEngine engine, const leads::Settings& settings,
                         std::shared_ptr<ai::LanguageModel> model)
    : LeadsServer(database_with(engine, declared_schema()), settings, std::move(model)) {}

LeadsServer::LeadsServer(const LeadsServer& first)
    : LeadsServer(first.database(), first.settings_, first.model_) {}

leads::Settings LeadsServer::default_settings() {
  leads::Settings settings;
  settings.is_open = true;
  settings.requests_per_minute = 0;
  settings.calls_private_addresses = true;
  settings.replies.look_every = std::chrono::milliseconds(20);
  return settings;
}

AgentRow LeadsServer::add_agent(const std::string& name,
                                const std::function<void(AgentRow&)>& change) {
  AgentRow agent{.name = name,
                 .type = "conversational",
                 .use_case = "general_sales",
                 .prompt_template = "You are {{agent_name}}.",
                 .model = "gpt-3.5-turbo",
                 .temperature = "0.7",
                 .max_tokens = 500,
                 .is_active = true,
                 .created_at = clock.now(),
                 .updated_at = clock.now()};
  if (change) change(agent);
  write([&](store::UnitOfWork& unit) { agent.id = store::insert(unit.connection, agent); });
  return agent;
}

AgentRow LeadsServer::add_greeter(const std::string& name) {
  return add_agent(name, [](AgentRow& agent) { agent.triggers = json::array{"new_lead"}; });
}

LeadRow LeadsServer::add_lead(const std::string& name, const std::string& external_id) {
  LeadRow lead{.name = name,
               .email = "",
               .status = "new",
               .source = "website",
               .created_at = clock.now(),
               .updated_at = clock.now()};
  if (!external_id.empty()) lead.external_id = external_id;
  write([&](store::UnitOfWork& unit) { lead.id = store::insert(unit.connection, lead); });
  return lead;
}

JsonObject LeadsServer::lead_created(const std::string& external_id,
                                     const std::string& name) const {
  return post(kLeadCreatedPath, platform_lead(external_id, name));
}

JsonObject LeadsServer::message_received(const std::string& external_id, const std::string& text,
                                         const std::string& sender) const {
  return post(kMessageReceivedPath, platform_message(external_id, text, sender));
}

JsonObject LeadsServer::route(std::int64_t lead_id, const std::string& text,
                              JsonObject metadata) const {
  return post("/api/messages/route",
              {{"lead_id", lead_id}, {"message", text}, {"metadata", std::move(metadata)}});
}

AgentSessionRow LeadsServer::session(std::int64_t id) {
  return store::select<AgentSessionRow>()
      .where(store::equals<&AgentSessionRow::id>(id))
      .first(connection())
      .value();
}

LeadRow LeadsServer::lead(std::int64_t id) {
  return store::select<LeadRow>()
      .where(store::equals<&LeadRow::id>(id))
      .first(connection())
      .value();
}

AgentRow LeadsServer::agent(std::int64_t id) {
  return store::select<AgentRow>()
      .where(store::equals<&AgentRow::id>(id))
      .first(connection())
      .value();
}

std::vector<MessageRow> LeadsServer::messages() {
  return store::select<MessageRow>()
      .order_by<&MessageRow::created_at>()
      .order_by<&MessageRow::id>()
      .all(connection());
}

std::vector<std::string> LeadsServer::texts() {
  std::vector<std::string> texts;
  for (const MessageRow& each : messages()) texts.push_back(each.content);
  return texts;
}

std::vector<std::string> LeadsServer::events(const std::string& topic) {
  std::vector<std::string> kinds;
  for (const store::LoggedEvent& each : store::events_after(connection(), 0, 1000)) {
    if (each.event.topic == topic) kinds.push_back(each.event.kind);
  }
  return kinds;
}

bool LeadsServer::becomes(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

void LeadsServer::expect_error_shape(const HttpAnswer& answer) const {
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  const Json body = answer.json();
  ASSERT_TRUE(body.is_object());
  for (const std::string_view field :
       {"type", "title", "status", "code", "instance", "detail", "message", "success"}) {
    EXPECT_TRUE(body.get_object().contains(field)) << field;
  }
  EXPECT_EQ(body.at("success"), false);
  EXPECT_FALSE(body.at("message").get_string().empty());
  if (answer.status != 422) {
    EXPECT_EQ(body.at("detail"), body.at("message"));
    return;
  }
  ASSERT_TRUE(body.at("detail").is_array()) << answer.body;
  for (const Json& each : body.at("detail").as_array()) {
    EXPECT_TRUE(each.at("loc").is_array() && each.at("msg").is_string() &&
                each.at("type").is_string());
  }
}

JsonObject platform_lead(const std::string& external_id, const std::string& name) {
  return {{"id", external_id},
          {"business_id", "business-1"},
          {"conversation_id", "conversation-" + external_id},
          {"temporary_email_address", external_id + "@messaging.example"},
          {"temporary_phone_number", "+1 555 0100"},
          {"time_created", "2025-03-15T09:59:00+00:00"},
          {"last_event_time", "2025-03-15T09:59:00+00:00"},
          {"user", JsonObject{{"display_name", name}}},
          {"project",
           JsonObject{{"job_names", json::array{"Kitchen Renovation", "Tiling"}},
                      {"location", JsonObject{{"postal_code", "94103"}}},
                      {"additional_info", "The cabinets are old."},
                      {"survey_answers",
                       json::array{JsonObject{{"question_text", "How large?"},
                                              {"answer_text", json::array{"12 square metres"}}}}},
                      {"attachments", json::array{"a.jpg", "b.jpg"}}}}};
}

JsonObject platform_message(const std::string& external_id, const std::string& text,
                            const std::string& sender) {
  return {{"yelp_lead_id", external_id},
          {"conversation_id", "conversation-" + external_id},
          {"message_content", text},
          {"sender", sender},
          {"timestamp", "2025-03-15T10:00:00+00:00"}};
}

std::string text_at(const JsonObject& object, std::string_view field) {
  return std::string(object.at(field).as_string());
}

std::int64_t number_at(const JsonObject& object, std::string_view field) {
  return object.at(field).as_int64();
}

}  // namespace parley::test
