#include "api/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/error.h"
#include "base/text.h"
#include "http/password.h"

namespace parley::api {
namespace {

constexpr std::string_view kPasswordRule = "must have 8 characters to 256 bytes";

/// True when every text inside can be stored in every engine.
bool is_storable(const Json& value) {
  if (const auto* text = value.if_string()) return is_storable_text(*text);
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, is_storable);
  if (const auto* object = value.if_object()) {
    return std::ranges::all_of(*object, [](const auto& field) {
      return is_storable_text(field.key()) && is_storable(field.value());
    });
  }
  return true;
}

/// One `@` with something before it and something after, no white space: enough to catch a mistyped
/// field.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void FieldErrors::add(std::string_view field, std::string code, std::string message) {
  std::string text = fmt::format("{} {}", field, message);
  errors_.push_back({fmt::format("{}/{}", object_, field), std::move(code), std::move(text)});
}

void FieldErrors::add_all(const FieldErrors& others) {
  errors_.insert(errors_.end(), others.errors_.begin(), others.errors_.end());
}

void FieldErrors::finish() const {
  if (errors_.empty()) return;
  http::Problem problem = http::invalid_field("", "", "");
  problem.errors = errors_;
  problem.detail.clear();
  for (const http::FieldError& error : errors_) {
    if (!problem.detail.empty()) problem.detail += "; ";
    problem.detail += error.message;
  }
  throw problem;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

std::optional<Timestamp> time_in(std::string text) {
  if (const auto time = parse_timestamp(text)) return time;
  const std::size_t space = text.rfind(' ');
  if (space == std::string::npos) return std::nullopt;
  text[space] = '+';
  return parse_timestamp(text);
}

const std::string& path_value(const http::Request& request, std::string_view name) {
  const auto found = request.path_values.find(name);
  PARLEY_CHECK(found != request.path_values.end());
  return found->second;
}

JsonObject object_of(std::string_view body) {
  try {
    Json parsed = parse_json(body);
    if (parsed.is_object()) return std::move(parsed.get_object());
  } catch (const Error& error) {
    throw http::invalid_field("", "invalid_json", fmt::format("The body is {}", error.what()));
  }
  throw http::invalid_field("", "wrong_type", "The body must be a JSON object");
}

const Json* BodyReader::find(std::string_view field) const {
  const Json* value = body_.if_contains(field);
  return value != nullptr && value->is_null() ? nullptr : value;
}

void BodyReader::require(std::string_view field) {
  if (find(field) == nullptr) errors_.add(field, "required", "is required");
}

const json::string* BodyReader::text_value(std::string_view field, std::size_t characters_max) {
  const Json* value = find(field);
  if (value == nullptr) return nullptr;
  const json::string* text = value->if_string();
  if (text == nullptr) {
    errors_.add(field, "wrong_type", "must be a text");
  } else if (!is_storable_text(*text)) {
    errors_.add(field, "not_storable", "must not contain U+0000");
  } else if (code_points(*text) > characters_max) {
    errors_.add(field, "too_long", fmt::format("must have at most {} characters", characters_max));
  } else {
    return text;
  }
  return nullptr;
}

std::optional<std::string> BodyReader::optional_text(std::string_view field,
                                                     std::size_t characters_max) {
  const json::string* text = text_value(field, characters_max);
  if (text == nullptr) return std::nullopt;
  if (!has_visible_character(*text)) {
    errors_.add(field, "blank", "must contain a visible character");
    return std::nullopt;
  }
  return std::string(*text);
}

std::string BodyReader::text(std::string_view field, std::size_t characters_max) {
  require(field);
  return optional_text(field, characters_max).value_or("");
}

std::string BodyReader::text_or_empty(std::string_view field, std::size_t characters_max) {
  const json::string* text = text_value(field, characters_max);
  return text == nullptr ? std::string() : std::string(*text);
}

std::string BodyReader::any_text(std::string_view field) {
  require(field);
  return text_or_empty(field, std::string::npos);
}

std::optional<std::string> BodyReader::optional_email(std::string_view field) {
  const std::optional<std::string> text = optional_text(field, kNameCharactersMax);
  if (!text) return std::nullopt;
  std::string address = lower(trim(*text));
  if (!is_email(address)) errors_.add(field, "invalid_email", "must be an e-mail address");
  return address;
}

std::string BodyReader::email(std::string_view field) {
  require(field);
  return optional_email(field).value_or("");
}

std::optional<std::string> BodyReader::optional_new_password(std::string_view field) {
  const json::string* text = text_value(field, std::string::npos);
  if (text == nullptr) return std::nullopt;
  if (!http::is_acceptable_password(*text)) {
    errors_.add(field, "invalid_password", std::string(kPasswordRule));
  }
  return std::string(*text);
}

std::string BodyReader::new_password(std::string_view field) {
  require(field);
  return optional_new_password(field).value_or("");
}

std::optional<bool> BodyReader::optional_boolean(std::string_view field) {
  const Json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  errors_.add(field, "wrong_type", "must be true or false");
  return std::nullopt;
}

bool BodyReader::boolean(std::string_view field) {
  require(field);
  return optional_boolean(field).value_or(false);
}

std::optional<std::int64_t> BodyReader::optional_integer(std::string_view field, std::int64_t min,
                                                         std::int64_t max) {
  const Json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64() && value->get_int64() >= min && value->get_int64() <= max) {
    return value->get_int64();
  }
  errors_.add(field, value->is_number() ? "out_of_range" : "wrong_type",
              fmt::format("must be a whole number from {} to {}", min, max));
  return std::nullopt;
}

