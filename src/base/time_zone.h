#pragma once

// How far the local time of a place was from UTC, over the years: what it takes to read times that
// a program wrote down without saying where its clock stood. The rules are the system's (tzdata).
// Requires: no other thread reads or writes the environment meanwhile.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace parley {

/// A stretch of local time with one distance to UTC.
struct LocalStretch {
  /// Where it ends by the clock on the wall; nothing: it is the last. An hour that the clock showed
  /// twice belongs to the stretch before, one that it skipped as well.
  std::optional<Timestamp> end;
  std::chrono::seconds ahead_of_utc{0};

  bool operator==(const LocalStretch&) const = default;
};

/// The stretches from 1970 to `until`, in order. `zone` is a name of the system's zones
/// (`Europe/Berlin`), `UTC`, or a distance (`+02:00`). Throws Error{InvalidArgument} when there is
/// no such zone.
std::vector<LocalStretch> local_stretches(const std::string& zone, Timestamp until);

/// Makes `zone`, a name of the system's zones, the local time of this process. Throws as
/// `local_stretches`.
void use_local_time_of(const std::string& zone);

/// The instant at which clocks of this process's local time show `wall`; an hour that they show
/// twice is the earlier one. Any thread.
Timestamp from_local_time(Timestamp wall);

}  // namespace parley
