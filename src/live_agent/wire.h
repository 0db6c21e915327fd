#pragma once

// The JSON shapes of the answers. Fields that a table has come from its declaration, so that code
// and wire cannot drift apart; only what is computed is named here. Pure functions; any thread.

#include <optional>
#include <string>

#include "api/page.h"
#include "base/json.h"
#include "live_agent/accounts.h"
#include "live_agent/messages.h"
#include "live_agent/sessions.h"
#include "live_agent/statistics.h"
#include "live_agent/tables.h"

namespace parley::live_agent {

JsonObject session_json(const SessionView& view);
JsonObject message_json(const MessageRow& message);

// What is answered most is written as text at once.
std::string session_text(const SessionView& view);
std::string message_text(const MessageRow& message);
std::string session_page_text(const SessionPage& found, const api::Page& page);
std::string message_page_text(const MessagePage& found, const api::Page& page,
                              const SessionRow& session);
std::string polled_messages_text(const PolledMessages& polled, const std::string& session_id);

/// The account as its owner sees it.
JsonObject profile_json(const UserRow& user);

/// The account as those see it who manage agents, with its presence.
JsonObject agent_json(const Agent& agent);

/// The answer of a presence change.
JsonObject presence_json(const ProfileRow& profile);

JsonObject agent_page_json(const AgentPage& found, const api::Page& page);
JsonObject statistics_json(const Statistics& statistics);

/// `{success: true, message, data}`; without a message when it is empty.
JsonObject envelope(const std::string& message, JsonObject data);

}  // namespace parley::live_agent
