#pragma once

// What happens to a lead opens a session with the agent that waits for it; and what of the agents'
// triggers and steps is understood. Functions run inside a transaction given by the store. The
// connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "leads/replies.h"
#include "leads/tables.h"
#include "leads/triggers.h"
#include "leads/vocabulary.h"
#include "store/connection.h"
#include "store/query.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// What came of an event.
struct FiredEvent {
  std::optional<AgentSessionRow> session;  ///< The one it opened.
  std::string message;                     ///< For people.
};

/// Opens a session of the lead with the first of the agents that fit the event, and sees to its
/// greeting; does nothing when the lead has a live session, or nobody fits. `data` is what else is
/// known of the event, and becomes the session's context. A live session that was silent for too
/// long is timed out first. Requires: the lead is locked.
FiredEvent fire_event(store::UnitOfWork& unit, const LeadRow& lead, const LeadEvent& event,
                      const JsonObject& data, Responding responding, Timestamp now);

/// The agents in lists and counts: all but the one that holds messages nobody takes.
store::Condition<AgentRow> is_listed();

/// `agents.type` of that one.
inline constexpr std::string_view kHoldingType = "holding";

/// An agent's triggers and steps as they were understood.
struct TriggerSummary {
  AgentRow agent;
  std::vector<Trigger> triggers;
  json::array unknown_triggers;  ///< Of unknown form, which are ignored.
  json::array unknown_steps;
};

TriggerSummary summary_of(AgentRow agent);

/// Of all agents, by id.
std::vector<TriggerSummary> trigger_summaries(database::Connection& connection);

/// How many sessions there are, by how they began and how they are.
struct SessionFigures {
  std::int64_t total = 0;
  std::int64_t active = 0;
  std::vector<std::pair<std::string, std::int64_t>> by_trigger_type;
  std::vector<std::pair<std::string, std::int64_t>> by_status;

  std::int64_t with_status(SessionStatus status) const;
};

SessionFigures session_figures(database::Connection& connection,
                               const store::Condition<AgentSessionRow>& condition = {});

}  // namespace parley::leads
