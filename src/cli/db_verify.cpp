// parley db verify and repair: what is in the database against what should be.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/log.h"
#include "cli/execution.h"
#include "cli/drift_answer.h"
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
  DriftAnswer answer;
};

/// How the differences that are meant are mended.
migrate::RepairOptions mending(const RepairOptions& options) {
  migrate::RepairOptions how = options.how;
  how.only = options.answer.objects;
  return how;
}

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
  use_legacy_timezone(options.how, options.configuration());
  const bool is_mending = options.answer.is_mending();
  is_mending ? require_differences(options.answer, options)
             : answer_drift(options.answer, options, app::execute_options(), output);
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const auto how = execute_options(options.execution, options, target);
    auto done = is_mending ? migrate::repair(deployment, how, mending(options))
                           : std::vector<std::string>();
    std::ranges::move(convert_legacy_times(deployment, options.how, how),
                      std::back_inserter(done));
    for (const std::string& line : done) {
      output.line("✓ {}", line);
      output.list("repaired").emplace_back(line);
    }
    if (done.empty() && is_mending) output.line("Nothing to repair.");
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
  add_drift_answer(verb, options.answer);
  add_repair_words(verb, options.how);
  add_patience(verb, options.execution);
  verb.example("parley db repair --module live_agent");
  verb.example("parley db repair 'index ix_a on orders' --ignore --reason 'made by reporting'");
}

}  // namespace parley::cli
