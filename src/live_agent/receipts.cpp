#include "live_agent/receipts.h"

#include "live_agent/events.h"
#include "live_agent/queries.h"
#include "live_agent/sessions.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::is_null;
using store::set;

Side other_side(Side side) { return side == Side::User ? Side::Agent : Side::User; }

/// Messages of the other side that `reader` has not read; NULL, in old rows, is unread.
store::Condition<MessageRow> unread(const std::string& session_id, Side reader) {
  const auto is_unread = reader == Side::User ? any_of(is_null<&MessageRow::read_by_user>(),
                                                       equals<&MessageRow::read_by_user>(false))
                                              : any_of(is_null<&MessageRow::read_by_agent>(),
                                                       equals<&MessageRow::read_by_agent>(false));
  return all_of(equals<&MessageRow::session_id>(session_id),
                equals<&MessageRow::sender_type>(word(other_side(reader))), is_unread);
}

store::Assignment<MessageRow> set_read(Side reader) {
  return reader == Side::User ? set<&MessageRow::read_by_user>(true)
                              : set<&MessageRow::read_by_agent>(true);
}

std::int64_t counter(const SessionRow& session, Side reader) {
  return (reader == Side::User ? session.unread_count_user : session.unread_count_agent)
      .value_or(0);
}

/// Touches the session first: no other node can add a message between the marking and the counting.
void lock(database::Connection& connection, const SessionRow& session) {
  store::update(connection, equals<&SessionRow::id>(session.id),
                store::increment<&SessionRow::unread_count_user>(0));
}

/// Tells others, with the counters as they are now.
void append_receipt(store::UnitOfWork& unit, const SessionRow& session, const Receipt& receipt) {
  const std::optional<SessionRow> counted = find_session(unit.connection, session.id);
  unit.events.push_back(messages_read(counted.value_or(session), receipt));
}

}  // namespace

std::int64_t mark_session_read(store::UnitOfWork& unit, const SessionRow& session, Side reader,
                               Timestamp now) {
  database::Connection& connection = unit.connection;
  const auto condition = unread(session.id, reader);
  if (counter(session, reader) == 0 && !store::exists(connection, condition)) return 0;
  lock(connection, session);
  const std::int64_t marked = store::update(connection, condition, set_read(reader),
                                            store::set_if_null<&MessageRow::read_at>(now));
  recount_unread(connection, session.id, reader, condition, now);
  if (marked > 0) {
    append_receipt(unit, session, {.reader = reader, .messages_updated = marked, .read_at = now});
  }
  return marked;
}

MessageRow mark_message_read(store::UnitOfWork& unit, const SessionRow& session, MessageRow message,
                             Side reader, Timestamp now) {
  database::Connection& connection = unit.connection;
  auto& flag = reader == Side::User ? message.read_by_user : message.read_by_agent;
  if (flag.value_or(false)) return message;
  const auto condition = equals<&MessageRow::id>(message.id);
  flag = true;
  if (message.sender_type == word(reader)) {
    store::update(connection, condition, set_read(reader));
    return message;
  }
  lock(connection, session);
  store::update(connection, condition, set_read(reader),
                store::set_if_null<&MessageRow::read_at>(now));
  recount_unread(connection, session.id, reader, unread(session.id, reader), now);
  if (!message.read_at) message.read_at = now;
  append_receipt(unit, session,
                 {.reader = reader,
                  .message_id = message.id,
                  .messages_updated = 1,
                  .read_at = *message.read_at});
  return message;
}

}  // namespace parley::live_agent
