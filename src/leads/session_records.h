#pragma once

// Agent sessions as the API keeps them: opened by hand, listed, changed, ended. Functions run
// inside a transaction given by the store, and throw `http::Problem` for what the caller must hear.
// The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "leads/session_life.h"
#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::leads {

struct NewSession {
  std::int64_t agent_id = 0;
  std::int64_t lead_id = 0;
  Opening opening;
};

/// Opens a session without a greeting. Throws 404 for an agent or lead that is not there, and 400
/// when the lead has a live session.
AgentSessionRow add_session(store::UnitOfWork& unit, const NewSession& wanted, Timestamp now);

/// The session. Throws 404.
AgentSessionRow session_of(database::Connection& connection, std::int64_t id);

struct SessionFilter {
  std::optional<SessionStatus> status;
  std::optional<std::int64_t> agent_id;
  std::optional<std::int64_t> lead_id;
  api::Page page;
};

struct SessionPage {
  std::vector<AgentSessionRow> sessions;
  std::int64_t total = 0;
};

/// Newest first.
SessionPage list_sessions(database::Connection& connection, const SessionFilter& filter);

/// The session of the lead that is active, without those that a person has taken over. Throws 404
/// for a lead that is not there.
std::optional<AgentSessionRow> active_session_of(database::Connection& connection,
                                                 std::int64_t lead_id);

std::int64_t count_active_sessions(database::Connection& connection);

struct SessionChange {
  std::optional<SessionStatus> status;
  std::optional<std::string> completion_reason;
  std::optional<std::string> escalated_to;
  std::optional<std::string> escalation_reason;
  std::optional<std::string> satisfaction_score;
};

/// Changes what is given. Throws 404, and 409 when a status would make it a second live session of
/// its lead.
AgentSessionRow change_session(store::UnitOfWork& unit, std::int64_t id,
                               const SessionChange& change, Timestamp now);

/// Counts a message that was sent elsewhere; a session with too many is escalated. Throws 404, and
/// 400 when it is not active.
AgentSessionRow count_message(store::UnitOfWork& unit, std::int64_t id, SenderType sender,
                              Timestamp now);

/// Ends an active, paused or taken over session: escalated to somebody, or completed. Throws 404,
/// and 400 when it has ended.
AgentSessionRow finish_session(store::UnitOfWork& unit, std::int64_t id,
                               const std::optional<std::string>& reason,
                               const std::optional<std::string>& escalated_to, Timestamp now);

}  // namespace parley::leads
