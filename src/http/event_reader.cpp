#include "http/event_reader.h"

#include <utility>

namespace parley::http {

void EventReader::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (std::exchange(skips_line_feed_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const std::size_t end = piece.find_first_of("\r\n");
    line_ += piece.substr(0, end);
    if (end == std::string_view::npos) return;
    skips_line_feed_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    take_line(std::exchange(line_, {}));
  }
}

void EventReader::take_line(std::string_view line) {
  if (line.empty()) {
    if (!std::exchange(has_data_, false)) return;
    on_event_(std::exchange(data_, {}));
    return;
  }
  const std::size_t colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (std::exchange(has_data_, true)) data_ += '\n';
  data_ += value;
}

}  // namespace parley::http
