#include "base/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "base/error.h"

namespace parley {
namespace {

using std::chrono::seconds;
using Seconds = std::chrono::sys_seconds;

/// The zone that local time is of, put back at the end.
class LocalZone {
 public:
  explicit LocalZone(const std::string& zone) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    set(zone);
  }
  ~LocalZone() { before_ ? set(*before_) : unset(); }
  LocalZone(const LocalZone&) = delete;
  LocalZone& operator=(const LocalZone&) = delete;

  static void set(const std::string& zone) {
    setenv("TZ", zone.c_str(), 1);
    tzset();
  }

  seconds ahead_of_utc(Seconds instant) const {
    const std::time_t time = std::chrono::system_clock::to_time_t(instant);
    std::tm local{};
    localtime_r(&time, &local);
    return seconds(local.tm_gmtoff);
  }

 private:
  static void unset() {
    unsetenv("TZ");
    tzset();
  }

  std::optional<std::string> before_;
};

/// `+02:00`, `-0330`.
std::optional<seconds> distance_in(const std::string& zone) {
  std::string digits;
  for (const char c : zone.substr(zone.empty() ? 0 : 1)) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      digits += c;
    } else if (c != ':') {
      return std::nullopt;
    }
  }
  const bool has_sign = zone.starts_with('+') || zone.starts_with('-');
  if (!has_sign || digits.size() != 4) return std::nullopt;
  const int minutes = std::stoi(digits.substr(0, 2)) * 60 + std::stoi(digits.substr(2));
  return seconds((zone[0] == '-' ? -60 : 60) * minutes);
}

/// The C library takes a name that it does not know for UTC, and says nothing.
void require_known(const std::string& zone) {
  const char* folder = std::getenv("TZDIR");
  const std::filesystem::path file =
      std::filesystem::path(folder == nullptr ? "/usr/share/zoneinfo" : folder) / zone;
  std::error_code ignored;
  const bool is_plain =
      !zone.empty() && zone.front() != '/' && zone.find("..") == std::string::npos;
  if (zone == "UTC" || (is_plain && std::filesystem::is_regular_file(file, ignored))) return;
  throw Error(ErrorCode::InvalidArgument, fmt::format("There is no time zone '{}'", zone),
              "Give a name such as Europe/Berlin (package tzdata), or a distance such as +02:00.");
}

/// The first second at which the distance is no longer that of `from`. Requires: at `to` it is not.
Seconds change_between(const LocalZone& zone, Seconds from, Seconds to) {
  const seconds before = zone.ahead_of_utc(from);
  while (to - from > seconds(1)) {
    const Seconds middle = from + (to - from) / 2;
    (zone.ahead_of_utc(middle) == before ? from : to) = middle;
  }
  return to;
}

}  // namespace

std::vector<LocalStretch> local_stretches(const std::string& zone, Timestamp until) {
  if (const auto distance = distance_in(zone)) return {{.end = {}, .ahead_of_utc = *distance}};
  require_known(zone);
  const LocalZone local(zone);
  constexpr auto kStep = std::chrono::days(7);  // No zone changes twice in a week.
  std::vector<LocalStretch> stretches;
  seconds before = local.ahead_of_utc(Seconds{});
  for (Seconds at{}; at < until; at += kStep) {
    const seconds after = local.ahead_of_utc(at + kStep);
    if (before == after) continue;
    const Seconds change = change_between(local, at, at + kStep);
    stretches.push_back({.end = change + std::max(before, after), .ahead_of_utc = before});
    before = after;
  }
  stretches.push_back({.end = {}, .ahead_of_utc = before});
  return stretches;
}

void use_local_time_of(const std::string& zone) {
  require_known(zone);
  LocalZone::set(zone);
}

Timestamp from_local_time(Timestamp wall) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(wall - day);
  std::tm local{};
  local.tm_year = static_cast<int>(date.year()) - 1900;
  local.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  local.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
  local.tm_hour = static_cast<int>(time.hours().count());
  local.tm_min = static_cast<int>(time.minutes().count());
  local.tm_sec = static_cast<int>(time.seconds().count());
  local.tm_isdst = -1;
  return Timestamp(seconds(std::mktime(&local))) + time.subseconds();
}

}  // namespace parley
