// parley db history, heads, branches and show: what the revision files say.

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "cli/applied.h"
#include "cli/output.h"
#include "cli/revision_text.h"
#include "cli/verb.h"
#include "migrate/way_back.h"

namespace parley::cli {
namespace {

struct HistoryOptions : DbOptions {
  std::string range = ":";
  bool indicates_current = false;
};
struct HeadsOptions : DbOptions {
  bool resolves_dependencies = false;
};
struct BranchesOptions : DbOptions {};
struct ShowOptions : DbOptions {
  std::string expression;
};

/// The revisions that the database is at, as far as `current` shows them.
migrate::Applied at_present(const app::Target& target, const migrate::Applied& applied) {
  const auto newest = target.definition.graph.newest(applied);
  return {newest.begin(), newest.end()};
}

void print_revision(const app::Target& target, const migrate::Revision& revision,
                    const LineParts& parts, bool is_verbose, Output& output) {
  const auto& graph = target.definition.graph;
  if (is_verbose) {
    output.text(entry_of(graph, revision, parts.is_current));
  } else {
    output.line("{}{}", prefix_of(target), line_of(graph, revision, parts));
  }
}

void print_history(const app::Target& target, const HistoryOptions& options, Output& output) {
  const RangeWords range = range_words(options.range);
  const auto& graph = target.definition.graph;
  const bool asks =
      options.indicates_current || needs_database(range.start) || needs_database(range.end);
  const auto applied = asks ? applied_in(target) : migrate::Applied();
  const auto current = options.indicates_current ? at_present(target, applied) : migrate::Applied();
  for (const std::string& history : histories_of(target)) {
    for (const migrate::Revision* revision :
         graph.range(range.start, range.end, applied, history)) {
      const bool is_current = current.contains(revision->id);
      print_revision(
          target, *revision,
          {.has_parents = true, .has_labels = true, .has_message = true, .is_current = is_current},
          options.is_verbose, output);
      JsonObject json = to_json(graph, *revision);
      if (options.indicates_current) json["is_current"] = is_current;
      output.list("revisions").push_back(std::move(json));
    }
  }
}

ExitCode history(const HistoryOptions& options) {
  if (!is_range(options.range)) {
    throw Error(ErrorCode::InvalidArgument,
                "History range requires [start]:[end], [start]:, or :[end]",
                fmt::format("For example: parley db history -r {}:", options.range));
  }
  Output output(options);
  output.list("revisions");
  for (const app::Target& target : app::targets_of(options.where())) {
    print_history(target, options, output);
  }
  output.finish();
  return ExitCode::Done;
}

ExitCode heads(const HeadsOptions& options) {
  Output output(options);
  output.list("heads");
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto& graph = target.definition.graph;
    for (const std::string& history : histories_of(target)) {
      for (const std::string& id :
           options.resolves_dependencies ? graph.real_heads(history) : graph.heads(history)) {
        print_revision(target, graph.at(id), {.has_labels = true, .has_points = false},
                       options.is_verbose, output);
        output.list("heads").push_back(to_json(graph, graph.at(id)));
      }
    }
  }
  output.finish();
  return ExitCode::Done;
}

void print_branch_point(const app::Target& target, const migrate::Revision& revision,
                        const BranchesOptions& options, Output& output) {
  const auto& graph = target.definition.graph;
  print_revision(target, revision, {.has_labels = true}, options.is_verbose, output);
  const std::string indent(prefix_of(target).size() + revision.id.size(), ' ');
  for (const std::string& child : graph.children(revision.id)) {
    const LineParts parts{.has_labels = true, .has_message = options.is_verbose};
    output.line("{} -> {}", indent, line_of(graph, graph.at(child), parts));
  }
  output.line("");
}

ExitCode branches(const BranchesOptions& options) {
  Output output(options);
  output.list("branches");
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto& graph = target.definition.graph;
    for (const std::string& history : histories_of(target)) {
      for (const migrate::Revision* revision : graph.range("", "", {}, history)) {
        if (!graph.place_of(revision->id).is_branch_point()) continue;
        print_branch_point(target, *revision, options, output);
        output.list("branches").push_back(to_json(graph, *revision));
      }
    }
  }
  output.finish();
  return ExitCode::Done;
}

json::array print_lost_on_the_way_back(const migrate::Revision& revision, Output& output) {
  json::array lines;
  for (const auto& lost : migrate::lost_on_the_way_back(revision)) {
    if (lines.empty()) output.line("\n    On the way back:");
    lines.emplace_back(migrate::to_text(lost));
    output.line("    - {}", migrate::to_text(lost));
  }
  return lines;
}

ExitCode show(const ShowOptions& options) {
  const app::Target target = app::only_target(options.where());
  const auto& graph = target.definition.graph;
  const auto applied = applied_for(target, {options.expression});
  Output output(options);
  output.list("revisions");
  for (const std::string& id : graph.resolve(options.expression, applied, target.history)) {
    const migrate::Revision& revision = graph.at(id);
    output.text(entry_of(graph, revision, false));
    JsonObject json = to_json(graph, revision);
    json::array changes;
    for (const schema::Change& change : revision.upgrade) {
      output.line("    - {}", schema::describe(change));
      changes.emplace_back(schema::describe(change));
    }
    json["changes"] = std::move(changes);
    json["lost_on_the_way_back"] = print_lost_on_the_way_back(revision, output);
    if (!revision.upgrade.empty()) output.line("");
    output.list("revisions").push_back(std::move(json));
  }
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_history(VerbGroup& db) {
  auto [verb, options] =
      db.verb<HistoryOptions>("history", "List the revisions, newest first", history);
  verb.option("-r,--rev-range", "START:END", options.range,
              "Only these: START:, :END, -3:current (three before what is applied)");
  verb.flag("-i,--indicate-current", options.indicates_current,
            "Mark what is applied in the database");
  verb.example("parley db history -r 001_create_sessions: --module live_agent");
}

void add_heads(VerbGroup& db) {
  auto [verb, options] =
      db.verb<HeadsOptions>("heads", "List the newest revision of each branch", heads);
  verb.flag("--resolve-dependencies", options.resolves_dependencies,
            "Leave out those that another head depends on");
  verb.example("parley db heads --module live_agent");
}

void add_branches(VerbGroup& db) {
  auto [verb, options] =
      db.verb<BranchesOptions>("branches", "List the revisions where branches begin", branches);
  verb.example("parley db branches -v --dir migrations");
}

void add_show(VerbGroup& db) {
  auto [verb, options] = db.verb<ShowOptions>("show", "Tell all about one revision", show);
  verb.argument("revision", options.expression,
                "An id or its beginning, head, current, label@head");
  verb.example("parley db show head --module live_agent");
}

}  // namespace parley::cli
