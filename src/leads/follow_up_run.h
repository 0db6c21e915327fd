#pragma once

// Carrying out follow-ups: each due task is one write in which it is claimed and its message is
// stored, so that it happens once, whoever else runs the same tasks, and whenever a process dies.
// Functions that are given a connection or a unit of work run inside a transaction of the store.

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "leads/tables.h"
#include "store/connection.h"
#include "store/store.h"
#include "store/unit_of_work.h"

namespace parley::leads {

inline constexpr std::int64_t kFollowUpsPerRound = 50;
inline constexpr std::chrono::minutes kFollowUpRetry{30};

/// What became of a task that was due.
struct FollowUpResult {
  enum class Outcome {
    Executed,
    Skipped,  ///< Cancelled, because it is not wanted any more.
    Failed,   ///< It is tried again later, until it was tried often enough.
  };

  std::int64_t task_id = 0;
  Outcome outcome = Outcome::Executed;
  std::optional<std::int64_t> message_id;  ///< Of Executed.
  std::string reason;                      ///< Of the others.
  std::string sequence_progress;           ///< `2/3`; empty when it is not one of several.
};

/// What became of all that were due.
struct FollowUpRound {
  std::vector<FollowUpResult> tasks;

  std::int64_t count(FollowUpResult::Outcome outcome) const;
};

/// The ids of the tasks that are due, the longest first, at most `count_max`. A task that waits for
/// another one is not due before that is done with.
std::vector<std::int64_t> due_follow_ups(database::Connection& connection, Timestamp now,
                                         std::int64_t count_max);

/// Carries out one task; nothing when it is not due any more, because somebody else did. What the
/// database throws leaves the task as it was.
std::optional<FollowUpResult> carry_out(store::UnitOfWork& unit, std::int64_t task_id,
                                        Timestamp now);

/// Notes that the task could not be carried out. Nothing as above.
std::optional<FollowUpResult> note_failure(store::UnitOfWork& unit, std::int64_t task_id,
                                           const std::string& reason, Timestamp now);

/// Called once, with what became of the tasks, or with why they could not be looked for.
using RoundDone = std::function<void(std::exception_ptr, FollowUpRound)>;

/// Carries out the tasks that are due, at most `kFollowUpsPerRound`: as many writes, which share a
/// transaction when nobody else writes. Does not wait; `done` is called on a thread of the store,
/// which outlives that. Any thread.
void run_due(store::Store& store, RoundDone done);

/// The same, and waits. Not to be called on a thread of the store. Throws what stood in the way.
FollowUpRound run_due_and_wait(store::Store& store);

}  // namespace parley::leads
