#pragma once

// The JSON shapes of the answers. Fields that a table has come from its declaration, so that code
// and wire cannot drift apart; only what is computed is named here. Pure functions; any thread.

#include <optional>
#include <string>

#include "base/json.h"
#include "live_agent/accounts.h"
#include "live_agent/messages.h"
#include "live_agent/page.h"
#include "live_agent/sessions.h"
#include "live_agent/statistics.h"
#include "live_agent/tables.h"

namespace parley::live_agent {

JsonObject session_json(const SessionView& view);
JsonObject message_json(const MessageRow& message);

/// The account as its owner sees it.
JsonObject profile_json(const UserRow& user);

/// The account as those see it who manage agents, with its presence.
JsonObject agent_json(const Agent& agent);

/// The answer of a presence change.
JsonObject presence_json(const ProfileRow& profile);

JsonObject session_page_json(const SessionPage& found, const Page& page);
JsonObject message_page_json(const MessagePage& found, const Page& page, const SessionRow& session);
JsonObject polled_messages_json(const PolledMessages& polled, const std::string& session_id);
JsonObject agent_page_json(const AgentPage& found, const Page& page);
JsonObject statistics_json(const Statistics& statistics);

/// `{success: true, message, data}`; without a message when it is empty.
JsonObject envelope(const std::string& message, JsonObject data);

}  // namespace parley::live_agent
