#pragma once

// Sessions: opening, finding, listing, and moving through the life cycle. Functions run inside a
// transaction given by the store, and throw `http::Problem` for what the caller must hear (404,
// 403, 409, 422). The connection's thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "http/message.h"
#include "live_agent/access.h"
#include "live_agent/life_cycle.h"
#include "live_agent/tables.h"
#include "store/connection.h"
#include "store/query.h"
#include "store/unit_of_work.h"

namespace parley::live_agent {

/// How often a compare-and-set is tried again, with the row read anew, when another node was
/// faster.
inline constexpr int kCompareAndSetAttempts = 4;

std::optional<SessionRow> find_session(database::Connection& connection, const std::string& id);

/// The session, if the caller may reach it. Throws 404 and 403.
SessionRow session_for(database::Connection& connection, const Caller& caller,
                       const std::string& id);

/// Throws 403 when the caller may not reach the session.
void require_access(const SessionRow& session, const Caller& caller);

struct NewSession {
  std::string initial_message;
  JsonObject user_context;
};

/// Opens a session with its first message. Throws 422 when account, name or tenant of the caller do
/// not fit their columns.
SessionRow open_session(store::UnitOfWork& unit, const Caller& caller, const NewSession& opening,
                        Timestamp now);

struct SessionFilter {
  std::optional<SessionStatus> status;
  std::optional<std::string> tenant;
  bool assigned_to_me = false;
  std::optional<std::int64_t> agent_id;
  api::Page page;
};

/// A session with the text of its last message.
struct SessionView {
  SessionRow session;
  std::optional<std::string> last_text;
};

struct SessionPage {
  std::vector<SessionView> sessions;
  std::int64_t total = 0;
};

/// The sessions that the caller may see, newest message first; those without a message last, newest
/// first.
SessionPage list_sessions(database::Connection& connection, const Caller& caller,
                          const SessionFilter& filter);

/// The condition that lists and statistics apply: what `access_to` grants.
store::Condition<SessionRow> visible_to(const Caller& caller);

/// The sessions with their last texts, by one query for all of them.
std::vector<SessionView> with_last_text(database::Connection& connection,
                                        std::vector<SessionRow> sessions);

struct StatusChange {
  SessionStatus status = SessionStatus::Pending;
  AssigneeRequest assignee;
  std::string assigned_agent_name;  ///< Empty: the agent's own.
  /// Throws when the session is not as the caller has seen it; may be empty.
  std::function<void(const SessionRow&)> precondition;
};

/// Moves a session through the life cycle by compare-and-set. Returns it as it is then. Throws 403,
/// 404, 409 and, for an id that is no active agent, 422.
SessionRow change_status(store::UnitOfWork& unit, const Caller& caller, const std::string& id,
                         const StatusChange& change, Timestamp now);

/// The row is still in the status and with the assignee that were read.
store::Condition<SessionRow> unchanged_since(const SessionRow& seen);

/// What to throw when `kCompareAndSetAttempts` were not enough: the store then repeats the write in
/// a new transaction, which sees what others have committed where a snapshot hid it.
Error too_many_changes(const std::string& session_id);

}  // namespace parley::live_agent
