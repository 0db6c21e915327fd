#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
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

std::string to_text(const Json& value) { return json::serialize(value); }

}  // namespace parley
