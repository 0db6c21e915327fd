#include "leads/project_notes.h"

#include <array>
#include <initializer_list>
#include <vector>

#include "base/text.h"
#include "leads/notes.h"

namespace parley::leads {
namespace {

/// A type of note, and the fields of project data that it holds.
struct NoteType {
  std::string_view type;
  std::vector<std::string_view> fields;
};

const std::vector<NoteType>& note_types() {
  static const std::vector<NoteType> types{
      {"survey_responses", {"survey_responses", "survey_answers"}},
      {"services_requested", {"services_requested", "services", "job_names"}},
      {"project_details",
       {"project_details", "description", "additional_info", "special_requirements"}},
      {"location", {"location", "postal_code", "city", "state"}},
      {"availability", {"availability"}},
      {"attachments", {"attachments"}},
      {"budget", {"budget", "budget_range"}},
      {"timeline", {"timeline"}}};
  return types;
}

bool says_nothing(const Json& value) {
  if (const auto* text = value.if_string()) return trim(*text).empty();
  if (const auto* list = value.if_array()) return list->empty();
  if (const auto* object = value.if_object()) return object->empty();
  return value.is_null();
}

/// What the data says about a matter: the value of the one field that has one, or an object of
/// those that have.
Json said_about(const NoteType& matter, const JsonObject& data) {
  JsonObject said;
  for (const std::string_view field : matter.fields) {
    const Json* value = data.if_contains(field);
    if (value != nullptr && !says_nothing(*value)) said[field] = *value;
  }
  if (said.empty()) return nullptr;
  if (said.size() == 1) return said.begin()->value();
  return said;
}

/// As a person reads it.
std::string text_of(const Json& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  std::vector<std::string> parts;
  if (const auto* list = value.if_array()) {
    for (const Json& each : *list) parts.push_back(text_of(each));
  } else if (const auto* object = value.if_object()) {
    for (const auto& field : *object) {
      parts.push_back(std::string(field.key()) + ": " + text_of(field.value()));
    }
  } else {
    return to_text(value);
  }
  return join(parts, ", ");
}

void append(json::array& notes, std::string_view type, const Json& data, Timestamp now) {
  notes.emplace_back(make_note(
      notes,
      {.type = std::string(type), .content = text_of(data), .author = "system", .data = data},
      now));
}

}  // namespace

void add_project_notes(json::array& notes, const JsonObject& project_data, Timestamp now) {
  for (const NoteType& matter : note_types()) {
    const Json said = said_about(matter, project_data);
    if (!said.is_null()) append(notes, matter.type, said, now);
  }
}

void add_platform_note(json::array& notes, const JsonObject& platform_metadata, Timestamp now) {
  if (!platform_metadata.empty()) append(notes, "platform_metadata", platform_metadata, now);
}

std::optional<std::string> services_in(const JsonObject& project_data, std::size_t characters_max) {
  for (const std::string_view field : {"services_requested", "services", "job_names"}) {
    const Json* value = project_data.if_contains(field);
    if (value == nullptr || says_nothing(*value)) continue;
    std::string services;
    const json::array one{*value};
    for (const Json& each : value->is_array() ? value->get_array() : one) {
      const std::string longer = services.empty() ? text_of(each) : services + ", " + text_of(each);
      if (code_points(longer) > characters_max) break;
      services = longer;
    }
    if (!services.empty()) return services;
  }
  return std::nullopt;
}

}  // namespace parley::leads
