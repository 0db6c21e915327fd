// parley db current: what is applied in the database.

#include <fmt/format.h>

#include "base/log.h"
#include "cli/applied.h"
#include "cli/output.h"
#include "cli/revision_text.h"
#include "cli/verb.h"
#include "migrate/deployment.h"

namespace parley::cli {
namespace {

struct CurrentOptions : DbOptions {
  bool checks_heads = false;
};

/// Prints what is applied of one history; true when nothing is missing.
bool print_current(const app::Target& target, const migrate::Applied& applied,
                   const std::string& history, const CurrentOptions& options, Output& output) {
  const auto& graph = target.definition.graph;
  const auto newest = graph.newest(applied, history);
  for (const std::string& id : newest) {
    const migrate::Revision& revision = graph.at(id);
    if (options.is_verbose) {
      output.text(entry_of(graph, revision, false));
    } else {
      output.line("{}{}", prefix_of(target), line_of(graph, revision, {}));
    }
    output.list("current").push_back(to_json(graph, revision));
  }
  return newest == graph.heads(history);
}

ExitCode current(const CurrentOptions& options) {
  Output output(options);
  output.list("current");
  bool is_at_heads = true;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    const auto applied = opened->deployment().state().applied;
    if (options.is_verbose) {
      output.line("Current revision(s) for {}:",
                  target.label.empty() ? "this database" : target.label);
    }
    for (const std::string& history : histories_of(target)) {
      is_at_heads = print_current(target, applied, history, options, output) && is_at_heads;
    }
  }
  output.document()["is_at_heads"] = is_at_heads;
  output.finish();
  if (!options.checks_heads || is_at_heads) return ExitCode::Done;
  log::warning("Database is not on all head revisions");
  return ExitCode::Differences;
}

}  // namespace

void add_current(VerbGroup& db) {
  auto [verb, options] =
      db.verb<CurrentOptions>("current", "Show which revisions are applied", current);
  verb.flag("--check-heads", options.checks_heads, "Exit with 1 unless all are heads");
  verb.example("parley db current --check-heads");
}

}  // namespace parley::cli
