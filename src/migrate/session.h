#pragma once

// One locked run of a command that changes a namespace: the state as it is under the lock, kept
// true while revisions go up and down. Shared by upgrade, downgrade, stamp and repair; not used
// outside migrate. One thread.

#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/lock.h"

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

  /// Throws drift_error unless the live schema is workable, or a half-done run explains why it is
  /// not.
  void require_no_drift();

  /// Creates the engine's tables where they are missing and takes over what only the native marker
  /// says. Must come before the functions below.
  void begin_writing();

  void apply(const Revision& revision);
  void undo(const Revision& revision);

  /// Replaces what is recorded as applied by `wanted`; changes no schema.
  void record_stamp(const Applied& wanted);

 private:
  enum class Going { Up, Down };
  schema::Schema planning_base(const Revision& revision, Going going);
  void record_applied(const Revision& revision);
  void record_undone(const Revision& revision);
  void write_marker(const Applied& applied);
  Timestamp now() const { return deployment_.clock().now(); }

  Deployment& deployment_;
  const ExecuteOptions& options_;
  Lock lock_;
  State state_;
  bool forgets_ = false;
};

}  // namespace parley::migrate
