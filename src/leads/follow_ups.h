#pragma once

// Follow-ups: messages that an agent will write when the lead stays silent. They are tasks that a
// session gets from the agent's workflow steps when it is opened; follow_up_run.h carries them out.
// Functions run inside a transaction given by the store. The connection's thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/connection.h"
#include "store/query.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// What tasks wait for that a workflow step makes.
inline constexpr std::string_view kNoResponse = "no_response";

/// The types of tasks that a message of the lead cancels.
inline constexpr std::array<std::string_view, 2> kCancelledByReply{"no_response_sequence",
                                                                   "no_response_single"};

/// The tasks that the workflow steps of `agent` mean for a session that was opened at `now`, in the
/// order of their positions. Steps of another type, of unknown form, or with what no task can hold
/// are left out. Pure.
std::vector<FollowUpTaskRow> follow_ups_of(const AgentRow& agent, const AgentSessionRow& session,
                                           Timestamp now);

/// False for a workflow step of unknown form, which is kept and ignored. Pure.
bool is_understood_step(const Json& step);

/// Stores them, and tells of them. Returns the names of the sequences they belong to.
std::vector<std::string> schedule_follow_ups(store::UnitOfWork& unit, const AgentRow& agent,
                                             const AgentSessionRow& session, Timestamp now);

/// Cancels the session's pending tasks of these types, or all of them when there are none. Returns
/// how many.
std::int64_t cancel_follow_ups(store::UnitOfWork& unit, std::int64_t session_id,
                               std::span<const std::string_view> types, const std::string& reason,
                               Timestamp now);

/// What a message of the lead does to them.
std::int64_t cancel_on_reply(store::UnitOfWork& unit, std::int64_t session_id, Timestamp now);

/// The tasks of a session by position.
std::vector<FollowUpTaskRow> follow_ups_in(database::Connection& connection,
                                           std::int64_t session_id);

/// The newest tasks, of that status or of any, at most `count_max`.
std::vector<FollowUpTaskRow> newest_follow_ups(database::Connection& connection,
                                               std::optional<TaskStatus> status,
                                               std::int64_t count_max);

struct FollowUpFigures {
  std::int64_t total = 0;
  std::int64_t executed = 0;
  std::int64_t failed = 0;
  std::int64_t pending = 0;
  std::int64_t cancelled = 0;  ///< The skipped ones too.

  /// Of those that were tried to the end, 0 to 100 with two decimals.
  double success_rate() const;
};

/// Of the tasks that were made since then.
FollowUpFigures follow_up_figures(database::Connection& connection, Timestamp since);

}  // namespace parley::leads
