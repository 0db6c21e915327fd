#include "live_agent/queries.h"

namespace parley::live_agent {
namespace {

using store::detail::append;
using store::detail::Name;
using store::detail::name_of;
using store::detail::Pieces;
using store::detail::read;
using store::detail::Rows;

template <class Row>
void append_where(Pieces& statement, const store::Condition<Row>& condition) {
  if (condition.pieces().empty()) return;
  statement.emplace_back(" WHERE ");
  append(statement, condition.pieces());
}

/// `MIN(CASE WHEN sender_type = … THEN created_at END)`
Pieces first_of(Side side) {
  return {"MIN(CASE WHEN ", name_of<&MessageRow::sender_type>(), " = ",  Value(word(side)),
          " THEN ",         name_of<&MessageRow::created_at>(),  " END)"};
}

}  // namespace

std::vector<DayStatusCount> count_sessions_by_day(database::Connection& connection,
                                                  const store::Condition<SessionRow>& condition) {
  // As text, a date-time starts with its day in every engine; SQLite's DATE type is another matter
  // (SQLite documentation, "Datatypes", 2.2).
  Pieces statement{"SELECT SUBSTR(CAST(",     name_of<&SessionRow::created_at>(),
                   " AS CHAR(26)), 1, 10), ", name_of<&SessionRow::status>(),
                   ", COUNT(*) FROM ",        Name{schema::table_name<SessionRow>()}};
  append_where(statement, condition);
  statement.emplace_back(" GROUP BY 1, 2 ORDER BY 1");
  std::vector<DayStatusCount> counts;
  Rows rows(connection, statement);
  while (rows.next()) {
    counts.push_back({.date = read<std::string>(rows, 0),
                      .status = read<std::optional<std::string>>(rows, 1),
                      .sessions = read<std::int64_t>(rows, 2)});
  }
  return counts;
}

std::vector<FirstMessages> first_messages(database::Connection& connection,
                                          const store::Condition<SessionRow>& condition) {
  Pieces statement{"SELECT "};
  append(statement, first_of(Side::User));
  statement.emplace_back(", ");
  append(statement, first_of(Side::Agent));
  append(statement, {" FROM ", Name{schema::table_name<MessageRow>()}, " WHERE ",
                     name_of<&MessageRow::session_id>(), " IN (SELECT ", name_of<&SessionRow::id>(),
                     " FROM ", Name{schema::table_name<SessionRow>()}});
  append_where(statement, condition);
  append(statement, {") GROUP BY ", name_of<&MessageRow::session_id>()});
  std::vector<FirstMessages> found;
  Rows rows(connection, statement);
  while (rows.next()) {
    const auto from_user = read<std::optional<Timestamp>>(rows, 0);
    const auto from_agent = read<std::optional<Timestamp>>(rows, 1);
    if (from_user && from_agent)
      found.push_back({.from_user = *from_user, .from_agent = *from_agent});
  }
  return found;
}

void recount_unread(database::Connection& connection, const std::string& session_id, Side reader,
                    const store::Condition<MessageRow>& unread, Timestamp now) {
  Pieces statement{"UPDATE ",
                   Name{schema::table_name<SessionRow>()},
                   " SET ",
                   name_of<&SessionRow::updated_at>(),
                   " = ",
                   schema::to_value(now),
                   ", ",
                   reader == Side::User ? name_of<&SessionRow::unread_count_user>()
                                        : name_of<&SessionRow::unread_count_agent>(),
                   " = (SELECT COUNT(*) FROM ",
                   Name{schema::table_name<MessageRow>()}};
  append_where(statement, unread);
  statement.emplace_back(")");
  append_where(statement, store::equals<&SessionRow::id>(session_id));
  const Rows updated(connection, statement);
}

}  // namespace parley::live_agent
