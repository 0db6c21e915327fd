#pragma once

// The way down, step by step: what undoes each of several applied revisions, and on which schema.
// The history is replayed once for all of them, and of each state only what a step touches is kept,
// so that going down a long history costs its length. Pure; any thread.

#include <vector>

#include "migrate/history.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

struct StepDown {
  const Revision* revision = nullptr;
  std::vector<schema::Change> changes;  ///< Undo the revision.
  /// What they are done to: of the state with the revision, the tables in their scope (scope.h),
  /// and all views, triggers and enums.
  schema::Schema before;
};

/// The steps that undo `path`, in its order, where `applied` is. Requires: `path` is one that
/// History::downgrade_path gives. The revisions live as long as the history.
std::vector<StepDown> steps_down(const History& history, Applied applied,
                                 const std::vector<const Revision*>& path);

}  // namespace parley::migrate
