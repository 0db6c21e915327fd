#include "migrate/session.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/probe.h"
#include "migrate/backup.h"
#include "migrate/park.h"
#include "migrate/plan.h"
#include "migrate/run.h"
#include "migrate/scope.h"
#include "migrate/shared_run.h"
#include "migrate/verdict.h"
#include "migrate/words_of_base.h"

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

void tell_upgrade(const Revision& revision) {
  log::info("Running upgrade {} -> {}, {}", join(revision.down_revisions, ", "), revision.id,
            revision.message);
}

[[noreturn]] void refuse_to_leave(const JournalRow& half_done) {
  throw Error(ErrorCode::RefusedForSafety,
              fmt::format("The {} of {} was begun at {} and is half done", half_done.action,
                          half_done.revision, format_sql(half_done.started_at)),
              half_done.action == "upgrade"
                  ? fmt::format("Finish it first: parley db upgrade {}", half_done.revision)
                  : "Finish it first: run the same downgrade again.");
}

/// `changes` without enums that are there already as they should be: on PostgreSQL they outlive the
/// tables that another tool dropped. One with other values is no accident.
std::vector<schema::Change> without_enums_there(const std::vector<schema::Change>& changes,
                                                const schema::Schema& live) {
  std::vector<schema::Change> needed;
  for (const schema::Change& change : changes) {
    const auto* create = std::get_if<schema::CreateEnum>(&change);
    const schema::Enum* there =
        create == nullptr ? nullptr : live.find_enum(create->enumeration.name);
    if (there == nullptr) {
      needed.push_back(change);
    } else if (*there != create->enumeration) {
      throw Error(ErrorCode::RefusedForSafety,
                  fmt::format("There is an enum {} already, with other values: {}", there->name,
                              join(there->values, ", ")),
                  fmt::format("The revision creates it with {}. If nothing uses the old one, drop "
                              "it: DROP TYPE {}",
                              join(create->enumeration.values, ", "), there->name));
    }
  }
  return needed;
}

}  // namespace

Session::Session(Deployment& deployment, const ExecuteOptions& options)
    : deployment_(deployment),
      options_(options),
      lock_(deployment.connection(), deployment.journal(), deployment.clock(),
            options.lock_patience),
      state_(deployment.state()),
      shares_(SharedRun::is_possible(deployment.dialect())),
      half_done_(deployment.journal().half_done()) {
  read_marker();
  // Given up by removing its file: what it left shows as drift.
  if (half_done_ && graph().find(half_done_->revision) == nullptr) half_done_.reset();
}

const schema::Schema& Session::live() {
  if (!live_) live_ = deployment_.live();
  return *live_;
}

Session::Session(Deployment& deployment, const ExecuteOptions& options,
                 const std::string& forgotten)
    : deployment_(deployment),
      options_(options),
      lock_(deployment.connection(), deployment.journal(), deployment.clock(),
            options.lock_patience),
      state_(deployment.state_without(forgotten)),
      forgets_(true),
      shares_(SharedRun::is_possible(deployment.dialect())) {
  read_marker();
}

void Session::require_no_drift() {
  if (state_.standing == Standing::Empty || half_done_) return;
  const DriftReport report = deployment_.drift(state_, live());
  if (!report.is_workable()) throw drift_error(report, deployment_.definition());
}

void Session::back_up_before(const std::vector<schema::Change>& changes) {
  if (!options_.backup_directory) return;
  std::set<std::string> created;
  const auto loses_rows = [&](const schema::Change& change) {
    const std::string table = schema::table_of(change);
    if (std::holds_alternative<schema::CreateTable>(change)) created.insert(table);
    if (!schema::loses_data(change) || created.contains(table)) return false;
    // What has another name now, or is no table, counts as full.
    return live().find_table(table) == nullptr ||
           dialect::has_rows(deployment_.connection(), table);
  };
  const auto reason = std::ranges::find_if(changes, loses_rows);
  if (reason == changes.end() || !can_be_backed_up(deployment_.connection())) return;
  log::info("Backing up first: {} loses what is there", schema::describe(*reason));
  const BackupReport report = back_up(deployment_, {.directory = *options_.backup_directory,
                                                    .tool_version = options_.tool_version,
                                                    .on_progress = options_.on_progress});
  log::info("{}", to_text(report));
}

