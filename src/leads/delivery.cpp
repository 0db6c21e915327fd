#include "leads/delivery.h"

#include <fmt/format.h>

#include "leads/events.h"
#include "leads/problems.h"
#include "leads/rows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

}  // namespace

std::vector<MessageRow> undelivered(store::Connection& connection, std::int64_t lead_id,
                                    const MessageWindow& window) {
  const auto is_undelivered = all_of(
      store::one_of<&MessageRow::sender_type>(
          {word(SenderType::Agent), word(SenderType::BusinessOwner)}),
      any_of(store::is_null<&MessageRow::delivery_status>(),
             store::not_equals<&MessageRow::delivery_status>(word(DeliveryStatus::Delivered))));
  return messages_of(connection, lead_id, window, is_undelivered);
}

MessageRow mark_delivered(store::UnitOfWork& unit, std::int64_t message_id,
                          const std::optional<std::string>& external_message_id, Timestamp now) {
  std::optional<MessageRow> message = lock_message(unit.connection, message_id);
  if (!message) throw message_not_found(message_id);
  if (message->sender_type == word(SenderType::Lead)) {
    throw http::conflict(
        "from_lead",
        fmt::format("Message {} came from the lead; there is nothing to deliver", message_id));
  }
  message->delivery_status = word(DeliveryStatus::Delivered);
  if (!message->delivered_at) message->delivered_at = now;
  if (external_message_id) message->external_message_id = external_message_id;
  message->error_message.reset();
  if (message->message_status == word(MessageStatus::Failed))
    message->message_status = word(MessageStatus::Sent);
  message->updated_at = now;
  store::update(unit.connection, equals<&MessageRow::id>(message_id),
                set<&MessageRow::delivery_status>(message->delivery_status),
                set<&MessageRow::delivered_at>(message->delivered_at),
                set<&MessageRow::external_message_id>(message->external_message_id),
                set<&MessageRow::error_message>(message->error_message),
                set<&MessageRow::message_status>(message->message_status),
                set<&MessageRow::updated_at>(message->updated_at));
  unit.events.push_back(message_delivery(*message));
  return *std::move(message);
}

}  // namespace parley::leads
