#include "live_agent/preview.h"

#include "base/error.h"
#include "base/text.h"

namespace parley::live_agent {
namespace {

constexpr std::size_t kPreviewCharacters = 100;

std::optional<JsonObject> object_inside(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  try {
    Json decoded = parse_json(value.get_string());
    if (decoded.is_object()) return std::move(decoded.get_object());
  } catch (const Error&) {
    // A text that is no JSON is a value like any other.
  }
  return std::nullopt;
}

}  // namespace

std::string preview_of(std::string_view message_text) {
  const std::string text = collapse_white_space(message_text);
  const std::string_view start = first_code_points(text, kPreviewCharacters);
  return start.size() == text.size() ? text : std::string(start) + "...";
}

Json metadata_on_wire(const std::optional<Json>& stored) {
  if (!stored || stored->is_null()) return nullptr;
  if (stored->is_object()) return *stored;
  if (auto object = object_inside(*stored)) return *std::move(object);
  return JsonObject{{"value", *stored}};
}

}  // namespace parley::live_agent
