#pragma once

// Which browser pages of other origins may call this server (the Fetch standard's CORS protocol).
// Tokens travel in a header and never in a cookie, so no credentials are allowed. A value; any
// thread.

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace parley::http {

class Cors {
 public:
  /// No other origin may call: nothing is added to any answer.
  Cors() = default;

  /// `origins`: `*`, or exact origins such as `https://app.example.org`, separated by commas or
  /// spaces; empty: none. Throws Error{InvalidConfiguration} naming the first that is no origin.
  explicit Cors(std::string_view origins);

  /// True when `request` is a browser's question whether a call would be allowed; to be answered by
  /// `answer_preflight`, before anybody asks for a token.
  bool is_preflight(const Request& request) const;

  /// 204 with what is allowed, or 403 for an origin that is not.
  Response answer_preflight(const Request& request) const;

  /// Adds what lets a page read `response`, problems included.
  void add_headers(const Request& request, Response& response) const;

 private:
  bool is_on() const { return allows_all_ || !origins_.empty(); }
  bool allows(std::string_view origin) const;

  bool allows_all_ = false;
  std::vector<std::string> origins_;  ///< Lower case.
};

}  // namespace parley::http
