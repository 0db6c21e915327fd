#pragma once

// The text in front of a response's body: status line and header fields (RFC 9112 section 4), made
// by fmt in one string, because that is many times faster than a serializer of fields. Values; one
// thread each.

#include <chrono>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parley::http {

/// The value of `Date` (RFC 9110 section 6.6.1), made anew only when the second has changed.
class DateText {
 public:
  std::string_view at(std::chrono::sys_seconds now);

 private:
  std::chrono::sys_seconds second_{};
  std::string text_;
};

enum class AfterAnswer {
  KeepOpen,
  Close,
  Stream,   ///< The body has no known length and ends when the connection does.
  Chunked,  ///< The body has no known length and says where it ends; the connection stays open.
  ChunkedClose,  ///< The same, and the connection is closed.
};

/// The head of `response`, with its final empty line. The server's own fields (Date,
/// Content-Length, Connection, Transfer-Encoding, X-Request-Id, X-Content-Type-Options) are left
/// out of `response.headers`, and so is, with a line in the log, a field that would break the
/// framing: a name that is no token, a value with control characters. `Upgrade` brings the
/// `Connection` option that belongs to it.
std::string response_head(const Response& response, std::string_view request_id,
                          std::string_view date, AfterAnswer after);

/// True for a status whose answers never have a body (RFC 9110 section 6.4.1): 1xx, 204, 304.
bool has_no_body(int status);

}  // namespace parley::http
