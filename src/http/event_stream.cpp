#include "http/event_stream.h"

#include <fmt/format.h>

#include "base/check.h"

namespace parley::http {
namespace {

bool has_line_break(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

void append_field(std::string& stream, std::string_view name, std::string_view value) {
  stream.append(name);
  stream.append(": ");
  stream.append(value);
  stream.push_back('\n');
}

/// Takes the first line off `text`. A line ends with CR LF, LF or CR, as the reader sees it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(line.size());
  text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
  return line;
}

}  // namespace

std::string event_stream_text(std::string_view id, std::string_view event, std::string_view text) {
  PARLEY_CHECK(!has_line_break(id) && !has_line_break(event));
  PARLEY_CHECK(id.find('\0') == std::string_view::npos);
  constexpr std::size_t kFieldNames = 24;
  std::string stream;
  stream.reserve(kFieldNames + id.size() + event.size() + text.size());
  if (!id.empty()) append_field(stream, "id", id);
  if (!event.empty()) append_field(stream, "event", event);
  while (has_line_break(text)) append_field(stream, "data", take_line(text));
  append_field(stream, "data", text);
  stream.push_back('\n');
  return stream;
}

std::string event_stream_opening(std::chrono::milliseconds retry) {
  return fmt::format("retry: {}\n\n", retry.count());
}

}  // namespace parley::http
