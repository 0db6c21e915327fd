#pragma once

// The URL of a call to somebody else's server, taken apart. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::http {

struct Url {
  bool has_tls = false;  ///< `https`.
  std::string host;      ///< A name or an address; an IPv6 one without its brackets.
  std::uint16_t port = 80;
  std::string authority;  ///< Host and port as they were written: the `Host` header.
  std::string target;     ///< Path and query; at least `/`.

  bool operator==(const Url&) const = default;
};

/// Reads `http://` and `https://` URLs (RFC 3986); a fragment is left out. Throws
/// Error{InvalidArgument}, which does not repeat the text, for anything else, for a user or
/// password in it, and for characters that need percent-encoding.
Url parse_url(std::string_view text);

}  // namespace parley::http
