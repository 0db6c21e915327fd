#include "leads/conversation.h"

#include <algorithm>

#include "leads/events.h"
#include "leads/stored_json.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;
using store::select;
using store::set;

/// Earlier in the order in which conversations are read.
store::Condition<MessageRow> earlier_than(const MessageRow& message) {
  const auto by_id = store::less<&MessageRow::id>(message.id);
  if (!message.created_at) return by_id;
  return any_of(store::less<&MessageRow::created_at>(*message.created_at),
                all_of(equals<&MessageRow::created_at>(*message.created_at), by_id));
}

void store_counts(store::Connection& connection, const AgentSessionRow& session) {
  store::update(connection, equals<&AgentSessionRow::id>(session.id),
                set<&AgentSessionRow::message_count>(session.message_count),
                set<&AgentSessionRow::last_message_at>(session.last_message_at),
                set<&AgentSessionRow::last_message_from>(session.last_message_from),
                set<&AgentSessionRow::updated_at>(session.updated_at));
}

}  // namespace

Timestamp next_message_time(store::Connection& connection, std::int64_t lead_id, Timestamp now) {
  // Locked, so that InnoDB reads what another node has just committed and not a snapshot.
  const std::optional<MessageRow> last = select<MessageRow>()
                                             .where(equals<&MessageRow::lead_id>(lead_id))
                                             .order_by<&MessageRow::created_at>(Order::Descending)
                                             .for_update()
                                             .first(connection);
  if (!last || !last->created_at) return now;
  return std::max(now, *last->created_at + std::chrono::microseconds(1));
}

MessageRow add_message(store::UnitOfWork& unit, AgentSessionRow& session, MessageRow message,
                       Timestamp now, Counted counted) {
  message.agent_session_id = session.id;
  message.lead_id = session.lead_id;
  message.created_at = next_message_time(unit.connection, session.lead_id, now);
  message.updated_at = message.created_at;
  if (message.sender_type != word(SenderType::Lead)) message.sent_at = message.created_at;
  message.id = store::insert(unit.connection, message);
  if (counted == Counted::Yes) {
    session.message_count += 1;
    session.last_message_at = message.created_at;
    session.last_message_from = message.sender_type;
    session.updated_at = now;
    store_counts(unit.connection, session);
  }
  unit.events.push_back(message_created(message));
  return message;
}

MessageRow blank_message(SenderType sender, std::string content) {
  return {.content = std::move(content),
          .message_type = word(MessageType::Text),
          .sender_type = word(sender),
          .message_status = word(MessageStatus::Sent),
          .message_metadata = Json(JsonObject{}),
          .is_flagged = false};
}

std::vector<MessageRow> latest_messages(store::Connection& connection, std::int64_t session_id,
                                        const std::optional<MessageRow>& before,
                                        std::int64_t count_max) {
  auto condition = equals<&MessageRow::agent_session_id>(session_id);
  if (before) condition = all_of(condition, earlier_than(*before));
  std::vector<MessageRow> messages =
      select<MessageRow>()
          .where(all_of(condition,
                        store::not_equals<&MessageRow::sender_type>(word(SenderType::System))))
          .order_by<&MessageRow::created_at>(Order::Descending)
          .order_by<&MessageRow::id>(Order::Descending)
          .limit(count_max)
          .all(connection);
  std::ranges::reverse(messages);
  return messages;
}

std::optional<std::string> conversation_of(store::Connection& connection,
                                           const AgentSessionRow& session) {
  const std::optional<MessageRow> newest =
      select<MessageRow>()
          .where(all_of(equals<&MessageRow::lead_id>(session.lead_id),
                        equals<&MessageRow::sender_type>(word(SenderType::Lead)),
                        store::is_not_null<&MessageRow::external_conversation_id>()))
          .order_by<&MessageRow::created_at>(Order::Descending)
          .first(connection);
  if (newest) return newest->external_conversation_id;
  return text_at(object_in(session.initial_context), "conversation_id");
}

}  // namespace parley::leads
