#pragma once

// One locked run of a command that changes a namespace: the state as it is under the lock, kept
// true while revisions go up and down. Shared by upgrade, downgrade, stamp and repair; not used
// outside migrate. One thread.

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/lock.h"
#include "migrate/park.h"
#include "migrate/retry.h"
#include "migrate/scope.h"
#include "migrate/step_down.h"

namespace parley::migrate {

class Session {
 public:
  /// Takes the lock and reads the state; writes nothing yet, so that a refusal leaves no trace.
  Session(Deployment& deployment, const ExecuteOptions& options);

  /// The same, but what is recorded of the history `forgotten` is not even read, and
  /// `begin_writing` drops it.
  Session(Deployment& deployment, const ExecuteOptions& options, const std::string& forgotten);

  const State& state() const { return state_; }
  const History& graph() const { return deployment_.definition().graph; }

  /// The live schema: inspected once, then kept true by what the revisions were verified to have
  /// done.
  const schema::Schema& live();

  /// Throws drift_error unless the live schema is workable, or a half-done run explains why it is
  /// not.
  void require_no_drift();

  /// Takes a backup when the options ask for one and something of `changes` would lose rows that
  /// are there. Writes nothing to the database. Throws what the backup throws, and then nothing was
  /// changed.
  void back_up_before(const std::vector<schema::Change>& changes);

  /// Creates the engine's tables where they are missing and takes over what only the native marker
  /// says. Must come before the functions below.
  void begin_writing();

  void apply(const Revision& revision);
  /// Applies as many of `path`, from the first on, as can share a transaction (shared_run.h), and
  /// says how many that were: 0 when the first has to be applied by itself, or when something
  /// failed, which was rolled back then and happens again, with all its words, in `apply`.
  std::size_t apply_together(std::span<const Revision* const> path);
  void undo(const StepDown& step);

  /// Replaces what is recorded as applied by `wanted`; changes no schema.
  void record_stamp(const Applied& wanted);

  /// Leaves an entry in the journal about something that ran no statement of its own.
  struct NoteEntry {
    std::string action;    ///< `stamp`, `adopt`, `ensure_version`.
    std::string history;   ///< Empty: the core.
    std::string revision;  ///< Empty unless it is about exactly one.
    std::string content;   ///< What was done, for people.
  };
  void note(const NoteEntry& entry);

 private:
  enum class Going { Up, Down };
  void take_over_marker();
  static std::string action_of(Going going);
  bool is_half_done(const Revision& revision, Going going) const;
  const schema::Schema& recorded();
  schema::Schema planning_base(const Scope& scope, const schema::Schema& known);
  std::size_t share(std::span<const Revision* const> path);
  void forget_unfinished();
  /// What is done beside the changes, in their transaction where they have one; either may be
  /// empty.
  struct Beside {
    std::function<void()> before;
    std::function<void()> after;
  };
  void carry_out(const Revision& revision, Going going, const std::vector<schema::Change>& changes,
                 const schema::Schema& known, const Beside& beside);
  std::function<void()> parking(const Revision& revision);
  struct Kept {
    std::vector<Parked> tables;
    schema::Schema normal;  ///< The state that they belong to, as the engine has it.
  };
  Kept kept_for(const Revision& revision);
  void record_applied(const Revision& revision);
  void move_marker(const Revision& revision);
  void record_undone(const Revision& revision);
  void read_marker();
  void write_marker();
  Timestamp now() const { return deployment_.clock().now(); }

  Deployment& deployment_;
  const ExecuteOptions& options_;
  Lock lock_;
  std::optional<StatementPatience> patience_;  ///< From the first write on.
  State state_;
  bool forgets_ = false;
  bool shares_;                          ///< Revisions may be applied together.
  std::optional<JournalRow> half_done_;  ///< What an earlier run left.
  std::optional<schema::Schema> live_;
  std::optional<schema::Schema> recorded_;  ///< Replay of what is applied, once it is asked for.
  std::set<std::string> marker_;            ///< What the native marker holds.
};

}  // namespace parley::migrate
