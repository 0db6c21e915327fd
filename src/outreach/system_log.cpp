#include "outreach/system_log.h"

#include "outreach/names.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

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

std::int64_t forget_lines(database::Connection& connection, Timestamp limit) {
  return store::erase(connection, store::less<&SystemLogRow::timestamp>(limit));
}

}  // namespace parley::outreach