void Session::begin_writing() {
  patience_.emplace(deployment_.connection(), options_);
  with_retries(options_, "preparing the journal", [&] {
    deployment_.journal().create_tables();
    lock_.write_owner();
    take_over_marker();
  });
}

/// What only the native marker said is in the journal from now on.
void Session::take_over_marker() {
  Journal& journal = deployment_.journal();
  std::set<std::string> known;
  const auto recorded = journal.applied();
  for (const RevisionRow& row : *recorded) known.insert(row.revision);
  database::Transaction transaction(deployment_.connection());
  for (const std::string& id : known) {
    if (forgets_ && !state_.applied.contains(id)) journal.remove_applied(id);
  }
  for (const std::string& id : state_.applied) {
    if (known.contains(id)) continue;
    journal.add_applied(applied_row(*graph().find(id), options_.tool_version, now()));
  }
  transaction.commit();
}

void Session::apply(const Revision& revision) {
  tell_upgrade(revision);
  carry_out(revision, Going::Up, revision.upgrade, recorded(),
            {.before = parking(revision), .after = {}});
  replay_onto(*recorded_, revision);
}

std::size_t Session::apply_together(std::span<const Revision* const> path) {
  if (!shares_ || half_done_ || options_.parks || path.size() < 2) return 0;
  try {
    return share(path);
  } catch (const Error& error) {
    log::debug("Revision by revision, because together they fail: {}", error.what());
    forget_unfinished();
    return 0;
  }
}

std::size_t Session::share(std::span<const Revision* const> path) {
  live();
  std::optional<SharedRun> run;
  for (const Revision* revision : path) {
    if (run && run->is_long()) break;
    const Scope scope = scope_of(revision->upgrade, *live_);
    if (!scope) break;
    const schema::Schema base = planning_base(scope, recorded());
    const auto changes = in_words_of(base, revision->upgrade, recorded(), deployment_.dialect());
    const Plan steps = plan(changes, base, deployment_.dialect());
    if (!SharedRun::takes(steps)) break;
    if (!run) run.emplace(deployment_, options_);
    check_verdicts(deployment_.connection(), changes, base);
    run->execute(*revision, steps, *scope);
    replace_part(*live_, scope, steps.after);
    replay_onto(*recorded_, *revision);
    move_marker(*revision);
  }
  if (!run) return 0;
  run->verify(*live_);
  run->record();
  write_marker();
  run->commit();
  for (const Revision* revision : run->revisions()) {
    tell_upgrade(*revision);
    state_.applied.insert(revision->id);
  }
  return run->revisions().size();
}

/// What was rolled back is not there any more, and is not tried together again.
void Session::forget_unfinished() {
  shares_ = false;
  live_.reset();
  recorded_.reset();
  read_marker();
}

void Session::undo(const StepDown& step) {
  const Revision& revision = *step.revision;
  log::info("Running downgrade {} -> {}, {}", revision.id, join(revision.down_revisions, ", "),
            revision.message);
  const auto kept = kept_for(revision);
  carry_out(
      revision, Going::Down,
      with_kept_values(step.changes, kept.tables, kept.normal, deployment_.dialect()), step.before,
      {.before = {}, .after = [&] { go_on_counting(deployment_, kept.tables, kept.normal); }});
  forget(deployment_, kept.tables);
  recorded_.reset();
}

const schema::Schema& Session::recorded() {
  if (!recorded_) recorded_ = graph().replay(state_.applied);
  return *recorded_;
}

/// What was kept of what the revision dropped. Most revisions drop nothing, and cost no replay.
Session::Kept Session::kept_for(const Revision& revision) {
  if (std::ranges::none_of(revision.upgrade, schema::loses_data)) return {};
  Applied without = state_.applied;
  without.erase(revision.id);
  const schema::Schema before = graph().replay(without);
  Kept kept{.tables = kept_of(deployment_, dropped_by(revision, before)), .normal = {}};
  if (!kept.tables.empty()) kept.normal = deployment_.dialect().normalize(before);
  return kept;
}

/// Copies what the revision drops, when that is wanted.
std::function<void()> Session::parking(const Revision& revision) {
  if (!options_.parks) return {};
  auto dropped = dropped_by(revision, recorded());
  if (dropped.empty()) return {};
  return
      [this, dropped = std::move(dropped), before = deployment_.dialect().normalize(recorded())] {
        park(deployment_, dropped, before);
      };
}

