#pragma once

// From a wanted schema to a revision: what the code declares, or a target file says, and no
// revision creates yet. The caller writes the file.

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "migrate/definition.h"
#include "migrate/renames.h"
#include "migrate/target.h"

namespace parley::migrate {

/// What autogenerate compares: the schema that the revisions lead to, and the one that shall be.
struct Comparison {
  schema::Schema recorded;
  WantedSchema wanted;
};

/// Declared against replayed, in neutral words.
Comparison declared_comparison(const NamespaceDefinition& definition,
                               const HistoryDefinition& history);

/// A YAML target against the replay of all heads of `history`, both in neutral words. Throws as
/// `read_yaml_target`.
Comparison yaml_comparison(const NamespaceDefinition& definition, const HistoryDefinition& history,
                           const std::filesystem::path& file);

/// An SQL target against the same, as the engine of `live` gives both back. Throws as
/// `read_target`.
Comparison sql_comparison(const NamespaceDefinition& definition, const HistoryDefinition& history,
                          const std::filesystem::path& file, database::Connection& live);

/// The changes from recorded to wanted as a careful person writes them: a column that cannot be
/// NULL comes to a table with rows as nullable, is filled, and only then forbids NULL.
std::vector<schema::Change> changes_to_write(const Comparison& comparison, const Renames& renames);

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
