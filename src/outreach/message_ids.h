#pragma once

// Whose the ids of providers are. A callback names a message by the id that its provider gave it;
// this finds the message, and the callbacks that came before its id was known. Functions run inside
// a transaction given by the store. The connection's thread.

#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/sending_tables.h"
#include "outreach/tables.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

/// Longer ids are kept with their message, but no callback finds it by them.
inline constexpr std::size_t kMessageIdBytesMax = 255;

/// Notes the ids that these messages have now, and applies the callbacks that waited for them. Part
/// of everything that gives a message an id.
void note_message_ids(store::UnitOfWork& unit, std::span<const MessageLogRow> messages,
                      Timestamp now);

/// The same for a delivery that a user has reported.
void note_delivery(store::UnitOfWork& unit, const std::string& user_id,
                   const std::string& message_id, Timestamp now);

/// Whose these ids are.
std::vector<MessageIdRow> owners_of(database::Connection& connection,
                                    std::span<const std::string> message_ids);

}  // namespace parley::outreach
