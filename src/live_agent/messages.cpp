#include "live_agent/messages.h"

#include <algorithm>

#include "live_agent/life_cycle.h"
#include "live_agent/problems.h"
#include "live_agent/sessions.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::is_null;
using store::Order;
using store::set;

bool may_send_as(const Caller& caller, Side sender) {
  return sender == caller.side() || (sender == Side::User && caller.role == Role::Admin);
}

store::Condition<MessageRow> in_session(const std::string& session_id) {
  return equals<&MessageRow::session_id>(session_id);
}

/// The newest `limit` of the condition's rows after `offset`, ascending by id.
std::vector<MessageRow> newest(database::Connection& connection,
                               const store::Condition<MessageRow>& condition, std::int64_t limit,
                               std::int64_t offset) {
  std::vector<MessageRow> rows = store::select<MessageRow>()
                                     .where(condition)
                                     .order_by<&MessageRow::id>(Order::Descending)
                                     .limit(limit)
                                     .offset(offset)
                                     .all(connection);
  std::ranges::reverse(rows);
  return rows;
}

std::vector<MessageRow> oldest(database::Connection& connection,
                               const store::Condition<MessageRow>& condition,
                               const MessageWindow& window) {
  return store::select<MessageRow>()
      .where(condition)
      .order_by<&MessageRow::created_at>()
      .order_by<&MessageRow::id>()
      .limit(window.limit)
      .offset(window.offset)
      .all(connection);
}

store::Condition<MessageRow> later_than(Timestamp since, std::optional<std::int64_t> since_id) {
  const auto later = store::greater<&MessageRow::created_at>(since);
  if (!since_id) return later;
  return any_of(later, all_of(equals<&MessageRow::created_at>(since),
                              store::greater<&MessageRow::id>(*since_id)));
}

/// Counts a message into the session as it was read; false when its life cycle moved or a later
/// message came meanwhile. The row stays locked until the end of the transaction, so that ids are
/// given out in the order of time.
bool count_into_session(database::Connection& connection, const SessionRow& seen,
                        SessionStatus status, Side sender, Timestamp created_at, Timestamp now) {
  const auto is_latest = any_of(is_null<&SessionRow::last_message_at>(),
                                store::less_or_equal<&SessionRow::last_message_at>(created_at));
  const auto one_more_unread = sender == Side::User
                                   ? store::increment<&SessionRow::unread_count_agent>()
                                   : store::increment<&SessionRow::unread_count_user>();
  return store::update(connection, all_of(unchanged_since(seen), is_latest),
                       set<&SessionRow::status>(word(status)),
                       set<&SessionRow::last_message_at>(created_at), one_more_unread,
                       set<&SessionRow::updated_at>(now)) == 1;
}

}  // namespace

MessageRow insert_message(database::Connection& connection, const std::string& session_id,
                          const Caller& caller, const NewMessage& message, Timestamp created_at) {
  MessageRow row{.session_id = session_id,
                 .sender_type = word(message.sender),
                 .sender_id = caller.account,
                 .sender_name = caller.name,
                 .message_text = message.message_text,
                 .created_at = created_at,
                 .read_by_user = message.sender == Side::User,
                 .read_by_agent = message.sender == Side::Agent,
                 .delivered_at = created_at};
  if (message.metadata) row.message_metadata = *message.metadata;
  row.id = store::insert(connection, row);
  return row;
}

MessageRow send_message(database::Connection& connection, const Caller& caller,
                        const std::string& session_id, const NewMessage& message, Timestamp now) {
  for (int attempt = 0; attempt < kCompareAndSetAttempts; ++attempt) {
    const SessionRow seen = session_for(connection, caller, session_id);
    if (!may_send_as(caller, message.sender)) {
      throw http::forbidden("Access denied: sender_type does not fit the token");
    }
    const std::optional<SessionStatus> status = status_after_message(seen, message.sender);
    if (!status) throw session_closed();
    const Timestamp created_at = std::max(now, seen.last_message_at.value_or(now));
    if (count_into_session(connection, seen, *status, message.sender, created_at, now)) {
      return insert_message(connection, session_id, caller, message, created_at);
    }
  }
  throw too_many_changes(session_id);
}

MessagePage newest_messages(database::Connection& connection, const std::string& session_id,
                            const Page& page) {
  const auto condition = in_session(session_id);
  return {.messages = newest(connection, condition, page.size, page.offset()),
          .total = store::count(connection, condition)};
}

PolledMessages poll_messages(database::Connection& connection, const std::string& session_id,
                             const MessageWindow& window) {
  const auto condition =
      window.since ? all_of(in_session(session_id), later_than(*window.since, window.since_id))
                   : in_session(session_id);
  PolledMessages polled;
  polled.page.total = store::count(connection, condition);
  polled.page.messages = window.since ? oldest(connection, condition, window)
                                      : newest(connection, condition, window.limit, window.offset);
  const auto returned = static_cast<std::int64_t>(polled.page.messages.size());
  polled.has_more = window.offset + returned < polled.page.total;
  return polled;
}

std::optional<MessageRow> find_message(database::Connection& connection, std::int64_t id) {
  return store::select<MessageRow>().where(equals<&MessageRow::id>(id)).first(connection);
}

}  // namespace parley::live_agent
