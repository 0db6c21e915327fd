// parley db revision and check: from declarations to revision files.

#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/output.h"
#include "cli/target_options.h"
#include "cli/verb.h"
#include "migrate/autogenerate.h"
#include "migrate/deployment.h"

namespace parley::cli {
namespace {

struct RevisionOptions : DbOptions, TargetChoice {
  std::string message;
  std::string revision_id;
  std::string head = "head";
  bool is_autogenerate = false;
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

std::string write_revision(const migrate::Revision& revision,
                           const std::filesystem::path& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  const auto file = directory / migrate::file_name_of(revision);
  if (std::filesystem::exists(file)) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} exists already", file.string()),
                "Choose another id with --rev-id, or another message.");
  }
  std::ofstream stream(file);
  stream << migrate::to_yaml(revision);
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be written", file.string()),
                "Choose another folder with --dir.");
  }
  return file.string();
}

void print_changes(const std::vector<schema::Change>& changes) {
  for (const schema::Change& change : changes) fmt::print("  {}\n", schema::describe(change));
}

ExitCode revision(const RevisionOptions& options) {
  app::TargetOptions where = options.where();
  where.may_lack_directory = true;
  const app::Target target = app::only_target(where);
  const auto& graph = target.definition.graph;
  migrate::NewRevision wanted{.id = options.revision_id, .message = options.message};
  wanted.parents = graph.resolve(options.head, {}, target.history);
  if (options.is_autogenerate) {
    require_up_to_date(target);
    const auto& history = compared_history(target, options);
    wanted.changes = changes_to_write(
        target, history, options,
        command_line("revision --autogenerate -m '" + options.message + "'", options, options));
    wanted.depends_on = migrate::dependencies_of(wanted.changes, target.definition, history);
    if (wanted.changes.empty()) {
      fmt::print("No new upgrade operations detected.\n");
      return ExitCode::Done;
    }
  }
  const auto made = migrate::make_revision(wanted, graph, SystemClock().now());
  const std::string file = write_revision(made, target.directory);
  print_changes(wanted.changes);
  fmt::print("{}\n", file);
  return ExitCode::Done;
}

ExitCode check(const CheckOptions& options) {
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
      if (changes.empty()) continue;
      is_committed = false;
      const std::string where = history.name.empty() ? "" : " in " + history.name;
      fmt::print("New upgrade operations detected{}:\n", where);
      print_changes(changes);
    }
  }
  if (is_committed) fmt::print("No new upgrade operations detected.\n");
  return is_committed ? ExitCode::Done : ExitCode::Differences;
}

}  // namespace

void add_revision(VerbGroup& db) {
  auto [verb, options] =
      db.verb<RevisionOptions>("revision", "Write a new revision file", revision);
  verb.required_option("-m,--message", "TEXT", options.message, "What it does");
  verb.flag("--autogenerate", options.is_autogenerate,
            "Fill it with what the declarations have and no revision creates");
  add_target_options(verb, options);
  verb.option("--rev-id", "ID", options.revision_id, "Its id (default: 12 random digits)");
  verb.option("--head", "REVISION", options.head, "The revision it follows (default head)");
  verb.example("parley db revision -m \"add users.phone\" --dir migrations");
}

void add_check(VerbGroup& db) {
  auto [verb, options] =
      db.verb<CheckOptions>("check", "Exit with 1 when a declaration has no revision yet", check);
  add_target_options(verb, options);
  verb.example("parley db check --module live_agent.support");
}

}  // namespace parley::cli
