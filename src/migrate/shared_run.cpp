#include "migrate/shared_run.h"

#include <algorithm>

#include "migrate/parts.h"
#include "migrate/reporter.h"
#include "migrate/run.h"
#include "migrate/scope.h"

namespace parley::migrate {
namespace {

/// So long may the other writers of a database wait.
constexpr auto kLong = std::chrono::milliseconds(100);

bool runs_with_others(const Step& step) {
  return step.transaction == dialect::TransactionNeed::Inside && !step.needs_foreign_keys_off &&
         step.rebuilt.empty() && !std::holds_alternative<schema::Backfill>(step.change) &&
         !std::holds_alternative<schema::Execute>(step.change);
}

RevisionRow applied_row(const JournalRow& entry) {
  return {.revision = entry.revision,
          .history = entry.history,
          .checksum = entry.checksum.value_or(""),
          .checksum_version = entry.checksum_version.value_or(0),
          .content = entry.content,
          .tool_version = entry.tool_version,
          .applied_at = entry.finished_at.value_or(entry.started_at)};
}

}  // namespace

bool SharedRun::is_possible(const dialect::Dialect& dialect) {
  return dialect.capabilities().transactional_ddl && dialect.capabilities().one_writer;
}

bool SharedRun::takes(const Plan& plan) {
  return std::ranges::all_of(plan.steps, runs_with_others);
}

SharedRun::SharedRun(Deployment& deployment, const ExecuteOptions& options)
    : deployment_(deployment), options_(options), transaction_(deployment.connection()) {}

bool SharedRun::is_long() const { return std::chrono::steady_clock::now() - started_ >= kLong; }

void SharedRun::execute(const Revision& revision, const Plan& plan,
                        const std::set<std::string>& tables) {
  const std::int64_t total = positions_of(plan);
  const Task task{.action = "upgrade",
                  .revision = &revision,
                  .tool_version = options_.tool_version,
                  .record = {},
                  .options = {},
                  .scope = {}};
  entries_.push_back(entry_of(deployment_, task, total));
  Reporter reporter(options_.on_progress, revision.id, total);
  std::int64_t position = 0;
  for (const Step& step : plan.steps) {
    reporter.begin(step, position);
    execute_step(deployment_, step, step.statements);
    position += positions_of(step);
  }
  revisions_.push_back(&revision);
  tables_.insert(tables.begin(), tables.end());
}

void SharedRun::verify(const schema::Schema& planned) const {
  require_planned(deployment_, part_of(planned, tables_).tables, tables_);
}

void SharedRun::record() {
  for (JournalRow& entry : entries_) {
    entry.finished_at = deployment_.clock().now();
    entry.steps_done = entry.steps_total;
    deployment_.journal().begin(entry);
    deployment_.journal().add_applied(applied_row(entry));
  }
}

}  // namespace parley::migrate
