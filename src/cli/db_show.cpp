// parley db current, history and heads: the commands that look at histories and write nothing.

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/text.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/deployment.h"

namespace parley::cli {
namespace {

struct CurrentOptions : DbOptions {
  bool checks_heads = false;
};
struct HistoryOptions : DbOptions {};
struct HeadsOptions : DbOptions {};

std::string prefix_of(const app::Target& target) {
  return target.label.empty() ? "" : target.label + ": ";
}

bool is_head(const migrate::History& graph, const std::string& id) {
  return graph.children(id).empty();
}

std::string with_head_mark(const migrate::History& graph, const std::string& id) {
  return id + (is_head(graph, id) ? " (head)" : "");
}

/// The histories that the command speaks of: one, or all of the module.
std::vector<std::string> histories_of(const app::Target& target) {
  if (!target.is_whole_module) return {target.history};
  std::vector<std::string> names;
  for (const auto& history : target.definition.histories) names.push_back(history.name);
  return names;
}

ExitCode current(const CurrentOptions& options) {
  bool is_at_heads = true;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const migrate::State state = deployment.state();
    for (const std::string& history : histories_of(target)) {
      const auto newest = target.definition.graph.newest(state.applied, history);
      for (const std::string& id : newest) {
        fmt::print("{}{}\n", prefix_of(target), with_head_mark(target.definition.graph, id));
      }
      is_at_heads = is_at_heads && newest == target.definition.graph.heads(history);
    }
  }
  return options.checks_heads && !is_at_heads ? ExitCode::Differences : ExitCode::Done;
}

ExitCode history(const HistoryOptions& options) {
  for (const app::Target& target : app::targets_of(options.where())) {
    for (const std::string& history : histories_of(target)) {
      const auto& revisions = target.definition.graph.revisions();
      for (const migrate::Revision& revision : revisions | std::views::reverse) {
        if (!history.empty() && revision.history != history) continue;
        const std::string parents =
            revision.down_revisions.empty() ? "<base>" : join(revision.down_revisions, ", ");
        fmt::print("{}{} -> {}, {}\n", prefix_of(target), parents,
                   with_head_mark(target.definition.graph, revision.id), revision.message);
      }
    }
  }
  return ExitCode::Done;
}

ExitCode heads(const HeadsOptions& options) {
  for (const app::Target& target : app::targets_of(options.where())) {
    for (const std::string& history : histories_of(target)) {
      for (const std::string& id : target.definition.graph.heads(history)) {
        fmt::print("{}{} (head)\n", prefix_of(target), id);
      }
    }
  }
  return ExitCode::Done;
}

}  // namespace

void add_current(VerbGroup& db) {
  auto [verb, options] =
      db.verb<CurrentOptions>("current", "Show which revisions are applied", current);
  verb.flag("--check-heads", options.checks_heads, "Exit with 1 unless all are heads");
  verb.example("parley db current --check-heads");
}

void add_history(VerbGroup& db) {
  auto [verb, options] =
      db.verb<HistoryOptions>("history", "List the revisions, newest first", history);
  verb.example("parley db history --module live_agent");
}

void add_heads(VerbGroup& db) {
  auto [verb, options] =
      db.verb<HeadsOptions>("heads", "List the newest revision of each branch", heads);
  verb.example("parley db heads --module live_agent");
}

}  // namespace parley::cli
