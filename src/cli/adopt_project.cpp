#include "cli/adopt_project.h"

#include <fmt/format.h>

#include <fstream>

#include "base/error.h"
#include "migrate/baseline.h"
#include "migrate/drift_decision.h"

namespace parley::cli {
namespace {

using History = std::optional<migrate::ForeignHistory>;

/// The folder as it is now.
app::Target project(app::TargetOptions where) {
  where.may_lack_directory = true;
  return app::only_target(where);
}

bool is_recorded(migrate::Deployment& deployment) {
  const auto applied = deployment.journal().applied();
  return applied && !applied->empty();
}

std::filesystem::path write(const migrate::Baseline& baseline,
                            const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  const auto file = folder / migrate::file_name_of(baseline.revision);
  std::ofstream stream(file);
  stream << baseline.heading << migrate::to_yaml(baseline.revision);
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be written", file.string()),
                "Choose another folder with --dir.");
  }
  return file;
}

/// Flyway's and dbmate's tables are no part of the schema that the revisions make.
void ignore_record(const History& history, const std::filesystem::path& folder) {
  if (!history || history->tool == migrate::ForeignTool::Alembic) return;
  migrate::write_ignored_drift(
      folder, {"table " + history->table,
               fmt::format("the record of {}, kept as it was", migrate::name_of(history->tool))});
}

std::string read_text(const History& history) {
  return fmt::format("Read {} migrations of {} in {}", history->applied.size(),
                     migrate::name_of(history->tool), history->table);
}

}  // namespace

bool is_project(const app::TargetOptions& where) {
  if (!where.module.empty()) return false;
  app::TargetOptions any = where;
  any.may_lack_directory = true;
  const auto targets = app::targets_of(any);
  return targets.size() == 1 && targets.front().definition.name.empty();
}

std::vector<std::string> adopt_project(const app::TargetOptions& where, const std::string& files,
                                       const migrate::ExecuteOptions& options) {
  std::vector<std::string> done;
  const app::Target before = project(where);
  const auto opened = before.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  if (is_recorded(deployment)) return done;
  const History history = migrate::read_foreign_history(
      deployment.connection(), deployment.dialect().inspect(deployment.connection()), files);
  if (history) done.push_back(read_text(history));
  if (before.definition.graph.revisions().empty()) {
    const auto file = write(migrate::baseline_of(deployment, history), before.directory);
    ignore_record(history, before.directory);
    done.push_back("Wrote " + file.string());
  }
  const app::Target target = project(where);
  const auto reopened = target.open_existing();
  const std::string id = migrate::standing_on(target.definition.graph, history);
  migrate::stamp(reopened->deployment(), {.expressions = {id}}, options);
  done.push_back("Recorded revision " + id);
  return done;
}

}  // namespace parley::cli
