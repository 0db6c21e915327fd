#include "outreach/queries.h"

#include <algorithm>
#include <array>
#include <future>
#include <map>

#include "outreach/sessions.h"
#include "schema/convert.h"

namespace parley::outreach {
namespace {

using store::Condition;
using store::RowOf;
using store::detail::append;
using store::detail::IsoTime;
using store::detail::Name;
using store::detail::name_of;
using store::detail::Pieces;
using store::detail::read;
using store::detail::Rows;

/// The form in which this program writes times. Only a database whose times are text has others.
constexpr const char* kOwnForm = "'____-__-__T__:__:__.______+00:00'";

template <auto Member>
bool has_other_form(database::Connection& connection) {
  return store::exists(connection,
                       Condition<RowOf<Member>>({name_of<Member>(), " NOT LIKE ", kOwnForm}));
}

/// The instant of a time in whatever form, as a text in our own; NULL for what is no time. A `T`
/// without a zone is local time (SQLite documentation, "Date And Time Functions", modifier `utc`).
Pieces instant_of(Name column) {
  return {"(CASE WHEN ",
          column,
          " LIKE ",
          kOwnForm,
          " THEN ",
          column,
          " WHEN substr(",
          column,
          ", 11, 1) = 'T' AND substr(",
          column,
          ", 20) NOT GLOB '*[-+Zz]*' THEN strftime('%Y-%m-%dT%H:%M:%S', substr(",
          column,
          ", 1, 19), 'utc') ELSE strftime('%Y-%m-%dT%H:%M:%S', ",
          column,
          ") END || CASE WHEN ",
          column,
          " LIKE ",
          kOwnForm,
          " THEN '' WHEN substr(",
          column,
          ", 20, 1) = '.' THEN printf('.%06d+00:00', CAST(round(CAST(substr(",
          column,
          ", 20) AS REAL) * 1000000) AS INTEGER)) ELSE '.000000+00:00' END)"};
}

Pieces with_instant(const char* before, Name column, Pieces after) {
  Pieces pieces{before};
  append(pieces, instant_of(column));
  append(pieces, after);
  return pieces;
}

IsoTime time_value(Timestamp time) { return {schema::to_value(time)}; }

template <auto Time>
Condition<RowOf<Time>> since_of(Times times, Timestamp since) {
  if (times == Times::Comparable) return store::greater_or_equal<Time>(since);
  return Condition<RowOf<Time>>(
      with_instant("COALESCE(", name_of<Time>(), {" >= ", time_value(since), ", 1)"}));
}

template <auto Time>
Condition<RowOf<Time>> before_of(Times times, Timestamp limit) {
  if (times == Times::Comparable) return store::less<Time>(limit);
  return Condition<RowOf<Time>>(
      with_instant("COALESCE(", name_of<Time>(), {" < ", time_value(limit), ", 0)"}));
}

/// Behind the position. The first half is there for the index.
template <auto Time, auto Id>
Condition<RowOf<Time>> behind(const ListPosition& position) {
  return store::all_of(
      store::less_or_equal<Time>(position.time),
      store::any_of(store::less<Time>(position.time), store::less<Id>(position.id)));
}

template <auto Time, auto Id>
std::vector<RowOf<Time>> by_index(database::Connection& connection,
                                  const Condition<RowOf<Time>>& condition,
                                  const std::optional<ListPosition>& after,
                                  std::int64_t count_max) {
  return store::select<RowOf<Time>>()
      .where(after ? store::all_of(condition, behind<Time, Id>(*after)) : condition)
      .template order_by<Time>(store::Order::Descending)
      .template order_by<Id>(store::Order::Descending)
      .limit(count_max)
      .all(connection);
}

/// Ids by instant: every row is looked at, which is the price of times that cannot be compared.
template <auto Time, auto Id>
std::vector<std::string> ids_by_instant(database::Connection& connection,
                                        const Condition<RowOf<Time>>& condition,
                                        const std::optional<ListPosition>& after,
                                        std::int64_t count_max) {
  Pieces statement{"SELECT ", name_of<Id>(), " FROM ", Name{schema::table_name<RowOf<Time>>()},
                   " WHERE 1 = 1"};
  if (!condition.pieces().empty()) {
    statement.emplace_back(" AND ");
    append(statement, condition.pieces());
  }
  if (after) {
    const bool is_unreadable = after->time == schema::kUnreadableTime;
    append(statement, with_instant(" AND (COALESCE(", name_of<Time>(), {", ''), "}));
    append(statement, {name_of<Id>(), ") < ("});
    is_unreadable ? statement.emplace_back("''") : statement.emplace_back(time_value(after->time));
    append(statement, {", ", Value(after->id), ")"});
  }
  append(statement, with_instant(" ORDER BY COALESCE(", name_of<Time>(), {", '') DESC, "}));
  append(statement, {name_of<Id>(), " DESC LIMIT ", Value(count_max)});
  std::vector<std::string> ids;
  Rows rows(connection, statement);
  while (rows.next()) ids.push_back(read<std::string>(rows, 0));
  return ids;
}

template <auto Time, auto Id>
std::vector<RowOf<Time>> newest_of(database::Connection& connection, Times times,
                                   const Condition<RowOf<Time>>& condition,
                                   const std::optional<ListPosition>& after,
                                   std::int64_t count_max) {
  if (times == Times::Comparable) {
    return by_index<Time, Id>(connection, condition, after, count_max);
  }
  const auto ids = ids_by_instant<Time, Id>(connection, condition, after, count_max);
  constexpr std::size_t kIdsAtOnce = 1024;
  std::map<std::string, RowOf<Time>> by_id;
  for (std::size_t first = 0; first < ids.size(); first += kIdsAtOnce) {
    const auto part = std::span(ids).subspan(first, std::min(kIdsAtOnce, ids.size() - first));
    for (auto& row : store::select<RowOf<Time>>().where(store::one_of<Id>(part)).all(connection)) {
      std::string id = row.*Id;
      by_id.emplace(std::move(id), std::move(row));
    }
  }
  std::vector<RowOf<Time>> found;
  for (const std::string& id : ids) found.push_back(std::move(by_id.at(id)));
  return found;
}

void append_where(Pieces& statement, const Pieces& condition) {
  if (condition.empty()) return;
  statement.emplace_back(" WHERE ");
  append(statement, condition);
}

/// `column IN (SELECT wanted FROM message_logs WHERE …)`
Pieces is_in_messages(Name column, Name wanted, const Condition<MessageLogRow>& messages) {
  Pieces pieces{column, " IN (SELECT ", wanted, " FROM ",
                Name{schema::table_name<MessageLogRow>()}};
  append_where(pieces, messages.pieces());
  pieces.emplace_back(")");
  return pieces;
}

/// `message_id IN (SELECT message_id FROM message_ids WHERE …)`
Condition<DeliveryRecordRow> has_owner(const Condition<MessageIdRow>& owners) {
  Pieces pieces{name_of<&DeliveryRecordRow::message_id>(), " IN (SELECT ",
                name_of<&MessageIdRow::message_id>(), " FROM ",
                Name{schema::table_name<MessageIdRow>()}};
  append_where(pieces, owners.pieces());
  pieces.emplace_back(")");
  return Condition<DeliveryRecordRow>(std::move(pieces));
}

/// The columns of a message that the report looks at.
using ReportedValues = std::array<Value, 9>;
constexpr std::size_t kReadAtOnce = 4096;

/// The next rows; none at the end.
void read_some(Rows& rows, std::vector<ReportedValues>& into) {
  into.clear();
  while (into.size() < kReadAtOnce && rows.next()) {
    ReportedValues& values = into.emplace_back();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows.value(static_cast<int>(i));
  }
}

ReportedMessage reported(ReportedValues& values) {
  const auto text = [&](std::size_t column) -> std::string_view {
    const std::string* found = std::get_if<std::string>(&values[column]);
    return found == nullptr ? std::string_view() : std::string_view(*found);
  };
  Timestamp timestamp{};
  schema::from_iso_text(std::move(values[0]), timestamp);
  return {.timestamp = timestamp,
          .session_id = text(1),
          .channel = text(2),
          .template_name = text(3),
          .email = text(4),
          .phone = text(5),
          .company = text(6),
          .status = text(7),
          .error = text(8)};
}

}  // namespace

Times times_in(database::Connection& connection) {
  const bool is_mixed = has_other_form<&MessageLogRow::timestamp>(connection) ||
                        has_other_form<&SessionSummaryRow::start_time>(connection);
  return is_mixed ? Times::Mixed : Times::Comparable;
}

Condition<MessageLogRow> logged_since(Times times, Timestamp since) {
  return since_of<&MessageLogRow::timestamp>(times, since);
}
Condition<MessageLogRow> logged_before(Times times, Timestamp limit) {
  return before_of<&MessageLogRow::timestamp>(times, limit);
}
Condition<SessionSummaryRow> started_since(Times times, Timestamp since) {
  return since_of<&SessionSummaryRow::start_time>(times, since);
}
Condition<SessionSummaryRow> started_before(Times times, Timestamp limit) {
  return before_of<&SessionSummaryRow::start_time>(times, limit);
}

schema::SqlTexts analyze_statements() {
  return {{"sqlite", "ANALYZE"},
          {"postgresql", "ANALYZE message_logs"},
          {"postgresql", "ANALYZE session_summaries"},
          {"mysql", "ANALYZE TABLE message_logs, session_summaries"}};
}

schema::SqlTexts check_statements() {
  return {
      {"sqlite", "PRAGMA integrity_check(20)"},
      {"mysql", "CHECK TABLE message_logs, session_summaries, analytics_cache, system_logs QUICK"}};
}

schema::SqlTexts reindex_statements() {
  return {{"sqlite", "REINDEX"},
          {"mysql", "ALTER TABLE message_logs FORCE"},
          {"mysql", "ALTER TABLE session_summaries FORCE"}};
}

schema::SqlTexts compact_statements() { return {{"sqlite", "VACUUM"}}; }

schema::SqlTexts waste_statements() {
  return {{"sqlite",
           "SELECT freelist_count * 100 / (page_count + 1) FROM pragma_freelist_count(), "
           "pragma_page_count()"}};
}

Condition<DeliveryRecordRow> is_delivery_of(const std::string& user_id) {
  return has_owner(store::equals<&MessageIdRow::user_id>(user_id));
}

Condition<DeliveryRecordRow> is_ownerless_delivery() { return store::negation(has_owner({})); }

Condition<SendContentRow> is_content_of(const Condition<MessageLogRow>& messages) {
  return Condition<SendContentRow>(
      is_in_messages(name_of<&SendContentRow::log_id>(), name_of<&MessageLogRow::id>(), messages));
}

Condition<MessageIdRow> is_id_of(const Condition<MessageLogRow>& messages) {
  return Condition<MessageIdRow>(
      is_in_messages(name_of<&MessageIdRow::log_id>(), name_of<&MessageLogRow::id>(), messages));
}

Condition<StatusEventRow> is_event_of(const Condition<MessageLogRow>& messages) {
  return Condition<StatusEventRow>(
      is_in_messages(name_of<&StatusEventRow::log_id>(), name_of<&MessageLogRow::id>(), messages));
}

Condition<SendQueueRow> is_queued_of(const Condition<MessageLogRow>& messages) {
  return Condition<SendQueueRow>(
      is_in_messages(name_of<&SendQueueRow::log_id>(), name_of<&MessageLogRow::id>(), messages));
}

std::vector<MessageLogRow> newest_first(database::Connection& connection, Times times,
                                        const Condition<MessageLogRow>& condition,
                                        const std::optional<ListPosition>& after,
                                        std::int64_t count_max) {
  return newest_of<&MessageLogRow::timestamp, &MessageLogRow::id>(connection, times, condition,
                                                                  after, count_max);
}

std::vector<SessionSummaryRow> newest_first(database::Connection& connection, Times times,
                                            const Condition<SessionSummaryRow>& condition,
                                            const std::optional<ListPosition>& after,
                                            std::int64_t count_max) {
  return newest_of<&SessionSummaryRow::start_time, &SessionSummaryRow::session_id>(
      connection, times, condition, after, count_max);
}

void for_each_reported(database::Connection& connection, const Condition<MessageLogRow>& condition,
                       const std::function<void(const ReportedMessage&)>& take) {
  Pieces statement{"SELECT ", name_of<&MessageLogRow::timestamp>(),
                   ", ",      name_of<&MessageLogRow::session_id>(),
                   ", ",      name_of<&MessageLogRow::channel>(),
                   ", ",      name_of<&MessageLogRow::template_name>(),
                   ", ",      name_of<&MessageLogRow::recipient_email>(),
                   ", ",      name_of<&MessageLogRow::recipient_phone>(),
                   ", ",      name_of<&MessageLogRow::recipient_company>(),
                   ", ",      name_of<&MessageLogRow::message_status>(),
                   ", ",      name_of<&MessageLogRow::error_message>(),
                   " FROM ",  Name{schema::table_name<MessageLogRow>()}};
  append_where(statement, condition.pieces());
  // While some are taken the next are read: each is about half of the work.
  Rows rows(connection, statement);
  std::vector<ReportedValues> read;
  std::vector<ReportedValues> taken;
  std::future<void> taking;  // Ends before what it takes.
  do {
    read_some(rows, read);
    if (taking.valid()) taking.get();
    std::swap(read, taken);
    taking = std::async(std::launch::async, [&] {
      for (ReportedValues& values : taken) take(reported(values));
    });
  } while (!taken.empty());
  taking.get();
}

std::vector<std::chrono::duration<double>> session_lengths(
    database::Connection& connection, const Condition<SessionSummaryRow>& condition) {
  Pieces statement{"SELECT ", name_of<&SessionSummaryRow::start_time>(),
                   ", ",      name_of<&SessionSummaryRow::end_time>(),
                   " FROM ",  Name{schema::table_name<SessionSummaryRow>()}};
  append_where(
      statement,
      store::all_of(condition, store::is_not_null<&SessionSummaryRow::end_time>()).pieces());
  std::vector<std::chrono::duration<double>> lengths;
  Rows rows(connection, statement);
  while (rows.next()) {
    std::optional<Timestamp> start;
    std::optional<Timestamp> end;
    schema::from_iso_text(rows.value(0), start);
    schema::from_iso_text(rows.value(1), end);
    if (start && end) lengths.emplace_back(*end - *start);
  }
  return lengths;
}

}  // namespace parley::outreach
