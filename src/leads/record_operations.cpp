#include "api/fields.h"
#include "leads/management_operations.h"
#include "leads/management_wire.h"
#include "leads/operation_parts.h"
#include "leads/record_requests.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads::operation {
namespace {

using namespace json_schema;
using api::in_query;
using api::number_in_path;
using api::with_default;
using api::words_schema;
using http::Operation;

constexpr const char* kLeads = "leads";
constexpr const char* kAgents = "agents";
constexpr const char* kDashboard = "dashboard";
constexpr const char* kMessages = "lead messages";

JsonObject lead_body() {
  return with_fields(object(field_schemas(LeadFields())),
                     {optional("status", words_schema<LeadStatus>())});
}

JsonObject new_lead_body() {
  return with_fields(lead_body(), {{"email", text(255)},
                                   {"source", text(100, 1)},
                                   optional("project_data", any_object()),
                                   optional("platform_metadata", any_object())});
}

JsonObject agent_body() {
  const JsonObject temperature{{"type", json::array{"number", "string", "null"}}};
  return with_fields(object(field_schemas(AgentFields())), {{"temperature", temperature, false}});
}

JsonObject new_agent_body() {
  return with_fields(agent_body(), {{"name", text(255, 1)}, {"prompt_template", text(0, 1)}});
}

JsonObject chat_body() {
  const JsonObject turn = object({{"role", text()}, {"content", text()}});
  const JsonObject temperature{{"type", "number"}, {"minimum", 0}, {"maximum", 2}};
  return object({{"message", text(0, 1)},
                 optional("conversation_history", list_of(turn)),
                 optional("model", text(100)),
                 optional("temperature", temperature),
                 optional("max_tokens", integer(1))});
}

JsonObject with_verdict(const std::vector<json_schema::Field>& fields) {
  return with_fields(object({{"success", boolean()}, {"error", nullable(text())}}), fields);
}

Operation showing_counts(std::string id, std::string summary, const char* tag,
                         std::string_view name) {
  return reading({.id = std::move(id),
                  .summary = std::move(summary),
                  .tag = tag,
                  .answers = {{200, "The numbers.", counts_schema(name)}}});
}

}  // namespace

Operation create_lead() {
  return writing({.id = "createLead",
                  .summary = "Create a lead; the agent that waits for new leads opens a session",
                  .tag = kLeads,
                  .body = new_lead_body(),
                  .answers = {{200, "The lead.", lead_schema()}},
                  .problems = {400}});
}

Operation list_leads() {
  Operation operation{
      .id = "listLeads",
      .summary = "Leads, newest first",
      .tag = kLeads,
      .parameters = {in_query("status", words_schema<LeadStatus>()), in_query("source", text(100)),
                     in_query("company", text(255)),
                     in_query("search", text(255), "In name, e-mail and company.")},
      .answers = {{200, "A page of leads.", page_schema("leads", lead_schema(), "per_page")}}};
  api::add_page(operation, "per_page", kLeadsPerPage, kPerPageMax);
  return reading(std::move(operation));
}

Operation show_lead() {
  return reading({.id = "showLead",
                  .summary = "One lead",
                  .tag = kLeads,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The lead.", lead_schema()}},
                  .problems = {404}});
}

Operation change_lead() {
  return writing({.id = "changeLead",
                  .summary = "Change what is given of a lead",
                  .tag = kLeads,
                  .parameters = {number_in_path()},
                  .body = lead_body(),
                  .answers = {{200, "The lead.", lead_schema()}},
                  .problems = {400, 404}});
}

Operation delete_lead() {
  return writing({.id = "deleteLead",
                  .summary = "Delete a lead with its sessions, messages and follow-ups",
                  .tag = kLeads,
                  .parameters = {number_in_path()},
                  .answers = {{200, "What went with it.", removal_schema()}},
                  .problems = {404}});
}