/// A plan starts from what is really there, so that a rebuild loses nothing that the histories do
/// not know of, and looks only at the tables it has to do with.
schema::Schema Session::planning_base(const Scope& scope, const schema::Schema& known) {
  return with_hidden(part_of(live(), scope), known);
}

/// A half-done run is planned again from where it began, which only the record knows.
void Session::carry_out(const Revision& revision, Going going,
                        const std::vector<schema::Change>& all_changes, const schema::Schema& known,
                        const Beside& beside) {
  const bool is_continued = is_half_done(revision, going);
  if (half_done_ && !is_continued) refuse_to_leave(*half_done_);
  const auto written = is_continued ? all_changes : without_enums_there(all_changes, live());
  const Scope scope = is_continued ? Scope() : scope_of(written, live());
  const schema::Schema base =
      is_continued ? deployment_.recorded(state_) : planning_base(scope, known);
  const auto changes = in_words_of(base, written, known, deployment_.dialect());
  // What a half-done run found is not what is there now.
  if (!is_continued) check_verdicts(deployment_.connection(), changes, base);
  const Plan steps = plan(changes, base, deployment_.dialect());
  const auto record = [&] {
    if (beside.after) beside.after();
    going == Going::Up ? record_applied(revision) : record_undone(revision);
    write_marker();
  };
  run(deployment_, steps,
      Task{.action = action_of(going),
           .revision = &revision,
           .tool_version = options_.tool_version,
           .record = record,
           .options = options_,
           .prepare = beside.before,
           .scope = scope});
  half_done_.reset();
  if (is_continued) {
    live_.reset();
  } else {
    replace_part(*live_, scope, steps.after);
  }
}

std::string Session::action_of(Going going) { return going == Going::Up ? "upgrade" : "downgrade"; }

bool Session::is_half_done(const Revision& revision, Going going) const {
  return half_done_ && half_done_->revision == revision.id &&
         half_done_->action == action_of(going);
}

void Session::record_stamp(const Applied& wanted) {
  // A repair records in the transaction of its changes.
  std::optional<database::Transaction> transaction;
  if (!deployment_.connection().in_transaction()) transaction.emplace(deployment_.connection());
  for (const Revision& revision : graph().revisions()) {
    const bool is_wanted = wanted.contains(revision.id);
    const bool is_applied = state_.applied.contains(revision.id);
    if (is_wanted && !is_applied) {
      deployment_.journal().add_applied(applied_row(revision, options_.tool_version, now()));
    } else if (!is_wanted && is_applied) {
      deployment_.journal().remove_applied(revision.id);
    }
  }
  state_.applied = wanted;
  read_marker();
  write_marker();  // Also when nothing moved: the marker may have been another tool's.
  if (transaction) transaction->commit();
  state_.standing = Standing::Recorded;
}

void Session::note(const NoteEntry& entry) {
  Journal& journal = deployment_.journal();
  std::optional<database::Transaction> transaction;
  if (!deployment_.connection().in_transaction()) transaction.emplace(deployment_.connection());
  const Timestamp at = now();
  journal.finish(
      journal.begin(
          {.history = entry.history.empty() ? deployment_.definition().core().name : entry.history,
           .revision = entry.revision,
           .action = entry.action,
           .content = entry.content,
           .who = current_user(),
           .host = current_host(),
           .tool_version = options_.tool_version,
           .started_at = at}),
      0, at);
  if (transaction) transaction->commit();
}

void Session::record_applied(const Revision& revision) {
  deployment_.journal().add_applied(applied_row(revision, options_.tool_version, now()));
  state_.applied.insert(revision.id);
  move_marker(revision);
}

void Session::move_marker(const Revision& revision) {
  if (revision.history != deployment_.definition().core().name) return;
  // It stands on what it needs, which the marker therefore no longer names; nothing stands on it
  // yet.
  for (const std::string& parent : revision.down_revisions) marker_.erase(parent);
  for (const std::string& need : revision.depends_on) marker_.erase(need);
  marker_.insert(revision.id);
}

void Session::record_undone(const Revision& revision) {
  deployment_.journal().remove_applied(revision.id);
  state_.applied.erase(revision.id);
  read_marker();
}

void Session::read_marker() {
  marker_.clear();
  for (std::string& id : graph().marker(state_.applied, deployment_.definition().core().name)) {
    marker_.insert(std::move(id));
  }
}

void Session::write_marker() { deployment_.journal().set_marker({marker_.begin(), marker_.end()}); }

}  // namespace parley::migrate
