#include "outreach/system_log.h"

#include <fmt/format.h>

#include "outreach/names.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

SystemLogRow row_of(const LogLine& line, std::string id, Timestamp at) {
  return {.id = std::move(id),
          .timestamp = at,
          .level = word(line.level),
          .component = word(line.component),
          .message = line.message,
          .details = unless_empty(line.details),
          .user_id = unless_empty(line.user_id),
          .session_id = unless_empty(line.session_id),
          .created_at = {}};
}

LogLine line_of(const SchemaEvent& event) {
  const bool has_failed = event.end == SchemaEvent::End::Failed;
  return {.level = has_failed ? LogLevel::Error : LogLevel::Info,
          .component = Component::Database,
          .message = event.text};
}

}  // namespace

void add_line(database::Connection& connection, const LogLine& line, Timestamp now) {
  store::insert(connection, row_of(line, make_log_id("system", now), now));
}

void add_schema_events(database::Connection& connection, std::span<const SchemaEvent> events,
                       Timestamp since) {
  for (const SchemaEvent& event : events) {
    // Its id says whether it was told already.
    const std::string id = fmt::format("system_schema_{}", event.id);
    if (event.at < since || store::exists(connection, store::equals<&SystemLogRow::id>(id)))
      continue;
    store::insert(connection, row_of(line_of(event), id, event.at));
  }
}

std::int64_t forget_lines(database::Connection& connection, Timestamp limit) {
  return store::erase(connection, store::less<&SystemLogRow::timestamp>(limit));
}

}  // namespace parley::outreach
