// parley db verify and repair: what is in the database against what should be.

#include <fmt/format.h>

#include "base/log.h"
#include "cli/commands.h"
#include "migrate/deployment.h"
#include "migrate/repair.h"

namespace parley::cli {
namespace {

void print_compared(const migrate::Deployment& deployment, const schema::Schema& wanted) {
  for (const schema::Table& table : wanted.tables) {
    fmt::print("{}\n", table.name);
    for (const schema::Column& column : table.columns) {
      fmt::print("  {}: {}\n", column.name, deployment.dialect().type_text(column.type));
    }
  }
}

struct Findings {
  std::size_t differences = 0;  ///< Notes are not counted.
  std::size_t pending = 0;
};

/// Prints the report of one namespace.
Findings verify_one(migrate::Deployment& deployment, bool is_verbose) {
  const migrate::State state = deployment.state();
  const auto report = deployment.drift(state);
  if (is_verbose) print_compared(deployment, deployment.recorded(state));
  for (const migrate::Difference& difference : report.differences) {
    fmt::print("{}\n", migrate::to_text(difference));
  }
  Findings findings{.differences = report.differences.size() - report.count(migrate::Level::Note)};
  if (state.standing == migrate::Standing::Unmarked) return findings;
  for (const migrate::Revision* revision : deployment.pending(state)) {
    fmt::print("  pending    {}, {}\n", revision->id, revision->message);
    ++findings.pending;
  }
  return findings;
}

ExitCode conclude(std::size_t differences) {
  if (differences == 0) {
    fmt::print("✅ ALL VALIDATIONS PASSED\n");
    return ExitCode::Done;
  }
  fmt::print("❌ {} {}\n", differences, differences == 1 ? "difference" : "differences");
  return ExitCode::Differences;
}

}  // namespace

ExitCode db_verify(const DbOptions& options) {
  std::size_t differences = 0;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const Findings findings = verify_one(deployment, options.is_verbose);
    differences += findings.differences + findings.pending;
  }
  return conclude(differences);
}

ExitCode db_repair(const DbOptions& options) {
  std::size_t differences = 0;
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const auto done = migrate::repair(deployment, app::execute_options());
    for (const std::string& line : done) fmt::print("✓ {}\n", line);
    if (done.empty()) fmt::print("Nothing to repair.\n");
    // Pending revisions are not repair's business: they come with the next start or `parley db
    // upgrade`.
    differences += verify_one(deployment, options.is_verbose).differences;
  }
  return conclude(differences);
}

}  // namespace parley::cli
