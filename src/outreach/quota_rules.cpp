#include "outreach/quota_rules.h"

#include <algorithm>

#include "base/check.h"

namespace parley::outreach {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours kKnownAhead{24 * 366 * 20};

/// Nothing: a day, which does not slide.
std::optional<std::chrono::microseconds> sliding_window(QuotaType type) {
  switch (type) {
    case QuotaType::MessagesPerMinute: return 60s;
    case QuotaType::MessagesPerHour: return 3600s;
    case QuotaType::MessagesPerDay: break;
  }
  return std::nullopt;
}

}  // namespace

DayCalendar::DayCalendar(const std::string& zone, Timestamp now)
    : stretches_(local_stretches(zone, now + kKnownAhead)) {
  PARLEY_CHECK(!stretches_.empty());
}

Timestamp DayCalendar::to_wall(Timestamp time) const {
  const auto stretch = std::ranges::find_if(stretches_, [&](const LocalStretch& each) {
    return !each.end || time + each.ahead_of_utc < *each.end;
  });
  return time + (stretch == stretches_.end() ? stretches_.back() : *stretch).ahead_of_utc;
}

Timestamp DayCalendar::from_wall(Timestamp wall) const {
  const auto stretch = std::ranges::find_if(
      stretches_, [&](const LocalStretch& each) { return !each.end || wall < *each.end; });
  return wall - (stretch == stretches_.end() ? stretches_.back() : *stretch).ahead_of_utc;
}

Timestamp DayCalendar::begin_of_day(Timestamp time) const {
  return from_wall(std::chrono::floor<std::chrono::days>(to_wall(time)));
}

Timestamp DayCalendar::end_of_day(Timestamp time) const {
  return from_wall(std::chrono::floor<std::chrono::days>(to_wall(time)) + std::chrono::days(1));
}

Timestamp window_begin(QuotaType type, Timestamp now, const DayCalendar& days) {
  const auto window = sliding_window(type);
  // What was taken exactly a window ago does not count any more.
  return window ? now - *window + 1us : days.begin_of_day(now);
}

std::chrono::microseconds resolution_of(QuotaType type) {
  switch (type) {
    case QuotaType::MessagesPerMinute: return 1s;
    case QuotaType::MessagesPerHour: return 10s;
    case QuotaType::MessagesPerDay: break;
  }
  return 1h;
}

std::vector<Taken> counting(const std::vector<Taken>& taken, QuotaType type, Timestamp now,
                            const DayCalendar& days) {
  const Timestamp begin = window_begin(type, now, days);
  std::vector<Taken> counted;
  std::ranges::copy_if(taken, std::back_inserter(counted),
                       [&](const Taken& each) { return each.at >= begin; });
  return counted;
}

std::int64_t usage_of(const std::vector<Taken>& taken) {
  std::int64_t usage = 0;
  for (const Taken& each : taken) usage += each.count;
  return usage;
}

QuotaLevel level_of(const Quota& quota, std::int64_t usage) {
  const auto reaches = [&](int percent) { return usage * 100 >= quota.limit * percent; };
  if (quota.critical_percent && reaches(*quota.critical_percent)) return QuotaLevel::Critical;
  return reaches(quota.warning_percent) ? QuotaLevel::Warning : QuotaLevel::Normal;
}

Timestamp available_at(const Quota& quota, std::int64_t limit, std::int64_t count,
                       const std::vector<Taken>& taken, Timestamp now, const DayCalendar& days) {
  PARLEY_CHECK(count <= limit);
  std::int64_t usage = usage_of(taken);
  if (usage + count <= limit) return now;
  const auto window = sliding_window(quota.type);
  if (!window) return days.end_of_day(now);
  Timestamp at = now;
  for (const Taken& each : taken) {
    usage -= each.count;
    at = each.at + *window;
    if (usage + count <= limit) break;
  }
  return at;
}

}  // namespace parley::outreach
