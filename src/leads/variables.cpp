#include "leads/variables.h"

#include <array>

#include "base/text.h"
#include "leads/notes.h"
#include "leads/stored_json.h"

namespace parley::leads {
namespace {

/// A variable of a project, and where platforms and callers say it; the first that is there counts.
struct ProjectVariable {
  std::string_view name;
  std::array<std::string_view, 3> fields;
};
constexpr ProjectVariable kProjectVariables[] = {
    {"job_types", {"job_types", "job_names"}},
    {"services_needed", {"services_needed", "services_requested", "job_names"}},
    {"project_details", {"project_details", "description"}},
    {"additional_info", {"additional_info"}},
    {"budget_range", {"budget_range", "budget"}},
    {"timeline", {"timeline", "availability"}},
    {"location", {"location"}},
    {"postal_code", {"postal_code"}},
    {"city", {"city"}},
    {"state", {"state"}},
    {"special_requirements", {"special_requirements"}},
    {"survey_responses", {"survey_responses", "survey_answers"}},
};
constexpr std::string_view kAttachments = "attachments";
constexpr std::string_view kPlace = "location";  ///< Holds postal_code, city and state.

/// A value as a person reads it: a list with commas, an object as `key: value`.
std::string text_of(const Json& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.if_string()) return std::string(*text);
  std::vector<std::string> parts;
  if (const auto* list = value.if_array()) {
    for (const Json& each : *list) parts.push_back(text_of(each));
    return join(parts, ", ");
  }
  if (const auto* object = value.if_object()) {
    for (const auto& field : *object) {
      const std::string text = text_of(field.value());
      if (!text.empty()) parts.push_back(std::string(field.key()) + ": " + text);
    }
    return join(parts, ", ");
  }
  return to_text(value);
}

/// A survey answer is `question: answer`.
std::string survey_text(const Json& value) {
  const auto* list = value.if_array();
  if (list == nullptr) return text_of(value);
  std::vector<std::string> parts;
  for (const Json& each : *list) {
    const JsonObject* object = each.if_object();
    const Json* question = object == nullptr ? nullptr : object->if_contains("question_text");
    const Json* answer = object == nullptr ? nullptr : object->if_contains("answer_text");
    parts.push_back(question != nullptr && answer != nullptr
                        ? text_of(*question) + ": " + text_of(*answer)
                        : text_of(each));
  }
  return join(parts, "; ");
}

const Json* first_of(const JsonObject& project, const ProjectVariable& variable) {
  const JsonObject* place = object_at(project, kPlace);
  for (const std::string_view field : variable.fields) {
    if (field.empty()) continue;
    if (const Json* value = project.if_contains(field)) return value;
    if (const Json* value = place == nullptr ? nullptr : place->if_contains(field)) return value;
  }
  return nullptr;
}

std::size_t attachment_count(const Json& attachments) {
  if (const auto* list = attachments.if_array()) return list->size();
  return attachments.is_null() ? 0 : 1;
}

void add_project(ai::Variables& variables, const JsonObject& project) {
  if (project.empty()) return;
  for (const ProjectVariable& variable : kProjectVariables) {
    const Json* value = first_of(project, variable);
    if (value == nullptr) continue;
    variables[std::string(variable.name)] =
        variable.name == "survey_responses" ? survey_text(*value) : text_of(*value);
  }
  const Json* attachments = project.if_contains(kAttachments);
  variables["attachment_count"] =
      std::to_string(attachments == nullptr ? 0 : attachment_count(*attachments));
}

std::string business_name_of(const AgentRow& agent) {
  const JsonObject configs = object_in(agent.tool_configs);
  const JsonObject* business = object_at(configs, "business_context");
  return business == nullptr ? std::string() : text_at(*business, "name").value_or("");
}

}  // namespace

std::string first_name_of(const LeadRow& lead) {
  if (lead.first_name && !trim(*lead.first_name).empty())
    return std::string(trim(*lead.first_name));
  const std::string name = collapse_white_space(lead.name.value_or(""));
  return name.empty() ? "there" : name.substr(0, name.find(' '));
}

std::string full_name_of(const LeadRow& lead) {
  const std::string name(trim(lead.name.value_or("")));
  return name.empty() ? "Customer" : name;
}

ai::Variables variables_of(const LeadRow& lead, const AgentRow& agent,
                           const AgentSessionRow& session) {
  ai::Variables variables{{"first_name", first_name_of(lead)},
                          {"last_name", lead.last_name.value_or("")},
                          {"full_name", full_name_of(lead)},
                          {"lead_name", full_name_of(lead)},
                          {"email", lead.email},
                          {"phone", lead.phone.value_or("")},
                          {"company", lead.company.value_or("")},
                          {"service_requested", lead.service_requested.value_or("")},
                          {"source", lead.source},
                          {"agent_name", agent.name},
                          {"business_name", business_name_of(agent)},
                          {"session_goal", session.session_goal.value_or("")},
                          {"trigger_type", session.trigger_type}};
  add_project(variables, project_of(lead));
  return variables;
}

}  // namespace parley::leads
