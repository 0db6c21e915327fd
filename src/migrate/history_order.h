#pragma once

// Puts revisions in the order of their graph, and refuses what is no graph. Internal to History.

#include <map>
#include <string>
#include <vector>

#include "migrate/revision.h"

namespace parley::migrate {

/// What a `depends_on` means: an id, or the revision that has the label.
using LabelOwners = std::map<std::string, std::string, std::less<>>;

/// Which revision gives each branch label. Throws Error{InvalidRevisionFile} for a label that is
/// given twice or is an id.
LabelOwners label_owners(const std::vector<Revision>& revisions);

/// The ids a revision stands on: its parents, then its dependencies with labels resolved.
std::vector<std::string> needs_of(const Revision& revision, const LabelOwners& labels);

/// Parents and dependencies first; below each head, in the order given, one branch at a time.
/// Throws Error{InvalidRevisionFile} for two files with one id or a missing parent,
/// Error{HistoryCycle} for a cycle.
std::vector<Revision> in_graph_order(std::vector<Revision> revisions, const LabelOwners& labels);

}  // namespace parley::migrate
