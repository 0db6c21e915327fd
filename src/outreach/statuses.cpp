#include "outreach/statuses.h"

#include <algorithm>
#include <map>
#include <set>

#include "outreach/events.h"
#include "outreach/message_ids.h"
#include "outreach/sessions.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

/// Ids that one query asks for.
constexpr std::size_t kIdsAtOnce = 1024;

using Messages = std::map<std::string, MessageLogRow>;

store::Condition<MessageLogRow> is_of(const std::optional<std::string>& user_id,
                                      std::span<const std::string> ids) {
  auto condition = store::one_of<&MessageLogRow::id>(ids);
  if (!user_id) return condition;
  return store::all_of(condition, store::equals<&MessageLogRow::user_id>(*user_id));
}

Messages lock_messages(database::Connection& connection, const std::optional<std::string>& user_id,
                       std::span<const StatusChange> changes) {
  std::set<std::string> distinct;
  for (const StatusChange& change : changes) distinct.insert(change.log_id);
  const std::vector<std::string> ids(distinct.begin(), distinct.end());
  Messages messages;
  for (std::size_t first = 0; first < ids.size(); first += kIdsAtOnce) {
    const std::span part = std::span(ids).subspan(first, std::min(kIdsAtOnce, ids.size() - first));
    for (MessageLogRow& row : store::select<MessageLogRow>()
                                  .where(is_of(user_id, part))
                                  .order_by<&MessageLogRow::id>()
                                  .for_update()
                                  .all(connection)) {
      std::string id = row.id;
      messages.emplace(std::move(id), std::move(row));
    }
  }
  return messages;
}

/// How far a message is with that status; a failure is overtaken by what arrived all the same.
int place_of(std::string_view status) {
  const std::optional<MessageStatus> word = parse_word<MessageStatus>(status);
  if (!word) return -1;
  switch (*word) {
    case MessageStatus::Pending: return 0;
    case MessageStatus::Sending: return 1;
    case MessageStatus::Sent: return 2;
    case MessageStatus::Failed: return 3;
    case MessageStatus::Delivered: return 4;
    case MessageStatus::Read: return 5;
    case MessageStatus::Cancelled: return -1;
  }
  return -1;
}

bool advances(const MessageLogRow& message, MessageStatus status) {
  return place_of(word(status)) > place_of(message.message_status);
}

void overwrite(std::optional<std::string>& field, const std::string& text) {
  if (!text.empty()) field = text;
}

void apply(MessageLogRow& message, const StatusChange& change, Timestamp now) {
  stamp(message, change.status, change.provider_time.value_or(now));
  overwrite(message.message_id, change.message_id);
  if (change.rule == StatusRule::ByRank && !advances(message, change.status)) return;
  message.message_status = word(change.status);
  overwrite(message.delivery_status, change.delivery_status);
  overwrite(message.error_message, change.error_message);
}

/// The history says what was reported, also where it came too late to count.
StatusEventRow event_of(const StatusChange& change, Timestamp now) {
  StatusEventRow event{.log_id = change.log_id,
                       .status = word(change.status),
                       .source = word(change.source),
                       .provider_time = change.provider_time,
                       .recorded_at = now,
                       .error_message = {}};
  overwrite(event.error_message, change.error_message);
  return event;
}

void count(std::map<std::string, SessionChange>& sessions, const std::string& before,
           const MessageLogRow& message) {
  Figures& difference = sessions[message.session_id].difference;
  difference.add(before, -1);
  difference.add(message.message_status, 1);
}

void store_figures(database::Connection& connection,
                   const std::map<std::string, SessionChange>& changes) {
  std::set<std::string> ids;
  for (const auto& [id, change] : changes) ids.insert(id);
  store_changes(connection, lock_sessions(connection, ids), changes);
}

/// The messages that a change has given an id.
std::vector<MessageLogRow> with_new_id(const std::vector<MessageLogRow>& changed,
                                       std::span<const StatusChange> changes) {
  std::set<std::string> named;
  for (const StatusChange& change : changes) {
    if (!change.message_id.empty()) named.insert(change.log_id);
  }
  std::vector<MessageLogRow> messages;
  for (const MessageLogRow& message : changed) {
    if (named.contains(message.id)) messages.push_back(message);
  }
  return messages;
}

}  // namespace

StatusOutcome change_statuses(store::UnitOfWork& unit, const std::optional<std::string>& user_id,
                              std::span<const StatusChange> changes, Timestamp now) {
  Messages messages = lock_messages(unit.connection, user_id, changes);
  StatusOutcome outcome;
  std::set<std::string> touched;
  std::vector<StatusEventRow> history;
  std::map<std::string, SessionChange> sessions;
  for (const StatusChange& change : changes) {
    const auto found = messages.find(change.log_id);
    if (found == messages.end()) {
      outcome.unknown.push_back(change.log_id);
      continue;
    }
    const std::string before = found->second.message_status;
    apply(found->second, change, now);
    history.push_back(event_of(change, now));
    count(sessions, before, found->second);
    touched.insert(change.log_id);
  }
  for (const std::string& id : touched) outcome.changed.push_back(std::move(messages.at(id)));
  store::update_each<&MessageLogRow::id, &MessageLogRow::message_status, &MessageLogRow::message_id,
                     &MessageLogRow::delivery_status, &MessageLogRow::error_message,
                     &MessageLogRow::sent_at, &MessageLogRow::delivered_at,
                     &MessageLogRow::read_at>(unit.connection, outcome.changed);
  store::insert_many(unit.connection, history);
  store_figures(unit.connection, sessions);
  note_message_ids(unit, with_new_id(outcome.changed, changes), now);
  for (const MessageLogRow& message : outcome.changed) {
    unit.events.push_back(message_status(message));
  }
  return outcome;
}

void stamp(MessageLogRow& message, MessageStatus status, Timestamp at) {
  const auto fill = [&](std::optional<Timestamp>& time) {
    if (!time) time = at;
  };
  if (status == MessageStatus::Sent) fill(message.sent_at);
  if (status == MessageStatus::Delivered) fill(message.delivered_at);
  if (status == MessageStatus::Read) fill(message.read_at);
}

StatusEventRow status_event(const MessageLogRow& message, StatusSource source,
                            const std::optional<Timestamp>& provider_time, Timestamp now) {
  return {.log_id = message.id,
          .status = message.message_status,
          .source = word(source),
          .provider_time = provider_time,
          .recorded_at = now,
          .error_message = message.error_message};
}

}  // namespace parley::outreach
