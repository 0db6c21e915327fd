#include <algorithm>

#include "api/fields.h"
#include "chat/requests.h"

namespace parley::chat {
namespace {

using api::BodyReader;

constexpr std::size_t kStatusCharactersMax = 50;
constexpr std::size_t kModelCharactersMax = 100;
constexpr std::size_t kKeyCharactersMax = 500;

/// Reads a body whose fields may be absent, which leaves them as they are, or null, which empties
/// them.
class FieldsReader {
 public:
  explicit FieldsReader(const http::Request& request)
      : given_(api::object_of(request.body.empty() ? "{}" : request.body)),
        body_(given_, std::string()) {}

  BodyReader& body() { return body_; }

  std::optional<std::optional<std::string>> text(std::string_view field,
                                                 std::size_t characters_max) {
    if (!given_.contains(field)) return std::nullopt;
    if (body_.find(field) == nullptr) return std::optional<std::string>();
    return std::optional(body_.text_or_empty(field, characters_max));
  }

  std::optional<std::optional<Json>> list_of_texts(std::string_view field) {
    if (!given_.contains(field)) return std::nullopt;
    const std::optional<json::array> list = body_.optional_array(field);
    if (!list) return std::optional<Json>();
    if (!std::ranges::all_of(*list, [](const Json& each) { return each.is_string(); })) {
      body_.errors().add(field, "wrong_type", "must be a list of texts");
    }
    return std::optional<Json>(*list);
  }

 private:
  JsonObject given_;
  BodyReader body_;
};

AgentFields fields_in(FieldsReader& reader) {
  BodyReader& body = reader.body();
  AgentFields fields;
  fields.name = body.optional_text("name", api::kNameCharactersMax);
  fields.description = reader.text("description", kLongTextCharactersMax);
  fields.status = body.optional_text("status", kStatusCharactersMax);
  fields.model_type = reader.text("model_type", kModelCharactersMax);
  fields.api_key = reader.text("api_key", kKeyCharactersMax);
  fields.system_instructions = reader.text("system_instructions", kLongTextCharactersMax);
  fields.connection_type = body.optional_word<ConnectionType>("connection_type");
  if (auto config = body.optional_object("connection_config")) {
    fields.connection_config = *std::move(config);
  }
  fields.custom_tone_schema_enabled = body.optional_boolean("custom_tone_schema_enabled");
  fields.custom_tone_rows_enabled = body.optional_boolean("custom_tone_rows_enabled");
  fields.custom_tone_schema = reader.text("custom_tone_schema", kLongTextCharactersMax);
  fields.custom_tone_rows = reader.text("custom_tone_rows", kLongTextCharactersMax);
  fields.recommended_questions = reader.list_of_texts("recommended_questions");
  return fields;
}

}  // namespace

AgentFields read_new_agent(const http::Request& request) {
  FieldsReader reader(request);
  for (const std::string_view field : {"name", "connection_type", "connection_config"}) {
    reader.body().require(field);
  }
  AgentFields fields = fields_in(reader);
  reader.body().finish();
  return fields;
}

AgentFields read_agent_change(const http::Request& request) {
  FieldsReader reader(request);
  AgentFields fields = fields_in(reader);
  reader.body().finish();
  return fields;
}

JsonObject read_connection(const http::Request& request) {
  FieldsReader reader(request);
  std::optional<JsonObject> config = reader.body().optional_object("connection_config");
  reader.body().finish();
  return config ? *std::move(config) : api::object_of(request.body.empty() ? "{}" : request.body);
}

}  // namespace parley::chat
