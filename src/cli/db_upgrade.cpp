// parley db upgrade, downgrade and stamp: the commands that move a namespace along its histories.

#include <fmt/format.h>

#include "app/backup.h"
#include "base/error.h"
#include "base/log.h"
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
};

struct DowngradeOptions : UpgradeOptions {};

struct StampOptions : DbOptions {
  std::string expression;
  bool is_forced = false;
};

struct Range {
  migrate::Applied from;
  std::string to;
};

/// `start:end`, or only the end. Without a database nothing is applied but what the range says.
Range range_of(const app::Target& target, const std::string& expression) {
  const std::size_t colon = expression.find(':');
  if (colon == std::string::npos) return {{}, expression};
  Range range{{}, expression.substr(colon + 1)};
  const auto& graph = target.definition.graph;
  for (const std::string& id : graph.resolve(expression.substr(0, colon), {}, target.history)) {
    range.from.merge(graph.with_ancestors(id));
  }
  return range;
}

void print(std::string_view text) { fmt::print("{}", text); }

ExitCode print_upgrade_script(const UpgradeOptions& options) {
  for (const app::Target& target : app::targets_of(options.where())) {
    const Range range = range_of(target, options.expression);
    const auto& graph = target.definition.graph;
    const auto targets = graph.resolve(range.to, range.from, target.history);
    print(migrate::upgrade_script(target.definition, target.history, targets, range.from,
                                  app::offline_dialect(options.where(), target)));
  }
  return ExitCode::Done;
}

ExitCode print_downgrade_script(const DowngradeOptions& options) {
  if (options.expression.find(':') == std::string::npos) {
    throw Error(
        ErrorCode::InvalidArgument,
        "downgrade with --sql needs a range: without a database nobody knows where it starts",
        "For example: parley db downgrade --sql head:base");
  }
  for (const app::Target& target : app::targets_of(options.where())) {
    const Range range = range_of(target, options.expression);
    const auto targets = target.definition.graph.resolve(range.to, range.from, target.history);
    print(migrate::downgrade_script(target.definition, target.history, targets, range.from,
                                    app::offline_dialect(options.where(), target)));
  }
  return ExitCode::Done;
}

void say_when_nothing_was_done(const app::Target& target, const std::vector<std::string>& done) {
  if (!done.empty()) return;
  const std::string prefix = target.label.empty() ? "" : target.label + ": ";
  log::info("{}Nothing to do", prefix);
}

ExitCode upgrade(const UpgradeOptions& options) {
  if (options.is_sql) return print_upgrade_script(options);
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_or_create();
    migrate::Deployment& deployment = opened->deployment();
    for (const std::string& line :
         migrate::take_over(deployment, app::execute_options(), app::back_up_beside)) {
      fmt::print("✓ {}\n", line);
    }
    const bool is_all = target.is_whole_module && options.expression == "head";
    say_when_nothing_was_done(
        target, is_all ? migrate::upgrade_all(deployment, app::execute_options())
                       : migrate::upgrade(deployment, options.expression, target.history,
                                          app::execute_options()));
  }
  return ExitCode::Done;
}

ExitCode downgrade(const DowngradeOptions& options) {
  if (options.is_sql) return print_downgrade_script(options);
  const app::Target target = app::only_target(options.where());
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  say_when_nothing_was_done(target, migrate::downgrade(deployment, options.expression,
                                                       target.history, app::execute_options()));
  return ExitCode::Done;
}

ExitCode stamp(const StampOptions& options) {
  const app::Target target = app::only_target(options.where());
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  const auto check = options.is_forced ? migrate::StampCheck::Force : migrate::StampCheck::Verify;
  migrate::stamp(deployment, options.expression, target.history, check, app::execute_options());
  log::info("Stamped {}", options.expression);
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
                         "head, an id or its beginning, +1, start:end with --sql");
  add_sql_options(verb, options);
  verb.example("parley db upgrade head --sql --module live_agent --dialect mariadb");
}

void add_downgrade(VerbGroup& db) {
  auto [verb, options] =
      db.verb<DowngradeOptions>("downgrade", "Undo revisions down to REVISION", downgrade);
  verb.argument("revision", options.expression,
                "base, an id or its beginning, -1, start:end with --sql");
  add_sql_options(verb, options);
  verb.example("parley db downgrade -1 --module live_agent");
}

void add_stamp(VerbGroup& db) {
  auto [verb, options] =
      db.verb<StampOptions>("stamp", "Record REVISION as applied without running anything", stamp);
  verb.argument("revision", options.expression, "head, base, an id or its beginning");
  verb.flag("--force", options.is_forced, "Even when the schema is another one");
  verb.example("parley db stamp head --module live_agent");
}

}  // namespace parley::cli
