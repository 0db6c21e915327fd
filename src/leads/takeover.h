#pragma once

// A person takes a conversation over from the agent, and gives it back. When, why and by whom is
// kept in the session's metadata. Functions of a write transaction.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "leads/tables.h"
#include "store/unit_of_work.h"

namespace parley::leads {

struct Takeover {
  std::string reason = "Manual takeover";
  std::string owner_id = "default";
};

/// A session whose status was changed.
struct StatusChange {
  AgentSessionRow session;
  std::string previous_status;
};

/// Takes the session over, whatever its status; a person's session stays one, with the new reason.
/// Throws 404; 409 for one that has ended while the lead has another that is live.
StatusChange take_over(store::UnitOfWork& unit, std::int64_t session_id, const Takeover& takeover,
                       Timestamp now);

/// Gives it back to its agent. Throws 404; 400 when nobody had taken it over.
StatusChange release(store::UnitOfWork& unit, std::int64_t session_id, Timestamp now);

/// What the metadata says of the last takeover.
struct TakeoverState {
  std::optional<std::string> reason;
  std::optional<std::string> taken_over_at;  ///< RFC 3339.
  std::optional<std::string> released_at;
};
TakeoverState takeover_of(const AgentSessionRow& session);

}  // namespace parley::leads
