#pragma once

// Which agent gets a lead that writes without having a session, and what the session is for. Pure,
// but for the function that reads and the one that makes a row.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "leads/tables.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// True when the agent takes leads that just write: it is active, and has no triggers or one for
/// such an event.
bool takes_messages(const AgentRow& agent);

/// The one of `agents` that comes first; nothing when none takes messages.
std::optional<AgentRow> agent_for_message(std::vector<AgentRow> agents);
/// The same of the stored ones.
std::optional<AgentRow> agent_for_message(store::Connection& connection);

/// By the words of the message, else by the agent's use case.
std::string goal_of_message(const AgentRow& agent, std::string_view message);

/// The agent that stands for nobody: it holds the messages that no agent takes. Made when it is
/// needed first. Its sessions wait, paused, for an agent. A write.
AgentRow holding_agent(store::UnitOfWork& unit, Timestamp now);

/// The session that holds the lead's messages; nothing when none does. Locked.
std::optional<AgentSessionRow> lock_held_session(store::Connection& connection,
                                                 std::int64_t lead_id);

}  // namespace parley::leads
