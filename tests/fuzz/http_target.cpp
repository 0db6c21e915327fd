// What the target of a request is taken apart into can be stored, and can be written again.

#include <fmt/format.h>

#include "base/text.h"
#include "fuzz.h"
#include "http/target.h"

namespace {

/// An encoded slash would be refused in a path.
std::string encoded(std::string_view text) {
  std::string encoded;
  for (const char byte : text) {
    if (byte == '/') {
      encoded += byte;
      continue;
    }
    fmt::format_to(std::back_inserter(encoded), "%{:02x}", static_cast<unsigned char>(byte));
  }
  return encoded;
}

std::string target_of(const parley::http::Request& request) {
  std::string target = "/" + encoded(std::string_view(request.path).substr(1)) + "?";
  for (const auto& [name, value] : request.query)
    target.append(encoded(name)).append("=").append(encoded(value)).append("&");
  return target;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using parley::fuzz::require;
  const std::string_view target = parley::fuzz::text_of(data, size);
  const std::string_view raw = parley::http::raw_path(target);
  require(raw.find('?') == std::string_view::npos, "a log line holds no query");
  parley::http::Request request;
  if (!parley::http::read_target(target, request)) return 0;
  require(parley::is_storable_text(request.path), "a path is text");
  for (const auto& [name, value] : request.query)
    require(parley::is_storable_text(name) && parley::is_storable_text(value), "a query is text");
  if (!request.path.starts_with('/')) return 0;
  parley::http::Request again;
  require(parley::http::read_target(target_of(request), again), "what was read can be written");
  require(again.path == request.path && again.query == request.query, "and means the same");
  return 0;
}
