#include "api/fields.h"
#include "base/json_schema.h"
#include "chat/chats.h"
#include "chat/operation_shapes.h"
#include "chat/operations.h"
#include "chat/requests.h"

namespace parley::chat::operation {
namespace {

using namespace json_schema;
using http::Operation;

constexpr const char* kAgents = "data agents";
constexpr const char* kEmbed = "embedded agents";

/// What an agent is made of; what `required` says is not optional.
JsonObject agent_fields(bool (*is_required)(std::string_view)) {
  std::vector<Field> fields{{"name", text(api::kNameCharactersMax, 1)},
                            {"connection_type", words(words_of<ConnectionType>)},
                            {"connection_config", any_object()}};
  for (Field& each : fields) {
    if (!is_required(each.name)) each = optional(each.name, std::move(each.schema));
  }
  for (Field& each : std::vector<Field>{
           optional("description", text(kLongTextCharactersMax)), optional("status", text(50)),
           optional("model_type", text(100)), optional("api_key", text(500)),
           optional("system_instructions", text(kLongTextCharactersMax)),
           optional("custom_tone_schema_enabled", boolean()),
           optional("custom_tone_rows_enabled", boolean()),
           optional("custom_tone_schema", text(kLongTextCharactersMax)),
           optional("custom_tone_rows", text(kLongTextCharactersMax)),
           optional("recommended_questions", list_of(text()))}) {
    fields.push_back(std::move(each));
  }
  return object(fields);
}

JsonObject question_schema() { return object({{"question", text(kContentCharactersMax, 1)}}); }

/// The fields of an answer that nobody stores.
std::vector<Field> answer_fields() {
  return {{"answer", text()},
          {"resolution_note", nullable(text())},
          {"action", nullable(text())},
          {"dax_attempts", list_of(text())},
          {"final_dax", nullable(text())},
          {"error", nullable(text())}};
}

JsonObject connection_schema() {
  return object({{"connected", boolean()},
                 {"message", nullable(text())},
                 {"workspace_id", nullable(text())},
                 {"dataset_id", nullable(text())},
                 {"table_count", nullable(integer(0))},
                 {"database_name", nullable(text())},
                 {"host", nullable(text())},
                 {"error", nullable(text())}});
}

JsonObject source_schema_schema() {
  return object({{"success", boolean()},
                 {"message", nullable(text())},
                 {"data", JsonObject{}},
                 {"error", nullable(text())}});
}

Operation page(std::string id, std::string summary, std::vector<http::Parameter> parameters) {
  const std::string html = "text/html";
  return {.id = std::move(id),
          .summary = std::move(summary),
          .tag = kEmbed,
          .access = http::Access::Public,
          .parameters = std::move(parameters),
          .answers = {{200, "The page.", text(), html},
                      {400, "A page that says why not.", text(), html},
                      {401, "A page that says why not.", text(), html},
                      {403, "A page that says why not.", text(), html},
                      {404, "A page that says why not.", text(), html},
                      {503, "A page that says why not.", text(), html}}};
}

Operation testing(std::string id, std::string summary, JsonObject answer) {
  return reading({.id = std::move(id),
                  .summary = std::move(summary),
                  .tag = kAgents,
                  .body = any_object(),
                  .answers = {{200, "What was found.", std::move(answer)}},
                  .problems = {400, 422}},
                 {});
}

Operation of_credential(std::string id, std::string summary, JsonObject body) {
  return writing({.id = std::move(id),
                  .summary = std::move(summary),
                  .tag = kEmbed,
                  .body = std::move(body),
                  .answers = {{200, "The credential.", credential_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id", "credential_id"});
}

}  // namespace

Operation create_agent() {
  return writing({.id = "createDataAgent",
                  .summary = "Make an agent; for owners, admins and members",
                  .tag = kAgents,
                  .body = agent_fields([](std::string_view) { return true; }),
                  .answers = {{201, "The agent.", agent_schema()}},
                  .problems = {400}},
                 {"account_id"});
}

Operation list_agents() {
  return reading(
      {.id = "listDataAgents",
       .summary = "The agents that the caller may use, newest first",
       .tag = kAgents,
       .parameters = window_parameters(),
       .answers = {{200, "A part of the list.",
                    object({{"agents", list_of(agent_schema())}, {"total", integer(0)}})}}},
      {"account_id"});
}

Operation show_agent() {
  return reading({.id = "showDataAgent",
                  .summary = "An agent, its secrets masked",
                  .tag = kAgents,
                  .answers = {{200, "The agent.", agent_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id"});
}

Operation change_agent() {
  return writing({.id = "changeDataAgent",
                  .summary = "Change an agent; a mask keeps the secret that is stored",
                  .tag = kAgents,
                  .body = agent_fields([](std::string_view) { return false; }),
                  .answers = {{200, "The agent.", agent_schema()}},
                  .problems = {400, 404}},
                 {"account_id", "agent_id"});
}

Operation delete_agent() {
  return writing({.id = "deleteDataAgent",
                  .summary = "Delete an agent with its chats and credentials",
                  .tag = kAgents,
                  .answers = {{200, "It is gone.", ok_message_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id"});
}

Operation check_connection() {
  return reading({.id = "checkDataAgentConnection",
                  .summary = "Whether the agent's source can be reached",
                  .tag = kAgents,
                  .answers = {{200, "What was found.", connection_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id"});
}

Operation read_schema() {
  return reading({.id = "readDataAgentSchema",
                  .summary = "The tables of the agent's source",
                  .tag = kAgents,
                  .answers = {{200, "What was found.", source_schema_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id"});
}

Operation test_connection() {
  return testing("testPowerBiConnection", "Whether a dataset can be reached", connection_schema());
}
Operation test_db_connection() {
  return testing("testDbConnection", "Whether a database can be reached", connection_schema());
}
Operation test_schema() {
  return testing("testReadSchema", "The tables of a source", source_schema_schema());
}

Operation ask_agent() {
  std::vector<Field> fields = answer_fields();
  fields.push_back({"sql_attempts", list_of(text())});
  fields.push_back({"final_sql", nullable(text())});
  return reading({.id = "askDataAgent",
                  .summary = "Ask an agent; nothing is stored",
                  .tag = kAgents,
                  .body = question_schema(),
                  .answers = {{200, "The answer.", object(fields)}},
                  .problems = {400, 404}},
                 {"account_id", "agent_id"});
}

Operation issue_credential() {
  return writing({.id = "issueAgentCredential",
                  .summary = "A new credential in the place of the one that there may be",
                  .tag = kEmbed,
                  .body = object({optional("agent_id", text()), optional("name", text())}),
                  .answers = {{201, "The credential.", credential_schema()}},
                  .problems = {400, 404}},
                 {"account_id", "agent_id"});
}

Operation list_credentials() {
  return reading({.id = "listAgentCredentials",
                  .summary = "The credential of an agent, or none",
                  .tag = kEmbed,
                  .answers = {{200, "At most one.", list_of(credential_schema())}},
                  .problems = {404}},
                 {"account_id", "agent_id"});
}

Operation switch_credential() {
  return of_credential("switchAgentCredential", "Switch a credential on or off",
                       object({optional("is_active", boolean())}));
}

Operation set_theme() {
  return of_credential("setAgentTheme", "Give the embedded agent its colours",
                       object({optional("theme", any_object())}));
}

Operation delete_credential() {
  return writing({.id = "deleteAgentCredential",
                  .summary = "Delete a credential; its link is void then",
                  .tag = kEmbed,
                  .answers = {{200, "It is gone.", ok_message_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id", "credential_id"});
}

Operation ask_embedded() {
  Operation operation{.id = "askEmbeddedAgent",
                      .summary = "Ask an agent as a visitor; nothing is stored",
                      .tag = kEmbed,
                      .parameters = ids_in_path({"agent_id"}),
                      .body = question_schema(),
                      .answers = {{200, "The answer.", object(answer_fields())}},
                      .problems = {400, 403, 404}};
  operation.parameters.push_back(api::in_query("token", text(), "Where the server wants one."));
  return open_to_all(std::move(operation));
}

Operation launch_embedded() {
  return open_to_all({.id = "launchEmbeddedAgent",
                      .summary = "The link of an embedded agent",
                      .tag = kEmbed,
                      .body = object({{"agent_id", text()}}),
                      .answers = {{200, "The link.", object({{"frontend_url", text()}})}},
                      .problems = {400, 403, 404}});
}

Operation validate_embed_token() {
  return open_to_all({.id = "validateEmbedToken",
                      .summary = "What a token of an embedded agent is for",
                      .tag = kEmbed,
                      .parameters = {api::in_query("token", text(api::kNameCharactersMax))},
                      .answers = {{200, "The agent.",
                                   object({{"agent_id", text_of("uuid")},
                                           {"agent_name", text()},
                                           {"account_id", text_of("uuid")},
                                           {"status", text()},
                                           {"recommended_questions", list_of(text())},
                                           {"theme", theme_schema()}})}},
                      .problems = {401, 403, 404}});
}

Operation show_widget() {
  std::vector<http::Parameter> parameters = ids_in_path({"agent_id"});
  parameters.push_back(api::in_query("token", text()));
  return page("showEmbedWidget", "An agent as a page for a frame", std::move(parameters));
}

Operation show_chatbot() {
  return page("showEmbedChatbot", "The page that a link leads to",
              {api::in_query("token", text())});
}

Operation show_health() {
  return {.id = "chatHealth",
          .summary = "Whether the server lives",
          .tag = "server",
          .access = http::Access::Public,
          .answers = {{200, "It does.", ok_schema()}}};
}

}  // namespace parley::chat::operation
