#pragma once

// A plain blocking reader of server-sent events for tests. One thread. Waits at most ten seconds
// for anything, then throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/http_client.h"

namespace parley::test {

struct ServerSentEvent {
  std::string id;
  std::string event;
  std::string data;  ///< Its lines joined by LF.
};

class EventStreamClient {
 public:
  /// Connects to 127.0.0.1 and asks. Throws std::runtime_error with status and body when the answer
  /// is no event stream.
  EventStreamClient(std::uint16_t port, std::string_view path, const HttpHeaders& headers = {});

  /// The next event; comments and `retry` are passed over.
  ServerSentEvent next();

  /// The next line as it is.
  std::string line() { return connection_.take_line("\n"); }

  /// True when the server ends the stream without another byte; waits for it.
  bool is_ended() { return connection_.is_closed_by_server(); }

  /// Ends the connection.
  void drop() { connection_.close(); }

  const HttpAnswer& answer() const { return answer_; }

 private:
  HttpClient connection_;
  HttpAnswer answer_;
};

}  // namespace parley::test
