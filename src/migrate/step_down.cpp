#include "migrate/step_down.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "migrate/plan.h"
#include "migrate/scope.h"

namespace parley::migrate {
namespace {

StepDown step_of(const Revision& revision, std::vector<schema::Change> changes,
                 const schema::Schema& with) {
  schema::Schema before = part_of(with, scope_of(changes, with));
  return {.revision = &revision, .changes = std::move(changes), .before = std::move(before)};
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
      auto changes = changes_back(*revision, state);
      replay_onto(state, *revision);
      steps.push_back(step_of(*revision, std::move(changes), state));
    }
    std::ranges::reverse(steps);
    return steps;
  }
  for (const Revision* revision : path) {
    const schema::Schema with = history.replay(applied);
    applied.erase(revision->id);
    steps.push_back(step_of(*revision, changes_back(*revision, history.replay(applied)), with));
  }
  return steps;
}

}  // namespace parley::migrate
