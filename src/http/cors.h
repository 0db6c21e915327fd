#pragma once

// Which browser pages of other origins may call this server (the Fetch standard's CORS protocol).
// Origins that are named may call with credentials, as clients do that always say so; the tokens
// themselves travel in a header. A value; any thread.

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
  /// spaces; empty: none. Every origin, without credentials, may call the paths that begin with one
  /// of `open_prefixes`: those made for the pages of strangers. Throws Error{InvalidConfiguration}
  /// naming the first that is no origin.
  explicit Cors(std::string_view origins, std::vector<std::string> open_prefixes = {});

  /// True when `request` is a browser's question whether a call would be allowed; to be answered by
  /// `answer_preflight`, before anybody asks for a token.
  bool is_preflight(const Request& request) const;

  /// 204 with what is allowed, or 403 for an origin that is not.
  Response answer_preflight(const Request& request) const;

  /// Adds what lets a page read `response`, problems included.
  void add_headers(const Request& request, Response& response) const;

 private:
  bool is_on() const { return allows_all_ || !origins_.empty(); }
  bool allows_any(const Request& request) const;
  bool allows(const Request& request) const;

  bool allows_all_ = false;
  std::vector<std::string> origins_;  ///< Lower case.
  std::vector<std::string> open_prefixes_;
};

}  // namespace parley::http
