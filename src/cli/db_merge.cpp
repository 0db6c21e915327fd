// parley db merge: one head out of several.

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/new_revision.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/merge.h"

namespace parley::cli {
namespace {

struct MergeOptions : NewRevisionOptions {
  std::vector<std::string> expressions;
  bool is_auto = false;
};

void require_apart(const migrate::History& graph, const std::vector<std::string>& parents) {
  for (const std::string& parent : parents) {
    migrate::Applied below = graph.with_ancestors(parent);
    below.erase(parent);
    std::vector<std::string> overlaps = parents;
    std::erase_if(overlaps, [&](const auto& id) { return !below.contains(id); });
    if (overlaps.empty()) continue;
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("Requested revision {} overlaps with other requested revisions {}",
                            parent, join(overlaps, ", ")),
                "Leave those out: it stands on them already.");
  }
}

std::vector<std::string> parents_of(const migrate::History& graph, const MergeOptions& options,
                                    const std::string& history) {
  auto expressions = options.expressions;
  if (expressions.empty()) expressions.emplace_back("heads");
  std::vector<std::string> parents;
  for (const std::string& expression : expressions) {
    for (std::string& id : graph.resolve(expression, {}, history)) {
      if (std::ranges::find(parents, id) == parents.end()) parents.push_back(std::move(id));
    }
  }
  if (parents.size() < 2) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("Merging needs at least two revisions, and '{}' names {}",
                            join(expressions, " "), parents.empty() ? "none" : parents.front()),
                "`parley db heads` lists the heads.");
  }
  require_apart(graph, parents);
  require_heads(graph, parents, options.splices);
  return parents;
}

ExitCode merge(const MergeOptions& options) {
  if (options.expressions.empty() && !options.is_auto) {
    throw Error(ErrorCode::InvalidArgument, "Which revisions are to be merged?",
                "Name them, or all heads: parley db merge heads -m MESSAGE");
  }
  const app::Target target = target_for_writing(options);
  const auto& graph = target.definition.graph;
  const auto parents = parents_of(graph, options, target.history);
  if (options.is_auto) {
    const auto conflicts = migrate::merge_conflicts(graph, parents);
    if (!conflicts.empty()) throw migrate::merge_error(conflicts, parents);
  }
  const std::string message =
      options.message.empty() ? "merge " + join(parents, " and ") : options.message;
  const auto made = migrate::make_revision({.id = options.revision_id,
                                            .message = message,
                                            .parents = parents,
                                            .branch_labels = options.branch_labels},
                                           graph, SystemClock().now());
  Output output(options);
  write_revision(made, target, output);
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_merge(VerbGroup& db) {
  auto [verb, options] =
      db.verb<MergeOptions>("merge", "Write a revision that joins several branches", merge);
  verb.optional_arguments("revisions", options.expressions, "Their heads; `heads` for all");
  verb.flag("--auto", options.is_auto,
            "Merge all heads if their branches touch different objects, else refuse (exit code 3)");
  verb.option("-m,--message", "TEXT", options.message, "What it does (default: merge A and B)");
  verb.option("--rev-id", "ID", options.revision_id, "Its id (default: 12 random digits)");
  verb.option("--branch-label", "NAME", options.branch_labels,
              "A name for the branch that begins here; may be repeated");
  verb.flag("--splice", options.splices, "Also revisions that are no heads");
  verb.example("parley db merge --auto --dir migrations");
}

}  // namespace parley::cli
