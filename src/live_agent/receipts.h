#pragma once

// Read receipts, and the unread counters that follow from them. Functions run inside a transaction
// given by the store. The connection's thread.

#include <cstdint>

#include "base/clock.h"
#include "live_agent/tables.h"
#include "live_agent/vocabulary.h"
#include "store/unit_of_work.h"

namespace parley::live_agent {

/// Marks all unread messages of the other side as read by `reader` and sets the reader's counter.
/// Returns how many were marked; 0 changes nothing.
std::int64_t mark_session_read(store::UnitOfWork& unit, const SessionRow& session, Side reader,
                               Timestamp now);

/// Marks one message as read by `reader` and returns it as it is then. `read_at` is set once and by
/// the other side only, and the reader's counter is set.
MessageRow mark_message_read(store::UnitOfWork& unit, const SessionRow& session, MessageRow message,
                             Side reader, Timestamp now);

}  // namespace parley::live_agent
