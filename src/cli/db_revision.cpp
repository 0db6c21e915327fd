// parley db revision and check: from declarations to revision files.

#include <fmt/format.h>

#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "cli/new_revision.h"
#include "cli/output.h"
#include "cli/target_options.h"
#include "cli/verb.h"
#include "migrate/autogenerate.h"
#include "migrate/deployment.h"
#include "migrate/offline.h"
#include "migrate/way_back.h"

namespace parley::cli {
namespace {

struct RevisionOptions : NewRevisionOptions, TargetChoice {
  std::string head = "head";
  std::vector<std::string> depends_on;
  bool is_autogenerate = false;
  bool is_sql = false;
};
struct CheckOptions : DbOptions, TargetChoice {};

/// Autogenerate compares the declarations with the files; a database that is behind the files is a
/// sign that somebody works on the wrong one. One that does not exist yet is behind nothing.
void require_up_to_date(const app::Target& target) {
  std::unique_ptr<app::OpenNamespace> opened;
  try {
    opened = target.open_existing();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::CannotConnect || error.code() == ErrorCode::UnknownDatabase)
      return;
    throw;
  }
  migrate::Deployment& deployment = opened->deployment();
  const migrate::State state = deployment.state();
  const auto& graph = target.definition.graph;
  const bool is_behind = !graph.upgrade_path(graph.heads(target.history), state.applied).empty();
  if (state.standing == migrate::Standing::Recorded && is_behind) {
    throw Error(ErrorCode::NotUpToDate, "Target database is not up to date.",
                "Run: parley db upgrade");
  }
}

const migrate::HistoryDefinition& compared_history(const app::Target& target,
                                                   const TargetChoice& choice) {
  const auto& history = target.definition.history_named(target.history);
  if (history.declared_tables.empty() && choice.target.empty()) {
    throw Error(
        ErrorCode::InvalidArgument,
        "There are no declarations to compare with: only the modules of this program have them",
        "Name the wanted schema with --target FILE, or write the changes by hand: parley db "
        "revision "
        "-m MESSAGE makes an empty file to fill.");
  }
  return history;
}

/// Fills in what the code declares and no revision creates: the one place that knows what
/// autogenerate compares with.
void autogenerate(const app::Target& target, const RevisionOptions& options,
                  migrate::NewRevision& wanted) {
  require_up_to_date(target);
  const auto& history = compared_history(target, options);
  wanted.changes = changes_to_write(
      target, history, options,
      command_line("revision --autogenerate -m '" + options.message + "'", options, options));
  for (std::string& id : migrate::dependencies_of(wanted.changes, target.definition, history)) {
    wanted.depends_on.push_back(std::move(id));
  }
}

/// Ids for expressions; a label stays a label, so that the file says what was meant.
std::vector<std::string> dependencies(const app::Target& target,
                                      const std::vector<std::string>& expressions) {
  const auto& graph = target.definition.graph;
  std::vector<std::string> found;
  for (const std::string& expression : expressions) {
    if (graph.find_labelled(expression) != nullptr) {
      found.push_back(expression);
      continue;
    }
    // Whatever it depends on may be of another history of the namespace.
    for (std::string& id : graph.resolve(expression, {}, "")) found.push_back(std::move(id));
  }
  return found;
}

/// The SQL of a revision that is in no file.
std::string sql_of(const migrate::Revision& revision, const app::Target& target,
                   const RevisionOptions& options) {
  migrate::NamespaceDefinition definition = target.definition;
  auto revisions = definition.graph.revisions();
  revisions.push_back(revision);
  revisions.back().history = target.history;
  definition.graph = migrate::History(std::move(revisions));
  migrate::Applied before = definition.graph.with_ancestors(revision.id);
  before.erase(revision.id);
  return migrate::upgrade_script(definition, target.history, {revision.id}, before,
                                 app::offline_dialect(options.where(), target));
}

ExitCode revision(const RevisionOptions& options) {
  const app::Target target = target_for_writing(options);
  const auto& graph = target.definition.graph;
  migrate::NewRevision wanted{.id = options.revision_id,
                              .message = options.message,
                              .parents = graph.resolve(options.head, {}, target.history),
                              .branch_labels = options.branch_labels,
                              .depends_on = dependencies(target, options.depends_on)};
  require_heads(graph, wanted.parents, options.splices);
  Output output(options);
  if (options.is_autogenerate) autogenerate(target, options, wanted);
  if (options.is_autogenerate && wanted.changes.empty()) {
    output.line("No new upgrade operations detected.");
    output.document() = {{"revision", nullptr}, {"changes", json::array()}};
    output.finish();
    return ExitCode::Done;
  }
  const auto made = migrate::make_revision(wanted, graph, SystemClock().now());
  if (options.is_sql) {
    const std::string sql = sql_of(made, target, options);
    output.text(sql);
    output.document() = {{"revision", made.id}, {"sql", sql}};
  } else {
    write_revision(made, target, output);
    for (const auto& loss : migrate::lost_on_the_way_back(made)) {
      output.line("  ! {}", migrate::to_text(loss));
    }
  }
  output.finish();
  return ExitCode::Done;
}

ExitCode check(const CheckOptions& options) {
  Output output(options);
  output.list("histories");
  // It only tells; whoever writes the revision is asked about renames.
  TargetChoice choice = options;
  choice.has_no_renames = true;
  bool is_committed = true;
  for (const app::Target& target : app::targets_of(options.where())) {
    for (const auto& history : target.definition.histories) {
      if (!target.is_whole_module && history.name != target.history) continue;
      if (!target.is_whole_module) compared_history(target, options);
      const auto changes =
          changes_to_write(target, history, choice, command_line("check", options, choice));
      output.list("histories")
          .push_back(JsonObject{{"history", history.name}, {"changes", to_json(changes)}});
      if (changes.empty()) continue;
      is_committed = false;
      const std::string where = history.name.empty() ? "" : " in " + history.name;
      output.line("New upgrade operations detected{}:", where);
      print_changes(changes, output);
    }
  }
  if (is_committed) output.line("No new upgrade operations detected.");
  output.document()["is_committed"] = is_committed;
  output.finish();
  return is_committed ? ExitCode::Done : ExitCode::Differences;
}

}  // namespace

