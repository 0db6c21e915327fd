#include "migrate/step_down.h"

#include <algorithm>
#include <ranges>

#include "migrate/plan.h"
#include "migrate/scope.h"

namespace parley::migrate {
namespace {

/// Brings `state` from before the revision to behind it.
StepDown step_over(schema::Schema& state, const Revision& revision) {
  StepDown step{.revision = &revision, .changes = changes_back(revision, state), .before = {}};
  replay_onto(state, revision);
  step.before = part_of(state, scope_of(step.changes, state));
  return step;
}

/// True when nothing else comes behind or between the revisions of `path`.
bool is_end_of(const std::vector<const Revision*>& ordered,
               const std::vector<const Revision*>& path) {
  return path.size() <= ordered.size() &&
         std::ranges::equal(path, ordered | std::views::reverse | std::views::take(path.size()));
}

}  // namespace

std::vector<StepDown> steps_down(const History& history, Applied applied,
                                 const std::vector<const Revision*>& path) {
  std::vector<StepDown> steps;
  if (is_end_of(history.in_order(applied), path)) {
    for (const Revision* revision : path) applied.erase(revision->id);
    schema::Schema state = history.replay(applied);
    for (const Revision* revision : path | std::views::reverse) {
      steps.push_back(step_over(state, *revision));
    }
    std::ranges::reverse(steps);
    return steps;
  }
  for (const Revision* revision : path) {
    applied.erase(revision->id);
    schema::Schema state = history.replay(applied);
    steps.push_back(step_over(state, *revision));
  }
  return steps;
}

}  // namespace parley::migrate
