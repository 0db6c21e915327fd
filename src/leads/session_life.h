#pragma once

// The life of a session: opened with all that belongs to it, and ended once. Whoever opens one has
// locked the lead before (rows.h), so that a lead never has two sessions that are live. Functions
// run inside a write transaction given by the store, and throw `http::Problem` for what the caller
// must hear. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/unit_of_work.h"

namespace parley::leads {

inline constexpr std::int64_t kAutoTimeoutHours = 48;
inline constexpr std::int64_t kMaxMessageCount = 100;

struct Opening {
  std::string trigger_type;
  std::optional<std::string> goal;
  JsonObject initial_context;
  SessionStatus status = SessionStatus::Active;
  std::int64_t auto_timeout_hours = kAutoTimeoutHours;
  std::int64_t max_message_count = kMaxMessageCount;
};

/// Opens a session: its row, the follow-ups of the agent's workflow steps (when it is active), the
/// events. Requires: the lead is locked and has no live session, unless
/// the new one is not live either.
AgentSessionRow open_session(store::UnitOfWork& unit, const AgentRow& agent, const LeadRow& lead,
                             const Opening& opening, Timestamp now);

/// How a session ends.
struct Ending {
  SessionStatus status = SessionStatus::Completed;
  std::optional<std::string> completion_reason;
  std::optional<std::string> escalated_to;
  std::optional<std::string> escalation_reason;
};

/// Ends the session, or moves an ended one to another end: `ended_at` is set once, pending
/// follow-ups are cancelled. What `ending` leaves out stays. Requires: `session` is locked.
AgentSessionRow end_session(store::UnitOfWork& unit, AgentSessionRow session, const Ending& ending,
                            Timestamp now);

/// Ends it as `timeout`, for `inactivity_timeout`.
AgentSessionRow time_out(store::UnitOfWork& unit, const AgentSessionRow& session, Timestamp now);

/// True when an active session has been silent for longer than it may.
bool is_idle(const AgentSessionRow& session, Timestamp now);

/// Times out the sessions that are idle, the oldest first, at most `count_max`. Returns how many.
std::int64_t time_out_idle_sessions(store::UnitOfWork& unit, std::int64_t count_max, Timestamp now);

}  // namespace parley::leads
