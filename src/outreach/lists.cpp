#include "outreach/lists.h"

namespace parley::outreach {
namespace {

using store::all_of;
using store::Condition;
using store::equals;

/// Takes off the row that only shows that there are more.
template <class Row>
Found<Row> found(std::vector<Row> rows, std::int64_t limit) {
  Found<Row> page{.rows = std::move(rows), .has_more = false};
  if (static_cast<std::int64_t>(page.rows.size()) > limit) {
    page.rows.pop_back();
    page.has_more = true;
  }
  return page;
}

Condition<MessageLogRow> fits(const MessageFilter& filter) {
  std::vector<Condition<MessageLogRow>> conditions;
  if (filter.channel) {
    conditions.push_back(equals<&MessageLogRow::channel>(word(*filter.channel)));
  }
  if (filter.status) {
    conditions.push_back(equals<&MessageLogRow::message_status>(word(*filter.status)));
  }
  if (filter.session_id) {
    conditions.push_back(equals<&MessageLogRow::session_id>(*filter.session_id));
  }
  if (filter.recipient) {
    conditions.push_back(any_of(equals<&MessageLogRow::recipient_email>(*filter.recipient),
                                equals<&MessageLogRow::recipient_phone>(*filter.recipient)));
  }
  return all_of(conditions);
}

}  // namespace

Found<SessionSummaryRow> list_sessions(database::Connection& connection, Times times,
                                       const std::string& user_id, const Slice& slice) {
  const auto condition =
      all_of(equals<&SessionSummaryRow::user_id>(user_id), started_since(times, slice.since));
  return found(newest_first(connection, times, condition, slice.after, slice.limit + 1),
               slice.limit);
}

Found<MessageLogRow> list_messages(database::Connection& connection, Times times,
                                   const std::string& user_id, const MessageFilter& filter,
                                   const Slice& slice) {
  const auto condition = all_of(equals<&MessageLogRow::user_id>(user_id),
                                logged_since(times, slice.since), fits(filter));
  return found(newest_first(connection, times, condition, slice.after, slice.limit + 1),
               slice.limit);
}

Found<SystemLogRow> list_system_logs(database::Connection& connection, const std::string& user_id,
                                     const SystemLogFilter& filter, const Slice& slice) {
  std::vector<Condition<SystemLogRow>> conditions{
      any_of(equals<&SystemLogRow::user_id>(user_id), store::is_null<&SystemLogRow::user_id>()),
      store::greater_or_equal<&SystemLogRow::timestamp>(slice.since)};
  if (filter.level) conditions.push_back(equals<&SystemLogRow::level>(word(*filter.level)));
  if (filter.component) {
    conditions.push_back(equals<&SystemLogRow::component>(word(*filter.component)));
  }
  if (slice.after) {
    conditions.push_back(store::less_or_equal<&SystemLogRow::timestamp>(slice.after->time));
    conditions.push_back(any_of(store::less<&SystemLogRow::timestamp>(slice.after->time),
                                store::less<&SystemLogRow::id>(slice.after->id)));
  }
  return found(store::select<SystemLogRow>()
                   .where(all_of(conditions))
                   .order_by<&SystemLogRow::timestamp>(store::Order::Descending)
                   .order_by<&SystemLogRow::id>(store::Order::Descending)
                   .limit(slice.limit + 1)
                   .all(connection),
               slice.limit);
}

}  // namespace parley::outreach