Operation add_lead_note() {
  JsonObject note = object({{"id", integer(1)},
                            {"type", text()},
                            {"content", text()},
                            {"timestamp", json_schema::text_of("date-time")},
                            {"author", text()}});
  return writing(
      {.id = "addLeadNote",
       .summary = "Add a note to a lead",
       .tag = kLeads,
       .parameters = {number_in_path()},
       .body = object({{"content", text(0, 1)}, optional("author", text(255))}),
       .answers = {{200, "The note.", object({{"message", text()}, {"note", std::move(note)}})}},
       .problems = {404}});
}

Operation list_interactions() {
  return reading(
      {.id = "listInteractions",
       .summary = "The history of a lead as it was recorded",
       .tag = kLeads,
       .parameters = {number_in_path()},
       .answers = {{200, "The interactions.", object({{"interactions", list_of(JsonObject{})}})}},
       .problems = {404}});
}

Operation show_lead_figures() {
  return reading({.id = "showLeadFigures",
                  .summary = "How many leads there are, active and won",
                  .tag = kLeads,
                  .answers = {{200, "The figures.", lead_figures_schema()}}});
}

Operation count_leads_by_source() {
  return showing_counts("countLeadsBySource", "Leads by source", kLeads, "source");
}

Operation count_leads_by_status() {
  return showing_counts("countLeadsByStatus", "Leads by status", kLeads, "status");
}

Operation create_agent() {
  return writing({.id = "createLeadsAgent",
                  .summary = "Create an agent",
                  .tag = kAgents,
                  .body = new_agent_body(),
                  .answers = {{200, "The agent.", agent_schema()}},
                  .problems = {400}});
}

Operation list_agents() {
  Operation operation{
      .id = "listLeadsAgents",
      .summary = "Agents, newest first",
      .tag = kAgents,
      .parameters = {in_query("type", text(50)), in_query("is_active", boolean()),
                     in_query("search", text(255), "In name and description.")},
      .answers = {{200, "A page of agents.", page_schema("agents", agent_schema(), "per_page")}}};
  api::add_page(operation, "per_page", kLeadsPerPage, kPerPageMax);
  return reading(std::move(operation));
}

Operation show_agent() {
  return reading({.id = "showLeadsAgent",
                  .summary = "One agent",
                  .tag = kAgents,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The agent.", agent_schema()}},
                  .problems = {404}});
}

Operation change_agent() {
  return writing({.id = "changeLeadsAgent",
                  .summary = "Change what is given of an agent",
                  .tag = kAgents,
                  .parameters = {number_in_path()},
                  .body = agent_body(),
                  .answers = {{200, "The agent.", agent_schema()}},
                  .problems = {400, 404}});
}

Operation delete_agent() {
  return writing({.id = "deleteLeadsAgent",
                  .summary = "Delete an agent that has no sessions",
                  .tag = kAgents,
                  .parameters = {number_in_path()},
                  .answers = {{200, "Done.", object({{"message", text()}})}},
                  .problems = {404}});
}

Operation show_agent_figures() {
  return reading({.id = "showLeadsAgentFigures",
                  .summary = "What an agent has done",
                  .tag = kAgents,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The figures.", agent_figures_schema()}},
                  .problems = {404}});
}

Operation show_agents_figures() {
  return reading({.id = "showLeadsAgentsFigures",
                  .summary = "What all agents have done",
                  .tag = kAgents,
                  .answers = {{200, "The figures.", agents_figures_schema()}}});
}

Operation count_agents_by_type() {
  return showing_counts("countLeadsAgentsByType", "Agents by type", kAgents, "type");
}

Operation show_model() {
  return reading(
      {.id = "showLanguageModel",
       .summary = "Whether a language model is configured",
       .tag = kAgents,
       .answers = {{200, "Whether.", object({{"available", boolean()}, {"message", text()}})}}});
}

