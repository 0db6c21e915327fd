#pragma once

// The event log of a namespace (design decision 6): what happened, numbered without gaps in the
// order of the commits, on every engine and with any number of writing nodes. That order comes from
// the one row of `event_log`: whoever appends moves its `last_offset` and so holds its lock until
// the commit, which is why the commit group does it last. A reader who has seen offset n therefore
// never meets a smaller one later.
//
// Functions run inside a transaction of the caller, on its thread, and throw what the driver
// throws.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/tables.h"
#include "store/unit_of_work.h"

namespace parley::store {

/// An event that is on disk.
struct LoggedEvent {
  std::int64_t offset = 0;
  Event event;
  Timestamp created_at{};
};

/// A place in a log: after the event of that offset. `epoch:offset` as text.
struct Cursor {
  std::string epoch;
  std::int64_t offset = 0;

  bool operator==(const Cursor&) const = default;
  std::string text() const;

  /// Nothing when `text` is no cursor: an epoch without colon, then a whole number ≥ 0.
  static std::optional<Cursor> parse(std::string_view text);
};

/// What of the log can still be read.
struct LogState {
  Cursor end;  ///< After the newest event.
  std::int64_t first_offset =
      1;  ///< Of the oldest event that is kept; one past the end when none is.

  /// Every event after `cursor` is there.
  bool reaches(const Cursor& cursor) const;
};

/// Gives the events their offsets and stores them. The log is created by the first append or
/// `open_log`.
std::vector<LoggedEvent> append_events(database::Connection& connection, std::vector<Event> events,
                                       Timestamp now);

/// Makes the row of `event_log` with a new epoch, when it is missing. Requires: a write
/// transaction.
void open_log(database::Connection& connection);

/// Nothing before `open_log`.
std::optional<LogState> log_state(database::Connection& connection);

/// The oldest events after `offset`, at most `count_max`.
std::vector<LoggedEvent> events_after(database::Connection& connection, std::int64_t offset,
                                      std::int64_t count_max);

/// The offset of the last event that was created before `limit`; one less than that of the oldest
/// kept event when there is none.
std::int64_t last_offset_before(database::Connection& connection, Timestamp limit);

/// Deletes the oldest events that were created before `limit`, at most `count_max`; returns how
/// many. The newest event always stays.
std::int64_t prune_events(database::Connection& connection, Timestamp limit,
                          std::int64_t count_max);

}  // namespace parley::store
