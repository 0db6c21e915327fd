// parley db upgrade and downgrade: the commands that move a database along its revisions.

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/applied.h"
#include "cli/execution.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/adopt.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/offline.h"

namespace parley::cli {
namespace {

struct UpgradeOptions : DbOptions {
  std::string expression = "head";
  bool is_sql = false;
  ExecutionWords execution;
};

struct DowngradeOptions : UpgradeOptions {
  DowngradeOptions() { expression.clear(); }
  bool takes_along = false;
};

/// Where a script begins, and what it leads to. Without a database nothing is applied but what the
/// range says.
struct ScriptRange {
  migrate::Applied from;
  std::string to;
};

ScriptRange script_range(const app::Target& target, const std::string& expression) {
  if (!is_range(expression)) return {{}, expression};
  const RangeWords words = range_words(expression);
  const auto& graph = target.definition.graph;
  const auto applied = applied_for(target, {words.start});
  const auto start =
      graph.resolve(words.start.empty() ? "base" : words.start, applied, target.history);
  return {graph.ancestors(start, migrate::Ties::All), words.end};
}

using Script = std::string (*)(const app::Target&, const ScriptRange&, const dialect::Dialect&);

std::string upgrade_script(const app::Target& target, const ScriptRange& range,
                           const dialect::Dialect& dialect) {
  const auto targets = target.definition.graph.resolve_upgrade(
      range.to.empty() ? "heads" : range.to, range.from, target.history);
  return migrate::upgrade_script(target.definition, target.history, targets, range.from, dialect);
}

std::string downgrade_script(const app::Target& target, const ScriptRange& range,
                             const dialect::Dialect& dialect) {
  return migrate::downgrade_script(target.definition, target.history,
                                   range.to.empty() ? "base" : range.to, range.from, dialect);
}

ExitCode print_scripts(const UpgradeOptions& options, Script script) {
  Output output(options);
  std::string sql;
  for (const app::Target& target : app::targets_of(options.where())) {
    const ScriptRange range = script_range(target, options.expression);
    sql += script(target, range, app::offline_dialect(options.where(), target));
  }
  output.text(sql);
  output.document()["sql"] = sql;
  output.finish();
  return ExitCode::Done;
}

void require_no_range(const UpgradeOptions& options) {
  if (!is_range(options.expression)) return;
  throw Error(ErrorCode::InvalidArgument, "Range revision not allowed",
              "A range is for scripts: add --sql.");
}

void report(const app::Target& target, const std::vector<std::string>& done, const char* key,
            Output& output) {
  if (done.empty()) log::info("{}Nothing to do", prefix_of(target));
  output.list("namespaces")
      .push_back(JsonObject{{"module", target.definition.name}, {key, to_json(done)}});
}

ExitCode upgrade(const UpgradeOptions& options) {
  if (options.is_sql) return print_scripts(options, upgrade_script);
  require_no_range(options);
  Output output(options);
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_or_create();
    migrate::Deployment& deployment = opened->deployment();
    const bool is_to_the_end = options.expression == "head" || options.expression == "heads";
    const auto execution = execute_options(options.execution, options, target);
    for (const std::string& line : migrate::take_over(deployment, execution)) {
      output.line("✓ {}", line);
    }
    const auto done =
        target.is_whole_module && is_to_the_end
            ? migrate::upgrade_all(deployment, execution)
            : migrate::upgrade(deployment, options.expression, target.history, execution);
    report(target, done, "applied", output);
  }
  output.finish();
  return ExitCode::Done;
}

ExitCode downgrade(const DowngradeOptions& options) {
  if (options.is_sql && !is_range(options.expression)) {
    throw Error(ErrorCode::InvalidArgument, "downgrade with --sql requires <fromrev>:<torev>",
                "Without a database nobody knows where it starts. For example: parley db downgrade "
                "--sql head:base");
  }
  if (options.is_sql) return print_scripts(options, downgrade_script);
  require_no_range(options);
  Output output(options);
  const app::Target target = app::only_target(options.where());
  const auto opened = target.open_existing();
  const auto done = migrate::downgrade(
      opened->deployment(), options.expression, target.history,
      execute_options(options.execution, options, target),
      options.takes_along ? migrate::Others::TakeAlong : migrate::Others::Refuse);
  report(target, done, "undone", output);
  output.finish();
  return ExitCode::Done;
}

void add_sql_options(Verb& verb, UpgradeOptions& options) {
  verb.flag("--sql", options.is_sql, "Print the SQL instead of running it; needs no database");
  verb.option("--dialect", "NAME", options.dialect,
              "For --sql: sqlite, postgresql, mysql or mariadb");
}

}  // namespace

void add_upgrade(VerbGroup& db) {
  auto [verb, options] =
      db.verb<UpgradeOptions>("upgrade", "Apply revisions up to REVISION", upgrade);
  verb.optional_argument("revision", options.expression,
                         "head, heads, an id or its beginning, +1, label@head; start:end with "
                         "--sql");
  add_sql_options(verb, options);
  add_patience(verb, options.execution);
  add_backup(verb, options.execution);
  add_park(verb, options.execution);
  verb.example("parley db upgrade head --sql --module live_agent --dialect mariadb");
}

void add_downgrade(VerbGroup& db) {
  auto [verb, options] =
      db.verb<DowngradeOptions>("downgrade", "Undo revisions down to REVISION", downgrade);
  verb.argument("revision", options.expression,
                "base, an id or its beginning, -1, label@base; start:end with --sql");
  add_sql_options(verb, options);
  add_patience(verb, options.execution);
  add_backup(verb, options.execution);
  verb.flag("--take-along", options.takes_along,
            "Also when tables of another history that stand on it hold rows, which are lost");
  verb.example("parley db downgrade -1 --module live_agent");
}

}  // namespace parley::cli
