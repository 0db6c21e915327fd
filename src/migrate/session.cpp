#include "migrate/session.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "database/transaction.h"
#include "migrate/plan.h"
#include "migrate/run.h"

namespace parley::migrate {
namespace {

RevisionRow applied_row(const Revision& revision, const std::string& tool_version, Timestamp now) {
  return RevisionRow{.revision = revision.id,
                     .history = revision.history,
                     .checksum = checksum_of(revision),
                     .checksum_version = kChecksumVersion,
                     .content = to_yaml(revision),
                     .tool_version = tool_version,
                     .applied_at = now};
}

}  // namespace

Session::Session(Deployment& deployment, const ExecuteOptions& options)
    : deployment_(deployment),
      options_(options),
      lock_(deployment.connection(), deployment.journal(), options.lock_patience),
      state_(deployment.state()) {}

void Session::require_no_drift() {
  if (state_.standing == Standing::Empty || deployment_.journal().half_done()) return;
  const DriftReport report = deployment_.drift(state_);
  if (!report.is_workable()) throw drift_error(report, deployment_.definition());
}

void Session::begin_writing() {
  Journal& journal = deployment_.journal();
  journal.create_tables();
  lock_.write_owner(now());
  std::set<std::string> known;
  const auto recorded = journal.applied();
  for (const RevisionRow& row : *recorded) known.insert(row.revision);
  database::Transaction transaction(deployment_.connection());
  for (const std::string& id : state_.applied) {
    if (known.contains(id)) continue;
    journal.add_applied(applied_row(*graph().find(id), options_.tool_version, now()));
  }
  transaction.commit();
}

void Session::apply(const Revision& revision) {
  log::info("Running upgrade {} -> {}, {}", join(revision.down_revisions, ", "), revision.id,
            revision.message);
  const Plan steps =
      plan(revision.upgrade, planning_base(revision, Going::Up), deployment_.dialect());
  run(deployment_, steps,
      Task{.action = "upgrade",
           .revision = &revision,
           .tool_version = options_.tool_version,
           .record = [&] { record_applied(revision); }});
  state_.applied.insert(revision.id);
}

void Session::undo(const Revision& revision) {
  log::info("Running downgrade {} -> {}, {}", revision.id, join(revision.down_revisions, ", "),
            revision.message);
  Applied without = state_.applied;
  without.erase(revision.id);
  const auto changes = changes_back(revision, graph().replay(without));
  const Plan steps = plan(changes, planning_base(revision, Going::Down), deployment_.dialect());
  run(deployment_, steps,
      Task{.action = "downgrade",
           .revision = &revision,
           .tool_version = options_.tool_version,
           .record = [&] { record_undone(revision); }});
  state_.applied.erase(revision.id);
}

void Session::record_stamp(const std::vector<std::string>& targets, const std::string& history) {
  Applied wanted;
  for (const std::string& target : targets) wanted.merge(graph().with_ancestors(target));
  // A repair records in the transaction of its changes.
  std::optional<database::Transaction> transaction;
  if (!deployment_.connection().in_transaction()) transaction.emplace(deployment_.connection());
  for (const Revision& revision : graph().revisions()) {
    const bool is_wanted = wanted.contains(revision.id);
    const bool is_applied = state_.applied.contains(revision.id);
    if (is_wanted && !is_applied) {
      record_applied(revision);
      state_.applied.insert(revision.id);
    } else if (!is_wanted && is_applied && revision.history == history) {
      record_undone(revision);
      state_.applied.erase(revision.id);
    }
  }
  write_marker(
      state_.applied);  // Also when nothing moved: the marker may have been another tool's.
  if (transaction) transaction->commit();
  state_.standing = Standing::Recorded;
}

/// The schema that a plan starts from: what is really there, so that a rebuild loses nothing that
/// the histories do not know of. A half-done run is planned again from where it began, which only
/// the record knows.
schema::Schema Session::planning_base(const Revision& revision, Going going) {
  const auto half_done = deployment_.journal().half_done();
  const std::string action = going == Going::Up ? "upgrade" : "downgrade";
  if (half_done && half_done->revision == revision.id && half_done->action == action) {
    return deployment_.recorded(state_);
  }
  return deployment_.live();
}

void Session::record_applied(const Revision& revision) {
  deployment_.journal().add_applied(applied_row(revision, options_.tool_version, now()));
  Applied applied = state_.applied;
  applied.insert(revision.id);
  write_marker(applied);
}

void Session::record_undone(const Revision& revision) {
  deployment_.journal().remove_applied(revision.id);
  Applied applied = state_.applied;
  applied.erase(revision.id);
  write_marker(applied);
}

void Session::write_marker(const Applied& applied) {
  deployment_.journal().set_marker(graph().newest(applied, deployment_.definition().core().name));
}

}  // namespace parley::migrate
