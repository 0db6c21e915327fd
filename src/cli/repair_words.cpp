// What verify, repair and adopt have in common.

#include "cli/repair_words.h"

#include <fmt/format.h>

#include "base/time_zone.h"
#include "migrate/local_times.h"
#include "migrate/repair.h"

namespace parley::cli {
namespace {

void print_compared(const migrate::Deployment& deployment, const schema::Schema& wanted,
                    Output& output) {
  for (const schema::Table& table : wanted.tables) {
    output.line("{}", table.name);
    for (const schema::Column& column : table.columns) {
      output.line("  {}: {}", column.name, deployment.dialect().type_text(column.type));
    }
  }
}

JsonObject to_json(const migrate::Difference& difference) {
  return {{"level", migrate::name_of(difference.level)},
          {"object", difference.object},
          {"expected", difference.expected},
          {"found", difference.found},
          {"reason", difference.reason}};
}

}  // namespace

Findings report_on(migrate::Deployment& deployment, bool is_verbose, Output& output) {
  const migrate::Examination found = migrate::examine(deployment, deployment.state());
  const migrate::DriftReport report = found.everything();
  if (is_verbose) print_compared(deployment, found.wanted, output);
  json::array differences;
  json::array pending;
  for (const migrate::Difference& difference : report.differences) {
    output.line("{}", migrate::to_text(difference));
    differences.push_back(to_json(difference));
  }
  if (found.state.standing != migrate::Standing::Unmarked) {
    for (const migrate::Revision* revision : deployment.pending(found.state)) {
      output.line("  pending    {}, {}", revision->id, revision->message);
      pending.emplace_back(revision->id);
    }
  }
  const Findings findings{.differences = differences.size() - report.count(migrate::Level::Note),
                          .pending = pending.size()};
  for (const std::string& line : deployment.definition().adoption.closing_lines) {
    output.line("{}", line);
  }
  output.list("namespaces")
      .push_back(JsonObject{{"module", deployment.definition().name},
                            {"differences", std::move(differences)},
                            {"pending", std::move(pending)}});
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

void use_legacy_timezone(const migrate::RepairOptions& options,
                         const app::Configuration& configuration) {
  if (!options.times) return;
  const std::string zone = options.legacy_timezone.empty()
                               ? configuration.text("outreach.legacy_timezone")
                               : options.legacy_timezone;
  if (!zone.empty()) use_local_time_of(zone);
}

std::vector<std::string> convert_legacy_times(migrate::Deployment& deployment,
                                              const migrate::RepairOptions& options,
                                              const migrate::ExecuteOptions& execution) {
  if (options.times || options.legacy_timezone.empty()) return {};
  return migrate::convert_local_times(deployment, options.legacy_timezone, execution);
}

void add_repair_words(Verb& verb, migrate::RepairOptions& options) {
  verb.under("What to mend beside tables, columns and keys");
  verb.flag("--quarantine", options.quarantine,
            "Move rows that refer to rows which are not there to orphaned_<table>");
  verb.flag("--dedupe", options.dedupe, "Remove rows that were stored twice");
  verb.flag("--prune", options.prune, "Drop indexes that another one makes needless");
  verb.flag("--full", options.full, "Add columns too that old databases can do without");
  verb.flag("--times", options.times,
            "Rewrite times that say neither UTC nor a zone as UTC (outreach)");
  verb.option("--legacy-timezone", "ZONE", options.legacy_timezone,
              "Once: the original's clock stood at this zone, make its times UTC (live_agent, "
              "chat); with --times: what local time is");
}

}  // namespace parley::cli
