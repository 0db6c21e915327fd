// parley db verify and repair: what is in the database against what should be.

#include <fmt/format.h>

#include "base/log.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/deployment.h"
#include "migrate/repair.h"

namespace parley::cli {
namespace {

struct VerifyOptions : DbOptions {};
struct RepairOptions : DbOptions {};

void print_compared(const migrate::Deployment& deployment, const schema::Schema& wanted,
                    Output& output) {
  for (const schema::Table& table : wanted.tables) {
    output.line("{}", table.name);
    for (const schema::Column& column : table.columns) {
      output.line("  {}: {}", column.name, deployment.dialect().type_text(column.type));
    }
  }
}

struct Findings {
  std::size_t differences = 0;  ///< Notes are not counted.
  std::size_t pending = 0;
};

JsonObject to_json(const migrate::Difference& difference) {
  return {{"level", migrate::name_of(difference.level)},
          {"object", difference.object},
          {"expected", difference.expected},
          {"found", difference.found}};
}

/// Reports on one namespace.
Findings verify_one(migrate::Deployment& deployment, bool is_verbose, Output& output) {
  const migrate::State state = deployment.state();
  const auto report = deployment.drift(state);
  if (is_verbose) print_compared(deployment, deployment.recorded(state), output);
  JsonObject answer = {{"module", deployment.definition().name}};
  json::array& differences = (answer["differences"] = json::array()).as_array();
  json::array& pending = (answer["pending"] = json::array()).as_array();
  for (const migrate::Difference& difference : report.differences) {
    output.line("{}", migrate::to_text(difference));
    differences.push_back(to_json(difference));
  }
  if (state.standing != migrate::Standing::Unmarked) {
    for (const migrate::Revision* revision : deployment.pending(state)) {
      output.line("  pending    {}, {}", revision->id, revision->message);
      pending.emplace_back(revision->id);
    }
  }
  const Findings findings{.differences = differences.size() - report.count(migrate::Level::Note),
                          .pending = pending.size()};
  output.list("namespaces").push_back(std::move(answer));
  return findings;
}

ExitCode conclude(std::size_t differences, Output& output) {
  output.document()["is_clean"] = differences == 0;
  if (differences == 0) {
    output.line("✅ {}", output.painted(Color::Green, "ALL VALIDATIONS PASSED"));
  } else {
    output.line("❌ {} {}", differences, differences == 1 ? "difference" : "differences");
  }
  output.finish();
  return differences == 0 ? ExitCode::Done : ExitCode::Differences;
}

ExitCode verify(const VerifyOptions& options) {
  Output output(options);
  std::size_t differences = 0;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const Findings findings = verify_one(deployment, options.is_verbose, output);
    differences += findings.differences + findings.pending;
  }
  return conclude(differences, output);
}

ExitCode repair(const RepairOptions& options) {
  Output output(options);
  std::size_t differences = 0;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const auto done = migrate::repair(deployment, app::execute_options());
    for (const std::string& line : done) {
      output.line("✓ {}", line);
      output.list("repaired").emplace_back(line);
    }
    if (done.empty()) output.line("Nothing to repair.");
    // Pending revisions are not repair's business: they come with the next start or `parley db
    // upgrade`.
    differences += verify_one(deployment, options.is_verbose, output).differences;
  }
  output.list("repaired");
  return conclude(differences, output);
}

}  // namespace

void add_verify(VerbGroup& db) {
  auto [verb, options] =
      db.verb<VerifyOptions>("verify", "Compare the database with its revisions", verify);
  verb.example("parley db verify --module live_agent -v");
}

void add_repair(VerbGroup& db) {
  auto [verb, options] = db.verb<RepairOptions>(
      "repair", "Bring the database back to its revisions, keeping every row", repair);
  verb.example("parley db repair --module live_agent");
}

}  // namespace parley::cli
