#pragma once

// From the declarations to a revision: what the code declares and no revision creates yet. Pure,
// except that it reads the graph; the caller writes the file.

#include <string>
#include <vector>

#include "base/clock.h"
#include "migrate/definition.h"

namespace parley::migrate {

/// The changes that `history` is missing: declared against replayed. Empty when every declaration
/// has its revision.
std::vector<schema::Change> uncommitted(const NamespaceDefinition& definition,
                                        const HistoryDefinition& history);

/// The heads of earlier histories whose tables `changes` touch: what a revision with these changes
/// stands on besides its parents.
std::vector<std::string> dependencies_of(const std::vector<schema::Change>& changes,
                                         const NamespaceDefinition& definition,
                                         const HistoryDefinition& history);

struct NewRevision {
  std::string id;  ///< Empty: 12 hexadecimal digits, as Alembic makes them.
  std::string message;
  std::vector<std::string> parents;
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;
  std::vector<schema::Change> changes;
};

/// The revision, ready for `to_yaml`. Throws Error{InvalidArgument} when the id is already taken in
/// `graph`, and what `parse_revision` and `History` throw when it could not be read again or does
/// not fit into the graph.
Revision make_revision(const NewRevision& wanted, const History& graph, Timestamp now);

}  // namespace parley::migrate
