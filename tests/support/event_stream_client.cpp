#include "support/event_stream_client.h"

#include <fmt/format.h>

#include <stdexcept>

namespace parley::test {

EventStreamClient::EventStreamClient(std::uint16_t port, std::string_view path,
                                     const HttpHeaders& headers)
    : connection_(port) {
  answer_ = connection_.call("GET", path, headers);
  if (answer_.status != 200 || answer_.header("Content-Type") != "text/event-stream") {
    throw std::runtime_error(fmt::format("No event stream: {} {}", answer_.status, answer_.body));
  }
}

ServerSentEvent EventStreamClient::next() {
  ServerSentEvent event;
  bool has_data = false;
  while (true) {
    const std::string text = line();
    const std::string name = text.substr(0, text.find(':'));
    const std::string value = text.size() > name.size() + 1 ? text.substr(name.size() + 2) : "";
    if (name == "id") event.id = value;
    if (name == "event") event.event = value;
    if (name == "data") {
      if (has_data) event.data.push_back('\n');
      event.data += value;
      has_data = true;
    }
    if (text.empty() && has_data) return event;
  }
}

}  // namespace parley::test
