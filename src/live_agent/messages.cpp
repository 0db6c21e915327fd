#include "live_agent/messages.h"

#include <algorithm>
#include <map>
#include <set>

#include "live_agent/events.h"
#include "live_agent/life_cycle.h"
#include "live_agent/problems.h"
#include "live_agent/sessions.h"
#include "store/idempotency.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::is_null;
using store::Order;

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

/// A session that this transaction has locked, and what becomes of it.
struct LockedSession {
  SessionRow row;
  std::optional<std::string> stored_status;
  bool is_touched = false;  ///< A message went into it.
};
using LockedSessions = std::map<std::string, LockedSession>;

LockedSessions locked_sessions(database::Connection& connection,
                               std::span<Sending* const> sendings) {
  std::set<std::string> ids;
  for (const Sending* each : sendings) ids.insert(each->session_id);
  LockedSessions sessions;
  for (SessionRow& row :
       store::select<SessionRow>()
           .where(store::one_of<&SessionRow::id>(std::vector<std::string>(ids.begin(), ids.end())))
           .order_by<&SessionRow::id>()
           .for_update()
           .all(connection)) {
    std::string id = row.id;
    std::optional<std::string> status = row.status;
    sessions.emplace_hint(sessions.end(), std::move(id),
                          LockedSession{std::move(row), std::move(status)});
  }
  return sessions;
}

/// Stores what messages have changed of their sessions. The status is set only where it is another
/// one: SQLite moves the entry of an index for every column that it is told to set.
void store_sessions(database::Connection& connection, const LockedSessions& sessions) {
  std::vector<SessionRow> same_status, new_status;
  for (const auto& [id, each] : sessions) {
    if (!each.is_touched) continue;
    (each.row.status == each.stored_status ? same_status : new_status).push_back(each.row);
  }
  store::update_each<&SessionRow::id, &SessionRow::last_message_at, &SessionRow::unread_count_user,
                     &SessionRow::unread_count_agent, &SessionRow::updated_at>(connection,
                                                                               same_status);
  store::update_each<&SessionRow::id, &SessionRow::status, &SessionRow::last_message_at,
                     &SessionRow::unread_count_user, &SessionRow::unread_count_agent,
                     &SessionRow::updated_at>(connection, new_status);
}

/// The callers of one bulk write, each looked up once.
class Callers {
 public:
  explicit Callers(database::Connection& connection) : connection_(connection) {}

  Caller admit(const Identity& identity) {
    if (identity.claimed_role == Role::User || !identity.key_hash.empty())
      return live_agent::admit(connection_, identity, Level::User);
    const std::pair key(identity.user_id, identity.account);
    auto found = known_.find(key);
    // Only who was admitted is known: the next item of somebody refused is refused alike.
    if (found == known_.end())
      found = known_.emplace(key, live_agent::admit(connection_, identity, Level::User)).first;
    Caller caller = found->second;
    caller.tenant = identity.tenant;
    return caller;
  }

 private:
  database::Connection& connection_;
  std::map<std::pair<std::optional<std::int64_t>, std::string>, Caller> known_;
};

/// Moves the session on by one message of that side.
void count_message(SessionRow& session, SessionStatus status, Side sender, Timestamp created_at,
                   Timestamp now) {
  auto& unread = sender == Side::User ? session.unread_count_agent : session.unread_count_user;
  unread = unread.value_or(0) + 1;
  session.status = word(status);
  session.last_message_at = created_at;
  session.updated_at = now;
}

/// The message as it is to be stored, counted into its session. Throws what the sender must hear.
MessageRow accept(const Caller& caller, Sending& sending, SessionRow& session, Timestamp now) {
  require_access(session, caller);
  const Side sender = sending.message.sender;
  if (!may_send_as(caller, sender)) {
    throw http::forbidden("Access denied: sender_type does not fit the token");
  }
  const std::optional<SessionStatus> status = status_after_message(session, sender);
  if (!status) throw session_closed();
  const Timestamp created_at = std::max(now, session.last_message_at.value_or(now));
  MessageRow row = new_message(session.id, caller, sending.message, created_at);
  if (*status != status_of(session.status)) sending.status_before = status_of(session.status);
  count_message(session, *status, sender, created_at, now);
  return row;
}

/// The sendings that are not a repetition of what was stored and not heard of.
std::vector<Sending*> without_repetitions(database::Connection& connection,
                                          std::span<Sending* const> sendings, Timestamp now) {
  std::vector<std::string> ids;
  for (const Sending* each : sendings) {
    if (!each->guard_id.empty()) ids.push_back(each->guard_id);
  }
  const auto kept = store::find_answers(connection, ids, now - kRetryWindow);
  std::vector<Sending*> left;
  for (Sending* each : sendings) {
    each->status_before.reset();
    const auto found = kept.find(each->guard_id);
    each->is_replayed = found != kept.end();
    each->is_replayed ? void(each->sent = found->second.body) : left.push_back(each);
  }
  return left;
}

store::Event reopened(database::Connection& connection, const SessionRow& session,
                      const Sending& sending) {
  SessionRow before = session;
  before.status = word(*sending.status_before);
  return session_status_changed(before, with_last_text(connection, {session}).front(),
                                sending.message.sender);
}

}  // namespace

MessageRow new_message(const std::string& session_id, const Caller& caller,
                       const NewMessage& message, Timestamp created_at) {
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
  return row;
}

void send_messages(store::UnitOfWork& unit, std::span<Sending* const> given, Timestamp now) {
  const std::vector<Sending*> sendings = without_repetitions(unit.connection, given, now);
  LockedSessions sessions = locked_sessions(unit.connection, sendings);
  Callers callers(unit.connection);
  std::vector<Sending*> accepted;
  std::vector<MessageRow> messages;
  for (Sending* each : sendings) {
    try {
      const Caller caller = callers.admit(each->identity);
      const auto session = sessions.find(each->session_id);
      if (session == sessions.end()) throw session_not_found();
      messages.push_back(accept(caller, *each, session->second.row, now));
      session->second.is_touched = true;
      accepted.push_back(each);
    } catch (const http::Problem&) {
      each->error = std::current_exception();
    }
  }
  if (accepted.empty()) return;
  const std::vector<std::int64_t> ids = store::insert_each(unit.connection, messages);
  store_sessions(unit.connection, sessions);
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    messages[i].id = ids[i];
    const SessionRow& session = sessions.at(messages[i].session_id).row;
    unit.events.push_back(message_created(session, messages[i]));
    accepted[i]->sent = unit.events.back().data;
    if (accepted[i]->status_before)
      unit.events.push_back(reopened(unit.connection, session, *accepted[i]));
  }
}

MessagePage newest_messages(database::Connection& connection, const std::string& session_id,
                            const api::Page& page) {
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
