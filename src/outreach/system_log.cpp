#include "outreach/system_log.h"

#include "outreach/names.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

constexpr const char* kMigrated = "Migrated";

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void add_line(database::Connection& connection, const LogLine& line, Timestamp now) {
  store::insert(connection, SystemLogRow{.id = make_log_id("system", now),
                                         .timestamp = now,
                                         .level = word(line.level),
                                         .component = word(line.component),
                                         .message = line.message,
                                         .details = unless_empty(line.details),
                                         .user_id = unless_empty(line.user_id),
                                         .session_id = unless_empty(line.session_id),
                                         .created_at = {}});
}

void add_revisions(database::Connection& connection, const std::string& revisions, Timestamp now) {
  const auto last = store::select<SystemLogRow>()
                        .where(store::equals<&SystemLogRow::message>(kMigrated))
                        .order_by<&SystemLogRow::timestamp>(store::Order::Descending)
                        .first(connection);
  if (last && last->details == revisions) return;
  add_line(connection, {.message = kMigrated, .details = revisions}, now);
}

std::function<bool()> logged_round(Component component, std::string what,
                                   std::function<bool()> round, store::Store& store) {
  return [component, what = std::move(what), round = std::move(round), &store] {
    try {
      return round();
    } catch (const std::exception& error) {
      store.write(
          [line = LogLine{.level = LogLevel::Error,
                          .component = component,
                          .message = what + " failed",
                          .details = error.what()},
           now = store.now()](store::UnitOfWork& unit) { add_line(unit.connection, line, now); },
          [](const std::exception_ptr&) {});  // The loop writes it into the server's log as well.
      throw;
    }
  };
}

std::int64_t forget_lines(database::Connection& connection, Timestamp limit) {
  return store::erase(connection, store::less<&SystemLogRow::timestamp>(limit));
}

}  // namespace parley::outreach
