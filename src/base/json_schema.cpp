#include "base/json_schema.h"

#include <algorithm>

#include "base/check.h"

namespace parley::json_schema {
namespace {

JsonObject of_type(std::string_view type) { return {{"type", type}}; }

}  // namespace

JsonObject boolean() { return of_type("boolean"); }

JsonObject integer(std::optional<std::int64_t> min, std::optional<std::int64_t> max) {
  JsonObject schema = of_type("integer");
  if (min) schema["minimum"] = *min;
  if (max) schema["maximum"] = *max;
  return schema;
}

JsonObject text(std::size_t characters_max, std::size_t characters_min) {
  JsonObject schema = of_type("string");
  if (characters_min > 0) schema["minLength"] = characters_min;
  if (characters_max > 0) schema["maxLength"] = characters_max;
  return schema;
}

JsonObject text_of(std::string_view format) {
  JsonObject schema = of_type("string");
  schema["format"] = format;
  return schema;
}

JsonObject words(std::span<const std::string_view> allowed) {
  JsonObject schema = of_type("string");
  schema["enum"] = json::array(allowed.begin(), allowed.end());
  return schema;
}

JsonObject list_of(JsonObject items) {
  JsonObject schema = of_type("array");
  schema["items"] = std::move(items);
  return schema;
}

JsonObject any_object() { return of_type("object"); }

JsonObject object(const std::vector<Field>& fields) {
  JsonObject schema = of_type("object");
  schema["properties"] = JsonObject();
  return with_fields(std::move(schema), fields);
}

JsonObject nullable(JsonObject schema) {
  PARLEY_CHECK(!schema.contains("title"));
  if (Json* type = schema.if_contains("type")) {
    const Json kind = *type;
    *type = json::array{kind, "null"};
  }
  if (Json* allowed = schema.if_contains("enum")) allowed->as_array().push_back(nullptr);
  return schema;
}

Field optional(std::string_view name, JsonObject schema) {
  return {name, nullable(std::move(schema)), false};
}

JsonObject named(std::string_view name, JsonObject schema) {
  schema["title"] = name;
  return schema;
}

JsonObject with_fields(JsonObject object, const std::vector<Field>& fields) {
  object.erase("title");
  JsonObject& properties = object.at("properties").as_object();
  json::array required;
  if (const Json* before = object.if_contains("required")) required = before->as_array();
  for (const Field& field : fields) {
    properties[field.name] = field.schema;
    const Json name(field.name);
    const auto listed = std::ranges::find(required, name);
    if (field.is_required && listed == required.end()) required.push_back(name);
    if (!field.is_required && listed != required.end()) required.erase(listed);
  }
  if (required.empty()) {
    object.erase("required");
  } else {
    object["required"] = std::move(required);
  }
  return object;
}

JsonObject only(const JsonObject& object, std::initializer_list<std::string_view> names) {
  const Json* required = object.if_contains("required");
  std::vector<Field> fields;
  for (const std::string_view name : names) {
    const bool is_required =
        required != nullptr && std::ranges::count(required->as_array(), Json(name)) > 0;
    fields.push_back({name, field_of(object, name), is_required});
  }
  return json_schema::object(fields);
}

JsonObject field_of(const JsonObject& object, std::string_view name) {
  const Json* schema = object.at("properties").as_object().if_contains(name);
  PARLEY_CHECK(schema != nullptr);
  return schema->as_object();
}

}  // namespace parley::json_schema
