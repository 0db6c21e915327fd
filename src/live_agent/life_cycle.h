#pragma once

// The life cycle of a session: which status may follow which, and what a change does to the
// assignee. The decision is a pure function of the session as it was read; writing it is the
// service's compare-and-set. Any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "live_agent/access.h"

namespace parley::live_agent {

/// The agent that a request names: none, the caller (`""`), or somebody by id.
struct AssigneeRequest {
  enum class Kind { Absent, Caller, Agent } kind = Kind::Absent;
  std::int64_t agent_id = 0;  ///< Of `Kind::Agent`.
};

enum class Verdict {
  NoChange,
  Change,
  SessionClosed,  ///< A closed session stays closed.
  AlreadyTaken,   ///< A colleague holds what the caller wants to take.
  Forbidden,      ///< Not the caller's session, or a right is missing.
};

/// What becomes of the assignee.
enum class Assignee { Stays, Cleared, BecomesAgent };

struct Transition {
  Verdict verdict = Verdict::NoChange;
  Assignee assignee = Assignee::Stays;
  std::int64_t agent_id = 0;  ///< Of `Assignee::BecomesAgent`.
};

/// What asking for status `to` means. Requires: the caller is an agent with an id.
Transition transition_of(const SessionRow& session, SessionStatus to,
                         const AssigneeRequest& assignee, const Caller& caller);

/// The status of a session after a message was sent into it; nothing when it is closed, which takes
/// none.
std::optional<SessionStatus> status_after_message(const SessionRow& session, Side sender);

}  // namespace parley::live_agent
