#pragma once

// An answer that was given outside of the server: counted in its session, and no message. A write.

#include "base/clock.h"
#include "leads/conversation_requests.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// Counts the answer and merges its metadata into the session's. Throws 404.
void note_response(store::UnitOfWork& unit, const AgentResponse& response, Timestamp now);

}  // namespace parley::leads
