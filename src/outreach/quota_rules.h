#pragma once

// How many messages a user may send in a minute, an hour, a day: the arithmetic, without a
// database. Minute and hour slide: what counts at an instant is what was taken in the time before
// it. The day begins at midnight of a configured place. Values and pure functions; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

struct Quota {
  QuotaType type = QuotaType::MessagesPerDay;
  std::int64_t limit = 0;
  std::int64_t burst = 0;  ///< How many more may be taken by who asks for a burst.
  int warning_percent = 0;
  std::optional<int> critical_percent = std::nullopt;
};

/// How close to its limit a quota is.
enum class QuotaLevel { Normal, Warning, Critical };

/// What was taken at one time.
struct Taken {
  Timestamp at{};
  std::int64_t count = 0;
  std::int64_t of_burst = 0;  ///< How many of them were beyond the limit.
};

/// When days begin.
class DayCalendar {
 public:
  /// `zone` as for `local_stretches`, whose rules are read up to some years after `now`. Throws
  /// Error{InvalidArgument} when there is no such zone.
  DayCalendar(const std::string& zone, Timestamp now);

  /// The last midnight at or before `time`, and the first one after it.
  Timestamp begin_of_day(Timestamp time) const;
  Timestamp end_of_day(Timestamp time) const;

 private:
  Timestamp to_wall(Timestamp time) const;
  Timestamp from_wall(Timestamp wall) const;

  std::vector<LocalStretch> stretches_;
};

/// From when on what was taken counts at `now`.
Timestamp window_begin(QuotaType type, Timestamp now, const DayCalendar& days);

/// How exactly it is remembered when something was taken: what is taken within one of these is kept
/// as one, taken at its last instant.
std::chrono::microseconds resolution_of(QuotaType type);

/// What of `taken` counts at `now`, in its order.
std::vector<Taken> counting(const std::vector<Taken>& taken, QuotaType type, Timestamp now,
                            const DayCalendar& days);

std::int64_t usage_of(const std::vector<Taken>& taken);

QuotaLevel level_of(const Quota& quota, std::int64_t usage);

/// The first instant from `now` on at which `count` more than `limit` allows fit. `taken` is what
/// counts at `now`, oldest first. Requires: count ≤ limit.
Timestamp available_at(const Quota& quota, std::int64_t limit, std::int64_t count,
                       const std::vector<Taken>& taken, Timestamp now, const DayCalendar& days);

}  // namespace parley::outreach

namespace parley {

template <>
inline constexpr std::array<std::string_view, 3> words_of<outreach::QuotaLevel>{"normal", "warning",
                                                                                "critical"};

}  // namespace parley
