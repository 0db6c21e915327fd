#pragma once

// The platform's bridge polls what agents and owners wrote, posts it there, and notes that here.
// Polling changes nothing. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "leads/conversation_views.h"
#include "leads/tables.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// The messages of the lead in the window that are to be delivered, oldest first.
std::vector<MessageRow> undelivered(store::Connection& connection, std::int64_t lead_id,
                                    const MessageWindow& window);

/// Notes that the message is at the platform, with its id there when that is known. The time of the
/// first note is kept. Throws 404; 409 for a message that came from the lead.
MessageRow mark_delivered(store::UnitOfWork& unit, std::int64_t message_id,
                          const std::optional<std::string>& external_message_id, Timestamp now);

}  // namespace parley::leads
