#include "outreach/cursor.h"

#include <fmt/format.h>

#include <charconv>

#include "base/crypto.h"
#include "base/text.h"
#include "outreach/problems.h"

namespace parley::outreach {
namespace {

std::string hash_of(std::string_view filters) { return to_hex(sha256(filters)).substr(0, 16); }

[[noreturn]] void refuse() {
  http::Problem problem = http::bad_request("The cursor is none of this list");
  problem.code = "invalid_cursor";
  throw problem;
}

}  // namespace

std::string list_cursor(std::string_view filters, const ListPosition& position) {
  return base64url(fmt::format("{}.{}.{}", hash_of(filters),
                               position.time.time_since_epoch().count(), position.id));
}

ListPosition read_list_cursor(std::string_view filters, std::string_view cursor) {
  const std::optional<std::string> text = decode_base64url(cursor);
  if (!text || !is_storable_text(*text)) refuse();
  const std::size_t first = text->find('.');
  const std::size_t second = text->find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) refuse();
  std::int64_t microseconds = 0;
  const char* const end = text->data() + second;
  const auto [stop, error] = std::from_chars(text->data() + first + 1, end, microseconds);
  if (error != std::errc() || stop != end) refuse();
  if (text->substr(0, first) != hash_of(filters)) throw cursor_mismatch();
  return {Timestamp(std::chrono::microseconds(microseconds)), text->substr(second + 1)};
}

}  // namespace parley::outreach
