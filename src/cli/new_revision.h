#pragma once

// What `revision` and `merge` have in common: a new file that follows given revisions.

#include <string>
#include <vector>

#include "app/target.h"
#include "cli/output.h"
#include "migrate/autogenerate.h"

namespace parley::cli {

/// Where the new revision goes in the graph.
struct NewRevisionOptions : DbOptions {
  std::string message;
  std::string revision_id;
  std::vector<std::string> branch_labels;
  bool splices = false;
};

/// The target, whose folder may be missing yet.
app::Target target_for_writing(const DbOptions& options);

/// Throws Error{InvalidArgument} when one of `parents` is no head, unless a branch may begin there.
void require_heads(const migrate::History& graph, const std::vector<std::string>& parents,
                   bool splices);

/// Writes the file and says so. Throws Error{FileSystem} when it is there already or cannot be
/// written.
void write_revision(const migrate::Revision& revision, const app::Target& target, Output& output);

/// Prints the changes, indented.
void print_changes(const std::vector<schema::Change>& changes, Output& output);
json::array to_json(const std::vector<schema::Change>& changes);

}  // namespace parley::cli
