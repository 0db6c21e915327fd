// parley db verify and repair: what is in the database against what should be.

#include <fmt/format.h>

#include "base/log.h"
#include "cli/execution.h"
#include "cli/output.h"
#include "cli/repair_words.h"
#include "cli/verb.h"
#include "migrate/deployment.h"
#include "migrate/repair.h"

namespace parley::cli {
namespace {

struct VerifyOptions : DbOptions {};
struct RepairOptions : DbOptions {
  migrate::RepairOptions how;
  ExecutionWords execution;
};

ExitCode verify(const VerifyOptions& options) {
  Output output(options);
  std::size_t differences = 0;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const Findings findings = report_on(deployment, options.is_verbose, output);
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
    const auto done = migrate::repair(
        deployment, execute_options(options.execution, options, target), options.how);
    for (const std::string& line : done) {
      output.line("✓ {}", line);
      output.list("repaired").emplace_back(line);
    }
    if (done.empty()) output.line("Nothing to repair.");
    // Pending revisions are not repair's business: they come with the next start or `parley db
    // upgrade`.
    differences += report_on(deployment, options.is_verbose, output).differences;
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
  add_repair_words(verb, options.how);
  add_patience(verb, options.execution);
  verb.example("parley db repair --module live_agent");
}

}  // namespace parley::cli