std::int64_t BodyReader::integer(std::string_view field, std::int64_t min, std::int64_t max) {
  require(field);
  return optional_integer(field, min, max).value_or(min);
}

std::optional<double> BodyReader::optional_number(std::string_view field, double min, double max) {
  const Json* value = find(field);
  if (value == nullptr) return std::nullopt;
  const double number = value->is_number() ? value->to_number<double>() : min - 1;
  if (number >= min && number <= max) return number;
  errors_.add(field, value->is_number() ? "out_of_range" : "wrong_type",
              fmt::format("must be a number from {} to {}", min, max));
  return std::nullopt;
}

std::optional<json::array> BodyReader::optional_array(std::string_view field) {
  const Json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) {
    errors_.add(field, "wrong_type", "must be a list");
    return std::nullopt;
  }
  if (!is_storable(*value)) errors_.add(field, "not_storable", "must not contain U+0000");
  return value->get_array();
}

std::optional<JsonObject> BodyReader::optional_object(std::string_view field) {
  const Json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) {
    errors_.add(field, "wrong_type", "must be an object");
    return std::nullopt;
  }
  if (!is_storable(*value)) errors_.add(field, "not_storable", "must not contain U+0000");
  return value->get_object();
}

std::optional<std::string> QueryReader::text(std::string_view field, std::size_t characters_max) {
  const auto found = request_.query.find(std::string(field));
  if (found == request_.query.end() || found->second.empty()) return std::nullopt;
  const std::string& text = found->second;
  if (!is_storable_text(text)) {
    errors_.add(field, "not_storable", "must be UTF-8 without U+0000");
  } else if (code_points(text) > characters_max) {
    errors_.add(field, "too_long", fmt::format("must have at most {} characters", characters_max));
  } else {
    return text;
  }
  return std::nullopt;
}

std::optional<std::int64_t> QueryReader::optional_number(std::string_view field, std::int64_t min,
                                                         std::int64_t max) {
  const std::optional<std::string> text = this->text(field, kNameCharactersMax);
  if (!text) return std::nullopt;
  const std::optional<std::int64_t> number = whole_number(*text);
  if (number && *number >= min && *number <= max) return number;
  errors_.add(field, "out_of_range", fmt::format("must be a whole number from {} to {}", min, max));
  return std::nullopt;
}

std::int64_t QueryReader::number(std::string_view field, std::int64_t otherwise, std::int64_t min,
                                 std::int64_t max) {
  return optional_number(field, min, max).value_or(otherwise);
}

bool QueryReader::boolean(std::string_view field, bool otherwise) {
  const auto found = request_.query.find(std::string(field));
  if (found == request_.query.end()) return otherwise;
  const std::string text = lower(found->second);
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  errors_.add(field, "wrong_type", "must be true or false");
  return otherwise;
}

}  // namespace parley::api
