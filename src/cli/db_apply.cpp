// parley db apply: makes the database what the target says, as far as that loses nothing.

#include <algorithm>

#include "cli/execution.h"
#include "cli/plan_output.h"
#include "cli/target_options.h"
#include "migrate/declarative.h"

namespace parley::cli {
namespace {

struct ApplyOptions : TargetFileOptions {
  bool allows_drop = false;
  ExecutionWords execution;
};

void print_done(Output& output, const std::string& label, const migrate::DeclarativePlan& plan) {
  const std::string prefix = label.empty() ? "" : label + ": ";
  for (const migrate::Step& step : plan.plan.steps) output.line("✓ {}{}", prefix, step.reason);
  if (plan.is_empty()) output.line("{}The schema is as wanted.", prefix);
  if (!plan.is_empty() && !plan.proof.is_proved()) output.line("{}", migrate::to_text(plan.proof));
  print_skipped(output, plan);
}

ExitCode apply(const ApplyOptions& options) {
  Output output(options);
  auto worst = ExitCode::Done;
  for (const app::Target& target : declarative_targets(options)) {
    const auto opened = target.open_or_create();
    migrate::Deployment& deployment = opened->deployment();
    const auto wanted = wanted_schema(target, options, deployment);
    const auto renames = answered_renames(deployment.live(), wanted, options,
                                          command_line("apply", options, options));
    const auto drops = options.allows_drop ? migrate::Drops::Allowed : migrate::Drops::Refused;
    const auto done = migrate::apply_target(deployment, wanted, renames, drops,
                                            execute_options(options.execution, options, target));
    print_done(output, target.label, done);
    JsonObject document = to_json(done, deployment.dialect());
    document["namespace"] = target.label;
    output.list("applied").emplace_back(std::move(document));
    if (!done.skipped.empty()) worst = ExitCode::Refused;
  }
  output.finish();
  return worst;
}

}  // namespace

void add_apply(VerbGroup& db) {
  auto [verb, options] =
      db.verb<ApplyOptions>("apply", "Make the database what a wanted schema says", apply);
  add_target_options(verb, options);
  verb.flag("--allow-drop", options.allows_drop,
            "Drop tables, columns, views and triggers that the target does not have");
  add_patience(verb, options.execution);
  add_backup(verb, options.execution);
  verb.example("parley db apply --url sqlite:///shop.db --target schema.sql");
}

}  // namespace parley::cli
