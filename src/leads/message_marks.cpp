#include "leads/message_marks.h"

#include "http/message.h"
#include "leads/events.h"
#include "leads/problems.h"
#include "leads/rows.h"
#include "leads/vocabulary.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

MessageRow locked_message_of(store::UnitOfWork& unit, std::int64_t id) {
  std::optional<MessageRow> message = lock_message(unit.connection, id);
  if (!message) throw message_not_found(id);
  return *std::move(message);
}

/// Stores what these functions change, and tells of it.
MessageRow stored(store::UnitOfWork& unit, MessageRow message, Timestamp now) {
  message.updated_at = now;
  store::update(unit.connection, equals<&MessageRow::id>(message.id),
                set<&MessageRow::message_status>(message.message_status),
                set<&MessageRow::delivery_status>(message.delivery_status),
                set<&MessageRow::error_message>(message.error_message),
                set<&MessageRow::read_at>(message.read_at),
                set<&MessageRow::is_flagged>(message.is_flagged),
                set<&MessageRow::flagged_reason>(message.flagged_reason),
                set<&MessageRow::quality_score>(message.quality_score),
                set<&MessageRow::updated_at>(message.updated_at));
  unit.events.push_back(message_delivery(message));
  return message;
}

}  // namespace

MessageRow mark_read(store::UnitOfWork& unit, std::int64_t id, Timestamp now) {
  MessageRow message = locked_message_of(unit, id);
  if (message.read_at) return message;
  message.read_at = now;
  message.message_status = word(MessageStatus::Read);
  return stored(unit, std::move(message), now);
}

MessageRow mark_failed(store::UnitOfWork& unit, std::int64_t id, const std::string& error,
                       Timestamp now) {
  MessageRow message = locked_message_of(unit, id);
  if (message.sender_type == word(SenderType::Lead)) {
    throw http::conflict("not_outgoing", "The message came from the lead");
  }
  if (message.delivery_status == word(DeliveryStatus::Delivered)) {
    throw http::conflict("delivered", "The message was delivered");
  }
  message.delivery_status = word(DeliveryStatus::Failed);
  message.message_status = word(MessageStatus::Failed);
  message.error_message = error;
  return stored(unit, std::move(message), now);
}

MessageRow flag_message(store::UnitOfWork& unit, std::int64_t id, const Flag& flag, Timestamp now) {
  MessageRow message = locked_message_of(unit, id);
  message.is_flagged = flag.is_flagged;
  message.flagged_reason = flag.is_flagged ? flag.reason : std::nullopt;
  if (flag.quality_score) message.quality_score = flag.quality_score;
  return stored(unit, std::move(message), now);
}

}  // namespace parley::leads
