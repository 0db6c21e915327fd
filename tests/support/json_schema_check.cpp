#include "support/json_schema_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace parley::test {
namespace {

const std::set<std::string_view> kKeywords{
    "$ref",      "type",    "enum",     "const",   "properties",  "required",  "additionalProperties",
    "items",     "minimum", "maximum",  "oneOf",   "anyOf",       "minLength", "maxLength",
    "format",    "title",   "default",  "description"};

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

class Checker {
 public:
  Checker(const Json& document, UnknownFields unknown) : document_(document), unknown_(unknown) {}

  void check(const Json& schema_value, const Json& value, const std::string& at) {
    const JsonObject& schema = schema_value.as_object();
    for (const auto& [keyword, _] : schema) {
      if (!kKeywords.contains(keyword)) add(at, "unknown keyword " + std::string(keyword));
    }
    if (const Json* reference = schema.if_contains("$ref")) check_reference(*reference, value, at);
    check_type(schema, value, at);
    check_choice(schema, value, at);
    check_alternatives(schema, value, at);
    if (value.is_string()) check_text(schema, value.get_string(), at);
    if (value.is_number()) check_number(schema, value, at);
    if (value.is_array()) check_items(schema, value.get_array(), at);
    if (value.is_object()) check_fields(schema, value.get_object(), at);
  }

  std::vector<std::string> mismatches() && { return std::move(mismatches_); }

 private:
  void add(const std::string& at, const std::string& what) {
    mismatches_.push_back(fmt::format("{}: {}", at.empty() ? "/" : at, what));
  }

  void check_reference(const Json& reference, const Json& value, const std::string& at) {
    const Json* target = resolve(document_, reference.as_string());
    if (target == nullptr) return add(at, "dangling " + to_text(reference));
    check(*target, value, at);
  }

  void check_type(const JsonObject& schema, const Json& value, const std::string& at) {
    const Json* type = schema.if_contains("type");
    if (type == nullptr) return;
    const bool fits = type->is_string()
                          ? is_of_type(value, type->get_string())
                          : std::ranges::any_of(type->as_array(), [&](const Json& each) {
                              return is_of_type(value, each.as_string());
                            });
    if (!fits) add(at, fmt::format("{} is no {}", to_text(value), to_text(*type)));
  }

  void check_choice(const JsonObject& schema, const Json& value, const std::string& at) {
    if (const Json* constant = schema.if_contains("const"); constant && *constant != value)
      add(at, fmt::format("{} is not {}", to_text(value), to_text(*constant)));
    const Json* allowed = schema.if_contains("enum");
    if (allowed && std::ranges::count(allowed->as_array(), value) == 0)
      add(at, fmt::format("{} is none of {}", to_text(value), to_text(*allowed)));
  }

  void check_alternatives(const JsonObject& schema, const Json& value, const std::string& at) {
    for (const std::string_view keyword : {"oneOf", "anyOf"}) {
      const Json* alternatives = schema.if_contains(keyword);
      if (alternatives == nullptr) continue;
      const auto fitting = std::ranges::count_if(alternatives->as_array(), [&](const Json& each) {
        return schema_mismatches(document_, each, value, unknown_).empty();
      });
      if (fitting == 0 || (keyword == "oneOf" && fitting > 1))
        add(at, fmt::format("{} of {} fit", fitting, keyword));
    }
  }

  void check_text(const JsonObject& schema, std::string_view text, const std::string& at) {
    const auto length = static_cast<std::int64_t>(code_points(text));
    const Json* min = schema.if_contains("minLength");
    const Json* max = schema.if_contains("maxLength");
    if ((min && length < min->to_number<std::int64_t>()) ||
        (max && length > max->to_number<std::int64_t>()))
      add(at, fmt::format("a text of {} characters", length));
  }

  void check_number(const JsonObject& schema, const Json& value, const std::string& at) {
    const auto number = value.to_number<double>();
    const Json* min = schema.if_contains("minimum");
    const Json* max = schema.if_contains("maximum");
    if ((min && number < min->to_number<double>()) || (max && number > max->to_number<double>()))
      add(at, to_text(value) + " is out of range");
  }

  void check_items(const JsonObject& schema, const json::array& items, const std::string& at) {
    const Json* item_schema = schema.if_contains("items");
    if (item_schema == nullptr) return;
    for (std::size_t i = 0; i < items.size(); ++i)
      check(*item_schema, items[i], fmt::format("{}/{}", at, i));
  }

  void check_fields(const JsonObject& schema, const JsonObject& object, const std::string& at) {
    if (const Json* required = schema.if_contains("required")) {
      for (const Json& name : required->as_array()) {
        if (!object.contains(name.as_string())) add(at, "lacks " + to_text(name));
      }
    }
    const Json* properties = schema.if_contains("properties");
    const Json* additional = schema.if_contains("additionalProperties");
    for (const auto& [name, field] : object) {
      const std::string below = fmt::format("{}/{}", at, std::string_view(name));
      const Json* known = properties ? properties->as_object().if_contains(name) : nullptr;
      if (known) {
        check(*known, field, below);
      } else if (additional && additional->is_object()) {
        check(*additional, field, below);
      } else if (additional ? *additional == Json(false)
                            : properties && unknown_ == UnknownFields::Refused) {
        add(below, "is not described");
      }
    }
  }

  const Json& document_;
  const UnknownFields unknown_;
  std::vector<std::string> mismatches_;
};

}  // namespace

std::vector<std::string> schema_mismatches(const Json& document, const Json& schema,
                                           const Json& value, UnknownFields unknown) {
  Checker checker(document, unknown);
  checker.check(schema, value, "");
  return std::move(checker).mismatches();
}

const Json* resolve(const Json& document, std::string_view reference) {
  if (!reference.starts_with("#/")) return nullptr;
  const Json* at = &document;
  for (const std::string& name : split(reference.substr(2), '/')) {
    at = at->is_object() ? at->get_object().if_contains(name) : nullptr;
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace parley::test
