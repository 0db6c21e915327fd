#include "http/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string>

namespace parley::http {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// `Sun, 06 Nov 1994 08:49:37 GMT`, by way of the form that the clock reads.
std::optional<Timestamp> http_date(std::string_view text) {
  constexpr std::size_t kLength = 29;
  if (text.size() != kLength || !text.ends_with(" GMT")) return std::nullopt;
  const auto* const month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const std::string number = std::to_string(101 + (month - kMonths.begin())).substr(1);
  const std::string day(text.substr(5, 2));
  const std::string year(text.substr(12, 4));
  return parse_timestamp(year + "-" + number + "-" + day + " " + std::string(text.substr(17, 8)));
}

}  // namespace

std::optional<std::chrono::milliseconds> retry_after(std::string_view value, Timestamp now) {
  std::uint32_t seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, problem] = std::from_chars(value.data(), end, seconds);
  if (problem == std::errc() && rest == end) return std::chrono::seconds(seconds);
  const auto date = http_date(value);
  if (!date) return std::nullopt;
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*date - now);
  return std::max(wait, std::chrono::milliseconds(0));
}

}  // namespace parley::http
