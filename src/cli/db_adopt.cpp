// parley db adopt: takes over a database that other programs made.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/adopt_project.h"
#include "cli/execution.h"
#include "cli/output.h"
#include "cli/repair_words.h"
#include "cli/verb.h"
#include "migrate/adopt.h"
#include "migrate/import_rows.h"

namespace parley::cli {
namespace {

struct AdoptOptions : DbOptions {
  migrate::RepairOptions repair;
  std::string delivery;
  ExecutionWords execution;
  std::string files;  ///< Another tool's folder of migrations.
};

/// The original kept what providers say in a file of its own.
std::string import_delivery(migrate::Deployment& deployment, const std::string& file) {
  const auto other = database::open(database::Url::sqlite_file(file), database::Open::Existing);
  const auto rows = migrate::import_rows(
      deployment.connection(), *other,
      {.table = "delivery_records", .key = "message_id", .newer_by = "updated_at"});
  return fmt::format("Imported {} delivery records from {}", rows, file);
}

ExitCode adopt(const AdoptOptions& options) {
  Output output(options);
  output.list("done");
  std::size_t differences = 0;
  use_legacy_timezone(options.repair, options.configuration());
  const bool is_own = is_project(options.where());
  const auto own = is_own ? adopt_project(options.where(), options.files, app::execute_options())
                          : std::vector<std::string>();
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_existing();
    migrate::Deployment& deployment = opened->deployment();
    const auto how = execute_options(options.execution, options, target);
    auto done = is_own ? own : migrate::adopt(deployment, how, options.repair);
    std::ranges::move(convert_legacy_times(deployment, options.repair, how),
                      std::back_inserter(done));
    if (!options.delivery.empty()) done.push_back(import_delivery(deployment, options.delivery));
    for (const std::string& line : done) {
      output.line("✓ {}", line);
      output.list("done").emplace_back(line);
    }
    const Findings findings = report_on(deployment, options.is_verbose, output);
    const bool is_clean = findings.differences + findings.pending == 0;
    if (done.empty() && is_clean) output.line("Nothing to adopt: the database is up to date.");
    differences += findings.differences + findings.pending;
  }
  return conclude(differences, output);
}

}  // namespace

void add_adopt(VerbGroup& db) {
  auto [verb, options] = db.verb<AdoptOptions>(
      "adopt", "Take over a database that other programs made, keeping every row", adopt);
  add_repair_words(verb, options.repair);
  verb.option("--delivery", "FILE", options.delivery,
              "Import the delivery records of this SQLite file too (outreach)");
  add_patience(verb, options.execution);
  verb.flag("!--no-backup", options.execution.takes_backup,
            "Take no backup before anything is changed");
  verb.option("--from", "FOLDER", options.files,
              "The migrations of Alembic, Flyway or dbmate, to see that none is missing (a "
              "project of your own)");
  verb.example("parley db adopt --url postgresql://localhost/shop --dir migrations");
  verb.example("parley db adopt --module outreach --url sqlite:///message_logs.db");
}

}  // namespace parley::cli
