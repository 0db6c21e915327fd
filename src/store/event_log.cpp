#include "store/event_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/ids.h"
#include "store/query.h"

namespace parley::store {
namespace {

constexpr std::int64_t kLogId = 1;

Condition<EventLogRow> the_log() { return equals<&EventLogRow::id>(kLogId); }

std::optional<EventLogRow> find_log(database::Connection& connection) {
  return select<EventLogRow>().where(the_log()).first(connection);
}

std::optional<std::int64_t> advance_log(database::Connection& connection, std::int64_t by) {
  return advance<&EventLogRow::last_offset>(connection, the_log(), by);
}

LoggedEvent event_of(EventRow row) {
  return {row.offset,
          {std::move(row.kind), std::move(row.topic), std::move(row.audience), std::move(row.data)},
          row.created_at};
}

/// The events as they follow the one of `offset`.
std::vector<EventRow> rows_of(std::vector<Event> events, std::int64_t offset, Timestamp now) {
  std::vector<EventRow> rows;
  rows.reserve(events.size());
  for (Event& event : events) {
    rows.push_back({++offset, std::move(event.kind), std::move(event.topic),
                    std::move(event.audience), std::move(event.data), now});
  }
  return rows;
}

// Times follow offsets, so the first event that is young enough ends the search, and no index on
// the time is needed, which every write would pay for.
std::int64_t last_old_offset(database::Connection& connection, Timestamp limit, std::int64_t before,
                             std::int64_t last) {
  std::int64_t last_old = before;
  std::int64_t first_young = last + 1;
  while (last_old + 1 < first_young) {
    const std::int64_t middle = last_old + (first_young - last_old) / 2;
    const auto row = select<EventRow>().where(equals<&EventRow::offset>(middle)).first(connection);
    const bool is_old = !row || row->created_at < limit;
    (is_old ? last_old : first_young) = middle;
  }
  return last_old;
}

}  // namespace

std::string Cursor::text() const { return fmt::format("{}:{}", epoch, offset); }

std::optional<Cursor> Cursor::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  Cursor cursor{.epoch = std::string(text.substr(0, colon))};
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data() + colon + 1, end, cursor.offset);
  const bool is_number = problem == std::errc() && rest == end && cursor.offset >= 0;
  return is_number ? std::optional(cursor) : std::nullopt;
}

bool LogState::reaches(const Cursor& cursor) const {
  return cursor.epoch == end.epoch && cursor.offset <= end.offset &&
         cursor.offset + 1 >= first_offset;
}

std::vector<LoggedEvent> append_events(database::Connection& connection, std::vector<Event> events,
                                       Timestamp now) {
  PARLEY_CHECK(!events.empty());
  const auto count = static_cast<std::int64_t>(events.size());
  std::optional<std::int64_t> last = advance_log(connection, count);
  if (!last) {
    open_log(connection);
    last = advance_log(connection, count);
    PARLEY_CHECK(last);
  }
  std::vector<EventRow> rows = rows_of(std::move(events), *last - count, now);
  insert_many(connection, rows);
  std::vector<LoggedEvent> logged;
  logged.reserve(rows.size());
  for (EventRow& row : rows) logged.push_back(event_of(std::move(row)));
  return logged;
}

void open_log(database::Connection& connection) {
  if (!find_log(connection)) insert(connection, EventLogRow{kLogId, make_uuid(), 0});
}

std::optional<LogState> log_state(database::Connection& connection) {
  const std::optional<EventLogRow> log = find_log(connection);
  if (!log) return std::nullopt;
  const auto first = min<&EventRow::offset>(connection);
  return LogState{.end = {.epoch = log->epoch, .offset = log->last_offset},
                  .first_offset = first.value_or(log->last_offset + 1)};
}

std::vector<LoggedEvent> events_after(database::Connection& connection, std::int64_t offset,
                                      std::int64_t count_max) {
  std::vector<LoggedEvent> events;
  for (EventRow& row : select<EventRow>()
                           .where(greater<&EventRow::offset>(offset))
                           .order_by<&EventRow::offset>()
                           .limit(count_max)
                           .all(connection)) {
    events.push_back(event_of(std::move(row)));
  }
  return events;
}

std::int64_t last_offset_before(database::Connection& connection, Timestamp limit) {
  const std::optional<LogState> state = log_state(connection);
  if (!state) return 0;
  return last_old_offset(connection, limit, state->first_offset - 1, state->end.offset);
}

std::int64_t prune_events(database::Connection& connection, Timestamp limit,
                          std::int64_t count_max) {
  const std::optional<LogState> state = log_state(connection);
  if (!state || state->first_offset >= state->end.offset) return 0;
  const std::int64_t before = state->first_offset - 1;
  const std::int64_t last = std::min(state->end.offset - 1, before + count_max);
  const std::int64_t last_old = last_old_offset(connection, limit, before, last);
  return erase(connection, less_or_equal<&EventRow::offset>(last_old));
}

}  // namespace parley::store
