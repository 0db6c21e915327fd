#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace parley::http {
namespace {

[[noreturn]] void refuse(std::string_view reason) {
  throw Error(ErrorCode::InvalidArgument, fmt::format("The URL cannot be called: {}.", reason),
              "Write http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH.");
}

bool is_visible_ascii(char c) { return c > ' ' && c < '\x7f'; }

/// Takes the part in front of the first of `ends` off `rest`.
std::string_view take_to(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

std::uint16_t read_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, problem] = std::from_chars(digits.data(), end, port);
  if (problem != std::errc() || rest != end || port == 0) refuse("its port is no number");
  return port;
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
void read_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos) refuse("it holds a user or password");
  url.authority = std::string(authority);
  std::string_view rest = authority;
  if (rest.starts_with('[')) {
    rest.remove_prefix(1);
    url.host = std::string(take_to(rest, "]"));
    if (rest.empty()) refuse("the bracket of its address is not closed");
    rest.remove_prefix(1);
  } else {
    url.host = std::string(take_to(rest, ":"));
  }
  if (url.host.empty()) refuse("it names no host");
  if (rest.empty()) return;
  if (!rest.starts_with(':')) refuse("its host cannot be read");
  url.port = read_port(rest.substr(1));
}

}  // namespace

Url parse_url(std::string_view text) {
  if (!std::ranges::all_of(text, is_visible_ascii)) {
    refuse("it has characters that must be percent-encoded");
  }
  std::string_view rest = text;
  const std::string_view scheme = take_to(rest, ":");
  Url url;
  url.has_tls = equals_ignoring_case(scheme, "https");
  if (!url.has_tls && !equals_ignoring_case(scheme, "http")) refuse("it is not http or https");
  url.port = url.has_tls ? 443 : 80;
  if (!rest.starts_with("://")) refuse("it has no // behind its scheme");
  rest.remove_prefix(3);
  read_authority(take_to(rest, "/?#"), url);
  const std::string_view target = take_to(rest, "#");
  url.target = fmt::format("{}{}", target.starts_with('/') ? "" : "/", target);
  return url;
}

}  // namespace parley::http
