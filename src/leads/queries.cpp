#include "leads/queries.h"

#include "base/text.h"

namespace parley::leads {
namespace {

using store::detail::Name;
using store::detail::name_of;
using store::detail::Pieces;
using store::detail::read;
using store::detail::Rows;

/// The text as a pattern of LIKE in which nothing but the ends is a wild card; `!` escapes, which
/// no engine takes for anything else.
std::string pattern_of(std::string_view text) {
  std::string pattern = "%";
  for (const char each : text) {
    if (each == '%' || each == '_' || each == '!') pattern += '!';
    pattern += each;
  }
  return pattern + '%';
}

template <auto Member>
std::int64_t sum_of(database::Connection& connection) {
  Rows rows(connection, {"SELECT COALESCE(SUM(", name_of<Member>(), "), 0) FROM ",
                         Name{schema::table_name<store::RowOf<Member>>()}});
  rows.next();
  return read<std::int64_t>(rows, 0);
}

}  // namespace

Pieces detail::contains_text(Name column, std::string_view text) {
  return {"LOWER(", column, ") LIKE ", Value(pattern_of(lower(text))), " ESCAPE '!'"};
}

store::Condition<FollowUpTaskRow> waits_for_no_other() {
  constexpr Name needed = name_of<&FollowUpTaskRow::depends_on_task_id>();
  return store::Condition<FollowUpTaskRow>(
      {"(", needed, " IS NULL OR ", needed, " NOT IN (SELECT ", name_of<&FollowUpTaskRow::id>(),
       " FROM ", Name{schema::table_name<FollowUpTaskRow>()}, " WHERE ",
       name_of<&FollowUpTaskRow::status>(), " = ", Value(std::string("pending")), "))"});
}

std::int64_t count_session_messages(database::Connection& connection) {
  return sum_of<&AgentSessionRow::message_count>(connection);
}

std::int64_t count_interactions(database::Connection& connection) {
  return sum_of<&AgentRow::total_interactions>(connection);
}

}  // namespace parley::leads
