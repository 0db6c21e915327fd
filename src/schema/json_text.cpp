#include "schema/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "base/json_number.h"

namespace parley::schema {
namespace {

/// RFC 8259 section 7: these must be escaped, and nothing else.
bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

}  // namespace

void append_json(std::string& text, bool value) { text += value ? "true" : "false"; }
void append_json(std::string& text, std::int64_t value) {
  std::array<char, 24> digits;
  const auto [end, problem] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  PARLEY_CHECK(problem == std::errc());
  text.append(digits.data(), end);
}
void append_json(std::string& text, double value) { append_number(text, value); }
void append_json(std::string& text, const Json& value) {
  if (value.is_null()) {
    text += "null";
  } else {
    text += to_text(value);
  }
}
void append_json(std::string& text, Timestamp value) {
  text += '"';
  text += format_rfc3339(value);
  text += '"';
}
void append_json(std::string& text, std::string_view value) {
  if (!std::ranges::all_of(value, is_plain)) {
    text += json::serialize(json::string_view(value.data(), value.size()));
    return;
  }
  text += '"';
  text += value;
  text += '"';
}

}  // namespace parley::schema