void add_revision(VerbGroup& db) {
  auto [verb, options] =
      db.verb<RevisionOptions>("revision", "Write a new revision file", revision);
  verb.required_option("-m,--message", "TEXT", options.message, "What it does");
  verb.flag("--autogenerate", options.is_autogenerate,
            "Fill it with what the declarations have and no revision creates");
  verb.flag("--sql", options.is_sql, "Print its SQL instead of writing the file");
  verb.option("--dialect", "NAME", options.dialect,
              "For --sql: sqlite, postgresql, mysql or mariadb");
  verb.option("--head", "REVISION", options.head,
              "The revision it follows (default head); base begins a new line");
  verb.flag("--splice", options.splices, "Let it follow a revision that is no head: a new branch");
  verb.option("--branch-label", "NAME", options.branch_labels,
              "A name for the branch that begins here; may be repeated");
  verb.option("--depends-on", "REVISION", options.depends_on,
              "What must be applied before it besides its parent; may be repeated");
  add_target_options(verb, options);
  verb.option("--rev-id", "ID", options.revision_id, "Its id (default: 12 random digits)");
  verb.example("parley db revision -m \"add users.phone\" --dir migrations");
}

void add_check(VerbGroup& db) {
  auto [verb, options] =
      db.verb<CheckOptions>("check", "Exit with 1 when a declaration has no revision yet", check);
  add_target_options(verb, options);
  verb.example("parley db check --module live_agent.support");
}

}  // namespace parley::cli
