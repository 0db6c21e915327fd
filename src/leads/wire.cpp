#include "leads/wire.h"

#include <array>

#include "leads/stored_json.h"
#include "leads/vocabulary.h"
#include "schema/json_schema.h"

namespace parley::leads {
namespace {

using namespace json_schema;
using schema::json_schema_of;

/// Columns whose declaration has no default, and which are lists.
constexpr std::string_view kListWithoutDefault = "active_follow_up_sequences";

bool is_list_column(std::string_view column, const schema::DefaultWord& word) {
  return column == kListWithoutDefault || schema::detail::null_as(word).is_array();
}

bool is_container(const Json& value) { return value.is_object() || value.is_array(); }

template <schema::Declared Row>
JsonObject row_json(const Row& row) {
  JsonObject object = schema::to_json_object(row);
  schema::for_each_column<Row>([&](const auto& declared) {
    using Column = std::remove_cvref_t<decltype(declared)>;
    if constexpr (Column::kind == schema::TypeKind::Json) {
      Json& value = object[declared.json_name()];
      if (is_container(value)) return;
      value = is_list_column(declared.name, declared.default_word) ? Json(list_in(value))
                                                                   : Json(object_in(value));
    }
  });
  return object;
}

template <schema::Declared Row>
JsonObject row_schema() {
  JsonObject schema = json_schema_of<Row>();
  schema::for_each_column<Row>([&](const auto& declared) {
    using Column = std::remove_cvref_t<decltype(declared)>;
    if constexpr (Column::kind == schema::TypeKind::Json) {
      schema = with_fields(
          std::move(schema),
          {{declared.json_name(), JsonObject{{"type", json::array{"object", "array"}}}}});
    }
  });
  return schema;
}

constexpr auto kItemFields = std::to_array<std::string_view>(
    {"id", "content", "sender_type", "sender_name", "created_at", "message_type",
     "external_conversation_id", "delivery_status", "message_status", "error_message",
     "message_metadata", "model_used", "response_time_ms", "quality_score", "external_platform"});

}  // namespace

JsonObject lead_json(const LeadRow& lead) { return row_json(lead); }
JsonObject agent_json(const AgentRow& agent) { return row_json(agent); }
JsonObject session_json(const AgentSessionRow& session) { return row_json(session); }
JsonObject message_json(const MessageRow& message) { return row_json(message); }
JsonObject task_json(const FollowUpTaskRow& task) { return row_json(task); }

JsonObject item_json(const MessageRow& message) {
  const JsonObject all = row_json(message);
  JsonObject item;
  for (const std::string_view field : kItemFields) item[field] = all.at(field);
  if (!item["message_metadata"].is_object()) item["message_metadata"] = JsonObject{};
  return item;
}

JsonObject lead_schema() { return named("Lead", row_schema<LeadRow>()); }
JsonObject agent_schema() { return named("LeadsAgent", row_schema<AgentRow>()); }
JsonObject session_schema() { return named("AgentSession", row_schema<AgentSessionRow>()); }
JsonObject item_schema() {
  const JsonObject all = row_schema<MessageRow>();
  std::vector<Field> fields;
  for (const std::string_view name : kItemFields) {
    fields.push_back(
        {name, name == "message_metadata" ? any_object() : json_schema::field_of(all, name)});
  }
  return named("LeadMessage", json_schema::object(fields));
}

Json time_json(const std::optional<Timestamp>& time) {
  return time ? schema::to_json(*time) : Json(nullptr);
}

}  // namespace parley::leads
