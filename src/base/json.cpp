#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/json_number.h"
#include "base/text.h"

namespace parley {
namespace {

constexpr std::size_t kDepthMax = 64;

/// Throws the error for what stands at byte `position`. Columns count characters, as editors do.
[[noreturn]] void throw_at(std::string_view text, std::size_t position, const std::string& reason) {
  const std::string_view before = text.substr(0, position);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;
  const std::size_t column = code_points(before.substr(line_start)) + 1;
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("invalid JSON at line {}, column {}: {}", line, column, reason));
}

/// Not as the library does it, which writes every number with a fraction as `6.667E1`.
void append(std::string& text, const Json& value) {
  const char* between = "";
  if (const double* number = value.if_double()) {
    append_number(text, *number);
  } else if (const json::array* array = value.if_array()) {
    text += '[';
    for (const Json& item : *array) {
      text += std::exchange(between, ",");
      append(text, item);
    }
    text += ']';
  } else if (const json::object* object = value.if_object()) {
    text += '{';
    for (const auto& [name, item] : *object) {
      text += std::exchange(between, ",");
      text += json::serialize(name);
      text += ':';
      append(text, item);
    }
    text += '}';
  } else {
    text += json::serialize(value);
  }
}

}  // namespace

Json parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::parser parser({}, options);
  json::error_code error;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (error) throw_at(text, read, error.message());
  if (read < text.size()) throw_at(text, read, "text after the end of the value");
  return parser.release();
}

std::string to_text(const Json& value) {
  std::string text;
  append(text, value);
  return text;
}

}  // namespace parley
