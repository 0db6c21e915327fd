#pragma once

// What the module tells of (docs/guide/realtime.md), seen by callers of the same user_id; the data
// is the object as the endpoints answer it. Pure functions; any thread.

#include <string>

#include "base/json.h"
#include "outreach/sessions.h"
#include "outreach/tables.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

store::Event session_started(const SessionView& view);
store::Event session_ended(const SessionView& view);
store::Event message_logged(const MessageLogRow& message);
store::Event message_status(const MessageLogRow& message);

/// An event of that user. `topic`: what it is about.
store::Event event_for(const std::string& user_id, std::string kind, const std::string& topic,
                       std::string data);

/// True when `audience`, that of an event, is that user.
bool may_see(const JsonObject& audience, const std::string& user_id);

}  // namespace parley::outreach
