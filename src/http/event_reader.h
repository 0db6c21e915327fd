#pragma once

// Reads a stream of server-sent events (WHATWG HTML, section 9.2) from pieces that are cut
// anywhere, and hands on the data of each event. Names, ids and comments are read over. One thread
// at a time.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace parley::http {

class EventReader {
 public:
  /// Gets the lines of `data` of an event, joined with newlines; never for an event without any.
  using OnEvent = std::function<void(std::string_view)>;

  explicit EventReader(OnEvent on_event) : on_event_(std::move(on_event)) {}

  /// Reads on. What `on_event` throws ends the reading. The caller bounds the bytes.
  void feed(std::string_view piece);

 private:
  void take_line(std::string_view line);

  OnEvent on_event_;
  std::string line_;
  std::string data_;
  bool has_data_ = false;
  bool skips_line_feed_ = false;  ///< A carriage return was last; a line feed belongs to it.
};

}  // namespace parley::http
