#include "leads/stored_json.h"

#include <charconv>
#include <cmath>

#include "base/error.h"

namespace parley::leads {
namespace {

/// The value, or what its text says when that is JSON itself.
Json unwrapped(const Json& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return value;
  try {
    return parse_json(*text);
  } catch (const Error&) {
    return value;
  }
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

}  // namespace

json::array list_in(const std::optional<Json>& stored) {
  if (!stored) return {};
  const Json value = unwrapped(*stored);
  return value.is_array() ? value.get_array() : json::array();
}

JsonObject object_in(const std::optional<Json>& stored) {
  if (!stored) return {};
  const Json value = unwrapped(*stored);
  return value.is_object() ? value.get_object() : JsonObject();
}

std::optional<std::string> text_at(const JsonObject& object, std::string_view field) {
  const Json* value = object.if_contains(field);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<double> number_at(const JsonObject& object, std::string_view field) {
  const Json* value = object.if_contains(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  return value->is_string() ? number_of(value->get_string()) : std::nullopt;
}

const JsonObject* object_at(const JsonObject& object, std::string_view field) {
  const Json* value = object.if_contains(field);
  return value == nullptr ? nullptr : value->if_object();
}

}  // namespace parley::leads
