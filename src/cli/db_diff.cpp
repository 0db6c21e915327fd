// parley db diff: what is different between the database and a wanted schema.

#include "cli/target_options.h"
#include "migrate/diff.h"
#include "migrate/plan.h"
#include "migrate/plan_script.h"

namespace parley::cli {
namespace {

struct DiffOptions : TargetFileOptions {
  bool is_sql = false;
};

ExitCode diff(const DiffOptions& options) {
  Output output(options);
  bool is_different = false;
  for (const app::Target& target : declarative_targets(options)) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const auto wanted = wanted_schema(target, options, deployment);
    const schema::Schema live = deployment.live();
    const auto renames =
        answered_renames(live, wanted, options, command_line("diff", options, options));
    const auto changes = migrate::diff(live, wanted.schema, renames);
    is_different = is_different || !changes.empty();
    const std::string prefix = target.label.empty() ? "" : target.label + ": ";
    const auto way = migrate::plan(changes, live, deployment.dialect());
    for (const migrate::Step& step : way.steps) {
      output.list("changes").emplace_back(JsonObject{{"namespace", target.label},
                                                     {"description", step.reason},
                                                     {"sql", to_json(step.statements)}});
      if (!options.is_sql) output.line("{}{}", prefix, step.reason);
    }
    if (options.is_sql) output.text(migrate::to_script(way, deployment.dialect()));
  }
  output.list("changes");
  if (!is_different && !options.is_sql) output.line("No differences.");
  output.finish();
  return is_different ? ExitCode::Differences : ExitCode::Done;
}

}  // namespace

void add_diff(VerbGroup& db) {
  auto [verb, options] = db.verb<DiffOptions>(
      "diff", "List what differs between the database and a wanted schema", diff);
  add_target_options(verb, options);
  verb.flag("--sql", options.is_sql, "Print the statements that lead to the wanted schema");
  verb.example("parley db diff --url sqlite:///shop.db --target schema.yaml");
}

}  // namespace parley::cli
