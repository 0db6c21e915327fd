#include "migrate/adopt.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "migrate/adoption.h"
#include "migrate/backup.h"
#include "migrate/session.h"

namespace parley::migrate {
namespace {

void require_parents(const Deployment& deployment, const schema::Schema& live) {
  const NamespaceDefinition& definition = deployment.definition();
  std::vector<std::string> missing;
  for (const std::string& table : definition.adoption.parents) {
    if (live.find_table(table) == nullptr) missing.push_back(table);
  }
  if (missing.empty()) return;
  std::string text = fmt::format("This is no database of {} as it was ever made:", definition.name);
  for (const std::string& table : missing) text += "\n  Missing table: " + table;
  throw Error(ErrorCode::RefusedForSafety, text,
              fmt::format("Nothing was changed. If it is one, create them: parley db repair "
                          "--module {}",
                          definition.name));
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(lines));
}

std::vector<std::string> applied_texts(const std::vector<std::string>& revisions) {
  std::vector<std::string> lines;
  for (const std::string& revision : revisions) lines.push_back("Applied revision " + revision);
  return lines;
}

/// True for a difference that the newest core revision would stumble over: its table is there, but
/// a key or index of it is not.
bool is_half_made(const Difference& difference) {
  if (!difference.fix || difference.level == Level::Note) return false;
  return std::holds_alternative<schema::CreateIndex>(*difference.fix) ||
         std::holds_alternative<schema::AddForeignKey>(*difference.fix) ||
         std::holds_alternative<schema::AddUnique>(*difference.fix);
}

std::set<std::string> tables_of_heads(const NamespaceDefinition& definition) {
  std::set<std::string> tables;
  for (const std::string& head : definition.graph.heads(definition.core().name)) {
    for (const schema::Change& change : definition.graph.find(head)->upgrade) {
      const auto* create = std::get_if<schema::CreateTable>(&change);
      if (create != nullptr) tables.insert(create->table.name);
    }
  }
  return tables;
}

/// Records the revisions whose tables are there, when they are as they should be.
std::vector<std::string> record_what_is_equal(Deployment& deployment,
                                              const ExecuteOptions& options) {
  const NamespaceDefinition& definition = deployment.definition();
  Session session(deployment, options);
  const State found{.standing = Standing::Recorded,
                    .applied = recognized(definition, session.state().applied, deployment.live())};
  const DriftReport report = deployment.drift(found);
  const auto tables = tables_of_heads(definition);
  const bool is_half = std::ranges::any_of(report.differences, [&](const Difference& difference) {
    return is_half_made(difference) && tables.contains(schema::table_of(*difference.fix));
  });
  if (!report.is_workable() || is_half) throw drift_error(report, definition);
  session.begin_writing();
  std::vector<std::string> done;
  for (const HistoryDefinition& history : definition.histories) {
    const auto heads = definition.graph.newest(found.applied, history.name);
    if (heads.empty()) continue;
    session.record_stamp(session.graph().stamped(heads, session.state().applied, history.name));
    done.push_back("Recorded revision " + join(heads, ", "));
  }
  session.note({.action = "adopt", .content = join(done, "\n")});
  return done;
}

}  // namespace

std::vector<std::string> adopt(Deployment& deployment, const ExecuteOptions& options,
                               const RepairOptions& how) {
  const State state = deployment.state();
  if (state.standing == Standing::Empty) return applied_texts(upgrade_all(deployment, options));
  const Examination found = examine(deployment, state);
  require_parents(deployment, found.live);
  require_mendable(found, deployment.definition());
  const bool is_recorded = state.standing == Standing::Recorded && state.has_engine_tables &&
                           found.state.applied == state.applied;
  const bool is_done = is_recorded && plan_repair(deployment, found, how).empty() &&
                       deployment.pending(state).empty();
  if (is_done) return {};

  std::vector<std::string> done;
  if (options.backup_directory && can_be_backed_up(deployment.connection())) {
    const BackupReport copy = back_up(deployment, {.directory = *options.backup_directory,
                                                   .tool_version = options.tool_version,
                                                   .on_progress = options.on_progress});
    done.push_back("Backed up to " + copy.file.string());
  }
  append(done, repair(deployment, options, how));
  append(done, applied_texts(upgrade_all(deployment, options)));
  append(done, repair(deployment, options, how));
  return done;
}

std::vector<std::string> take_over(Deployment& deployment, const ExecuteOptions& options) {
  const schema::Takeover takeover = deployment.definition().adoption.takeover;
  if (takeover == schema::Takeover::Never) return {};
  if (deployment.state().standing != Standing::Unmarked) return {};
  require_parents(deployment, deployment.live());
  if (takeover == schema::Takeover::Always) return adopt(deployment, options, {});
  return record_what_is_equal(deployment, options);
}

}  // namespace parley::migrate
