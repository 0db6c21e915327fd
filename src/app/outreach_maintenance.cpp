#include "app/outreach_maintenance.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/modules.h"
#include "app/target.h"
#include "base/text.h"
#include "migrate/backup.h"
#include "migrate/deployment.h"
#include "migrate/repair.h"
#include "outreach/names.h"
#include "outreach/queries.h"

namespace parley::app {
namespace {

using migrate::Level;

/// How much of a file must be free before it is worth writing it anew, in parts of a hundred.
constexpr std::int64_t kWasteMin = 25;

/// The namespace on a connection of its own.
struct Opened {
  explicit Opened(const Configuration& configuration)
      : connection(open_namespace(configuration, "outreach", database::Connection::Create::Never)),
        definition(definition_of("outreach")),
        deployment(*connection, definition, clock) {}

  std::vector<std::string> statements(const schema::SqlTexts& texts) const {
    return deployment.dialect().texts_of(texts);
  }
  void run(const schema::SqlTexts& texts) {
    for (const std::string& sql : statements(texts)) connection->execute(sql);
  }

  SystemClock clock;
  std::unique_ptr<database::Connection> connection;
  migrate::NamespaceDefinition definition;
  migrate::Deployment deployment;
};

/// What pages and indexes have, a line each.
std::vector<std::string> broken_pages(Opened& opened) {
  std::vector<std::string> broken;
  for (const std::string& sql : opened.statements(outreach::check_statements())) {
    for (const database::Row& row : database::query(*opened.connection, sql)) {
      std::string finding = database::text_of(row.back());
      if (!equals_ignoring_case(finding, "ok")) broken.push_back(std::move(finding));
    }
  }
  return broken;
}

std::vector<std::string> issues_of(Opened& opened, const schema::Schema& live) {
  std::vector<std::string> issues;
  const auto report = opened.deployment.drift(opened.deployment.state(), live);
  for (const migrate::Difference& difference : report.differences) {
    if (difference.level == Level::Note) continue;
    issues.emplace_back(trim(migrate::to_text(difference)));
  }
  return issues;
}

outreach::SchemaFindings look(Opened& opened) {
  const schema::Schema live = opened.deployment.live();
  outreach::SchemaFindings found;
  for (const schema::Table& table : live.tables) {
    found.tables.push_back(table.name);
    for (const schema::Index& index : table.indexes) found.indexes.push_back(index.name);
  }
  found.issues = issues_of(opened, live);
  return found;
}

outreach::RepairOutcome repair(Opened& opened, const Configuration& configuration) {
  outreach::RepairOutcome outcome;
  if (!broken_pages(opened).empty()) {
    opened.run(outreach::reindex_statements());
    outcome.actions.emplace_back("Made all indexes again");
  }
  std::ranges::move(migrate::repair(opened.deployment, execute_options(configuration)),
                    std::back_inserter(outcome.actions));
  opened.run(outreach::analyze_statements());
  outcome.actions.emplace_back("Analyzed the tables");
  outcome.issues = broken_pages(opened);
  std::ranges::move(issues_of(opened, opened.deployment.live()),
                    std::back_inserter(outcome.issues));
  return outcome;
}

outreach::BackupOutcome back_up(Opened& opened, const Configuration& configuration,
                                const std::string& wanted) {
  const bool is_file = opened.connection->url().engine == database::Engine::Sqlite;
  const std::string name = wanted.empty() ? fmt::format("message_logs_backup_{}.{}",
                                                        outreach::second_digits(opened.clock.now()),
                                                        is_file ? "db" : "dump")
                                          : wanted;
  const std::string configured = configuration.text("outreach.backup_directory");
  const std::filesystem::path directory = configured.empty()
                                              ? configuration.data_directory() / "backups"
                                              : std::filesystem::path(configured);
  std::filesystem::create_directories(directory);
  const auto report =
      migrate::back_up(opened.deployment, {.file = directory / name,
                                           .directory = directory,
                                           .tool_version = std::string(tool_version())});
  return {.file = report.file.filename().string(),
          .bytes = static_cast<std::int64_t>(std::filesystem::file_size(report.file))};
}

std::string text_of(const migrate::JournalRow& row) {
  const std::string_view end = row.error ? " failed" : "";
  if (row.action == "repair") return fmt::format("Repair of the schema{}", end);
  const std::string what =
      row.revision.empty() ? row.action : fmt::format("{} of {}", row.action, row.revision);
  return fmt::format("{}: {}", row.error ? "Migration failed" : "Migrated", what);
}

std::vector<outreach::SchemaEvent> schema_events(Opened& opened) {
  std::vector<outreach::SchemaEvent> events;
  for (const migrate::JournalRow& row : opened.deployment.journal().entries()) {
    events.push_back(
        {.id = row.id,
         .at = row.finished_at.value_or(row.started_at),
         .text = text_of(row),
         .end = row.error ? outreach::SchemaEvent::End::Failed : outreach::SchemaEvent::End::Done});
  }
  return events;
}

/// Nothing where the engine gives back room by itself.
void compact(Opened& opened) {
  std::int64_t waste = 0;
  for (const std::string& sql : opened.statements(outreach::waste_statements())) {
    waste = database::integer_of(database::query(*opened.connection, sql).front().front());
  }
  if (waste >= kWasteMin) opened.run(outreach::compact_statements());
}

}  // namespace

outreach::Maintenance outreach_maintenance(const Configuration& configuration) {
  return {.look =
              [configuration] {
                Opened opened(configuration);
                return look(opened);
              },
          .repair =
              [configuration] {
                Opened opened(configuration);
                return repair(opened, configuration);
              },
          .back_up =
              [configuration](const std::string& name) {
                Opened opened(configuration);
                return back_up(opened, configuration, name);
              },
          .schema_events =
              [configuration] {
                Opened opened(configuration);
                return schema_events(opened);
              },
          .analyze = [configuration] { Opened(configuration).run(outreach::analyze_statements()); },
          .compact =
              [configuration] {
                Opened opened(configuration);
                compact(opened);
              }};
}

}  // namespace parley::app
