// parley db upgrade, downgrade and stamp: the commands that move a namespace along its histories.

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/offline.h"

namespace parley::cli {
namespace {

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

ExitCode print_upgrade_script(const DbOptions& options) {
  for (const app::Target& target : app::targets_of(options.where())) {
    const Range range = range_of(target, options.expression);
    const auto& graph = target.definition.graph;
    const auto targets = graph.resolve(range.to, range.from, target.history);
    print(migrate::upgrade_script(target.definition, target.history, targets, range.from,
                                  app::offline_dialect(options.where(), target)));
  }
  return ExitCode::Done;
}

ExitCode print_downgrade_script(const DbOptions& options) {
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

}  // namespace

ExitCode db_upgrade(const DbOptions& options) {
  if (options.is_sql) return print_upgrade_script(options);
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_or_create();
    migrate::Deployment& deployment = opened->deployment();
    const bool is_all = target.is_whole_module && options.expression == "head";
    say_when_nothing_was_done(
        target, is_all ? migrate::upgrade_all(deployment, app::execute_options())
                       : migrate::upgrade(deployment, options.expression, target.history,
                                          app::execute_options()));
  }
  return ExitCode::Done;
}

ExitCode db_downgrade(const DbOptions& options) {
  if (options.is_sql) return print_downgrade_script(options);
  const app::Target target = app::only_target(options.where());
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  say_when_nothing_was_done(target, migrate::downgrade(deployment, options.expression,
                                                       target.history, app::execute_options()));
  return ExitCode::Done;
}

ExitCode db_stamp(const DbOptions& options) {
  const app::Target target = app::only_target(options.where());
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  const auto check = options.is_forced ? migrate::StampCheck::Force : migrate::StampCheck::Verify;
  migrate::stamp(deployment, options.expression, target.history, check, app::execute_options());
  log::info("Stamped {}", options.expression);
  return ExitCode::Done;
}

}  // namespace parley::cli
