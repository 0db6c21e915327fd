#include "outreach/retention.h"

#include <fmt/format.h>

#include "outreach/system_log.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::all_of;
using store::equals;

template <schema::Declared Row>
std::int64_t remove(database::Connection& connection, const store::Condition<Row>& condition,
                    Deletion deletion) {
  return deletion == Deletion::ForReal ? store::erase(connection, condition)
                                       : store::count(connection, condition);
}

}  // namespace

Deleted delete_old(database::Connection& connection, Times times, const std::string& user_id,
                   Timestamp cutoff, Deletion deletion) {
  const auto messages =
      all_of(equals<&MessageLogRow::user_id>(user_id), logged_before(times, cutoff));
  const auto sessions =
      all_of(equals<&SessionSummaryRow::user_id>(user_id), started_before(times, cutoff));
  const auto reports = all_of(equals<&AnalyticsCacheRow::user_id>(user_id),
                              store::less<&AnalyticsCacheRow::generated_at>(cutoff));
  Deleted deleted;
  // What belongs to messages goes before them: they say whose it is.
  deleted.deliveries =
      remove(connection,
             all_of(store::less<&DeliveryRecordRow::created_at>(cutoff), is_delivery_of(user_id)),
             deletion);
  if (deletion == Deletion::ForReal) {
    store::erase(connection, is_event_of(messages));
    store::erase(connection, is_queued_of(messages));
    store::erase(connection, is_content_of(messages));
    store::erase(connection, is_id_of(messages));
  }
  deleted.messages = remove(connection, messages, deletion);
  deleted.sessions = remove(connection, sessions, deletion);
  deleted.reports = remove(connection, reports, deletion);
  return deleted;
}

void note_deletion(database::Connection& connection, const Deleted& deleted,
                   const std::string& user_id, std::int64_t days, Timestamp now) {
  if (deleted.total() == 0) return;
  add_line(connection,
           {.component = Component::Database,
            .message = fmt::format("Deleted {} rows older than {} days", deleted.total(), days),
            .user_id = user_id},
           now);
}

}  // namespace parley::outreach