Operation chat_with_agent() {
  Operation operation =
      reading({.id = "chatWithLeadsAgent",
               .summary = "Try an agent with a message; nothing is stored",
               .tag = kAgents,
               .parameters = {number_in_path()},
               .body = chat_body(),
               .answers = {{200, "What it said.",
                            with_verdict({{"response", text()}, {"usage", any_object()}})}},
               .problems = {404}});
  return operation;
}

Operation test_agent() {
  const JsonObject seconds{{"type", "number"}, {"minimum", 0}};
  return reading({.id = "testLeadsAgent",
                  .summary = "Try an agent with a message, and see how long it takes",
                  .tag = kAgents,
                  .parameters = {number_in_path()},
                  .body = chat_body(),
                  .answers = {{200, "What it said.",
                               with_verdict({{"response", text()}, {"processing_time", seconds}})}},
                  .problems = {404}});
}

Operation generate_prompt() {
  return reading(
      {.id = "generatePrompt",
       .summary = "Have the prompt of an agent drafted",
       .tag = kAgents,
       .body = object({{"summary", text(0, 1)}}),
       .answers = {{200, "The draft.",
                    with_verdict({{"generated_prompt", text()}, {"usage", any_object()}})}},
       .problems = {422}});
}

Operation generate_scenario() {
  return reading({.id = "generateScenarioPrompt",
                  .summary = "Have an agent for a scenario drafted",
                  .tag = kAgents,
                  .body = object({{"scenario_description", text(0, 1)}}),
                  .answers = {{200, "The draft.",
                               with_verdict({{"generated_data", any_object()},
                                             {"scenario_description", text()},
                                             {"usage", any_object()}})}},
                  .problems = {422}});
}

Operation mark_read() {
  return writing({.id = "markLeadMessageRead",
                  .summary = "Note that a message was read",
                  .tag = kMessages,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The message.", item_schema()}},
                  .problems = {404}});
}

Operation mark_failed() {
  return writing({.id = "markLeadMessageFailed",
                  .summary = "Note that a message could not be delivered",
                  .tag = kMessages,
                  .parameters = {number_in_path()},
                  .body = object({optional("error_message", text())}),
                  .answers = {{200, "The message.", item_schema()}},
                  .problems = {404}});
}

Operation flag_message() {
  const JsonObject score{{"type", json::array{"number", "string", "null"}}};
  return writing({.id = "flagLeadMessage",
                  .summary = "Flag a message for a person to look at, or take that back",
                  .tag = kMessages,
                  .parameters = {number_in_path()},
                  .body = object({optional("is_flagged", boolean()),
                                  optional("reason", text(255)),
                                  {"quality_score", score, false}}),
                  .answers = {{200, "The flag.",
                               object({{"success", boolean()},
                                       {"message_id", integer(0)},
                                       {"is_flagged", boolean()},
                                       {"flagged_reason", nullable(text())},
                                       {"quality_score", nullable(text())}})}},
                  .problems = {404}});
}

Operation show_metrics() {
  return reading({.id = "showMetrics",
                  .summary = "The figures of the dashboard",
                  .tag = kDashboard,
                  .answers = {{200, "The figures.", metrics_schema()}}});
}

Operation list_recent_leads() {
  return reading({.id = "listRecentLeads",
                  .summary = "The leads that came last",
                  .tag = kDashboard,
                  .parameters = {list_limit(5)},
                  .answers = {{200, "Leads, newest first.", list_of(recent_lead_schema())}}});
}

Operation list_activity() {
  return reading({.id = "listActivity",
                  .summary = "What happened lately",
                  .tag = kDashboard,
                  .parameters = {list_limit(10)},
                  .answers = {{200, "Newest first.", list_of(activity_schema())}}});
}

Operation show_health() {
  return {.id = "showLeadsHealth",
          .summary = "Whether the server answers",
          .tag = kDashboard,
          .access = http::Access::Public,
          .answers = {{200, "It does.", object({{"status", text()}})}}};
}

}  // namespace parley::leads::operation
