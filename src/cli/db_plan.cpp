// parley db plan: the way from what is there to a wanted schema, proved, and nothing written.

#include <algorithm>

#include "cli/plan_output.h"
#include "cli/target_options.h"
#include "migrate/declarative.h"
#include "migrate/plan_script.h"

namespace parley::cli {
namespace {

struct PlanOptions : TargetFileOptions {
  bool allows_drop = false;
  bool is_sql = false;
};

ExitCode exit_code_of(const migrate::DeclarativePlan& plan) {
  const bool needs_a_decision = !plan.skipped.empty() || plan.would_fail() ||
                                plan.proof.result == migrate::Proof::Result::Refuted;
  if (needs_a_decision) return ExitCode::Refused;
  return plan.is_empty() ? ExitCode::Done : ExitCode::Differences;
}

ExitCode plan(const PlanOptions& options) {
  Output output(options);
  auto worst = ExitCode::Done;
  for (const app::Target& target : declarative_targets(options)) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const auto wanted = wanted_schema(target, options, deployment);
    const auto renames = answered_renames(deployment.live(), wanted, options,
                                          command_line("plan", options, options));
    const auto drops = options.allows_drop ? migrate::Drops::Allowed : migrate::Drops::Refused;
    const auto made = migrate::plan_towards(deployment, wanted, renames, drops);
    if (options.is_sql) {
      output.text(migrate::to_script(made.plan, deployment.dialect()));
    } else {
      print_plan(output, target.label, made, deployment.dialect());
      if (!wanted.is_by_engine) output.line("The target was read {}.", wanted.how);
    }
    JsonObject document = to_json(made, deployment.dialect());
    document["namespace"] = target.label;
    output.list("plans").emplace_back(std::move(document));
    worst = std::max(worst, exit_code_of(made));
  }
  output.finish();
  return worst;
}

}  // namespace

void add_plan(VerbGroup& db) {
  auto [verb, options] =
      db.verb<PlanOptions>("plan", "Show the way to a wanted schema, proved; write nothing", plan);
  add_target_options(verb, options);
  verb.flag("--allow-drop", options.allows_drop,
            "Drop tables, columns, views and triggers that the target does not have");
  verb.flag("--sql", options.is_sql, "Print the statements alone, as a script");
  verb.example("parley db plan --url sqlite:///shop.db --target schema.sql");
}

}  // namespace parley::cli
