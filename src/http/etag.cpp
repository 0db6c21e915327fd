#include "http/etag.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"

namespace parley::http {
namespace {

constexpr std::size_t kDigestBytes = 12;

std::string_view without_weakness(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

/// True when `list`, the value of a condition, names `tag`. Commas inside a tag do not occur in
/// ours.
bool names(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    const std::string_view wanted = trim(item);
    if (wanted == "*" || without_weakness(wanted) == without_weakness(tag)) return true;
  }
  return false;
}

}  // namespace

std::string etag_of(std::initializer_list<std::string_view> state) {
  std::string text;
  for (const std::string_view part : state) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return fmt::format("\"{}\"", to_hex(std::string_view(sha256(text)).substr(0, kDigestBytes)));
}

bool fits_if_match(const Request& request, std::string_view current) {
  const std::string_view condition = request.header("If-Match");
  return condition.empty() || names(condition, current);
}

Problem precondition_failed(std::string detail) {
  return {412, "precondition_failed", std::move(detail), {}, {}};
}

bool is_known_to_client(const Request& request, std::string_view current) {
  return names(request.header("If-None-Match"), current);
}

Response not_modified(std::string_view current) {
  Response response;
  response.status = 304;
  response.headers.emplace_back("ETag", std::string(current));
  return response;
}

}  // namespace parley::http
