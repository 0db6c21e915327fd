#pragma once

// Whether branches can be merged without a person: when they touch different objects, the order in
// which they are applied does not matter, and a merge revision without changes is all it takes.
// Pure.

#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/history.h"

namespace parley::migrate {

/// Two revisions of different branches that touch one object.
struct MergeConflict {
  std::string object;        ///< `column messages.read_at`
  std::string first;         ///< A revision, and what it does.
  std::string first_change;  ///< `add column messages.read_at`
  std::string second;
  std::string second_change;
};

/// The conflicts between the branches that end in `heads`, each pair since their common ancestors.
/// None also means: applied in either order, both replay to the same schema.
std::vector<MergeConflict> merge_conflicts(const History& graph,
                                           std::span<const std::string> heads);

/// The refusal to merge them, naming the objects and revisions. Requires: there are some.
Error merge_error(const std::vector<MergeConflict>& conflicts, std::span<const std::string> heads);

}  // namespace parley::migrate
