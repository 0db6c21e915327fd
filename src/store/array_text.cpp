#include "store/array_text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/check.h"
#include "base/error.h"
#include "base/overloaded.h"

namespace parley::store::detail {
namespace {

/// In quotes, so that no content is taken for NULL, a brace or a comma.
void append_quoted(std::string& text, std::string_view content) {
  text += '"';
  while (true) {
    const std::size_t plain = content.find_first_of("\"\\");
    text += content.substr(0, plain);
    if (plain == std::string_view::npos) break;
    text += '\\';
    text += content[plain];
    content.remove_prefix(plain + 1);
  }
  text += '"';
}

void append_element(std::string& text, const Value& value) {
  std::visit(
      overloaded{
          [&](Null) { text += "NULL"; }, [&](bool truth) { text += truth ? 't' : 'f'; },
          [&](std::int64_t number) { fmt::format_to(std::back_inserter(text), "{}", number); },
          [&](double number) { fmt::format_to(std::back_inserter(text), "{}", number); },
          [&](const std::string& content) { append_quoted(text, content); },
          [&](const Blob&) { throw Error(ErrorCode::InvalidArgument, "bytes go into no array"); }},
      value);
}

}  // namespace

std::string array_text(std::span<const Value> values, std::size_t step) {
  PARLEY_CHECK(step >= 1);
  std::string text = "{";
  for (std::size_t i = 0; i < values.size(); i += step) {
    if (i > 0) text += ',';
    append_element(text, values[i]);
  }
  return text + '}';
}

}  // namespace parley::store::detail
