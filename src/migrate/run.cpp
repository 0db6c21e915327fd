#include "migrate/run.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "base/log.h"
#include "database/transaction.h"
#include "dialect/foreign_key_pause.h"
#include "dialect/probe.h"
#include "migrate/diff.h"
#include "migrate/lock.h"

namespace parley::migrate {
namespace {

class Runner {
 public:
  Runner(Deployment& deployment, const Plan& plan, const Task& task)
      : deployment_(deployment),
        connection_(deployment.connection()),
        journal_(deployment.journal()),
        plan_(plan),
        task_(task) {}

  /// Everything in one transaction: a failure leaves nothing but a note in the journal.
  void run_in_transaction() {
    using Pause = dialect::ForeignKeyPause;
    const bool rebuilds = std::ranges::any_of(plan_.steps, &Step::needs_foreign_keys_off);
    Pause pause(connection_, rebuilds ? Pause::Needed::Yes : Pause::Needed::No);
    try {
      database::Transaction transaction(connection_);
      const std::int64_t id = journal_.begin(new_entry());
      for (const Step& step : plan_.steps) {
        is_rebuild(step) ? rebuild(step) : execute(step);
      }
      pause.check();
      verify(Fidelity::Exact);
      task_.record();
      journal_.finish(id, total(), now());
      transaction.commit();
    } catch (const Error& error) {
      note_failure(error);
      throw;
    }
  }

  /// Statement by statement, each marked before and after; what an earlier run did is not done
  /// again.
  void run_step_by_step() {
    const auto earlier = earlier_run();
    const std::int64_t id = earlier ? *earlier : journal_.begin(new_entry());
    const auto marks = marks_of(id);
    if (earlier) {
      log::info("Continuing what an earlier run left: {} of {} steps were begun", marks.size(),
                total());
    }
    try {
      std::int64_t position = 0;
      for (const Step& step : plan_.steps) {
        for (const std::string& statement : step.statements) {
          execute_marked(id, position++, step, statement, marks);
        }
      }
      verify(earlier ? Fidelity::KnownObjects : Fidelity::Exact);
      database::Transaction transaction(connection_);
      task_.record();
      journal_.finish(id, total(), now());
      transaction.commit();
    } catch (const Error& error) {
      journal_.note_error(id, error.what());
      if (journal_.steps(id).empty()) throw;
      throw Error(
          ErrorCode::UpgradeIncomplete, error.what(),
          fmt::format("This engine cannot roll a schema change back. The journal knows how far it "
                      "came: mend the cause and run the same command again. {}",
                      error.hint()));
    }
  }

 private:
  using Marks = std::map<std::int64_t, StepRow>;

  Timestamp now() const { return deployment_.clock().now(); }

  std::int64_t total() const {
    std::size_t count = 0;
    for (const Step& step : plan_.steps) count += step.statements.size();
    return static_cast<std::int64_t>(count);
  }

  JournalRow new_entry() const {
    const Revision* revision = task_.revision;
    return JournalRow{
        .history = revision ? revision->history : deployment_.definition().core().name,
        .revision = revision ? revision->id : "",
        .action = task_.action,
        .content = revision ? to_yaml(*revision) : "",
        .who = current_user(),
        .host = current_host(),
        .tool_version = task_.tool_version,
        .started_at = now(),
        .steps_total = total()};
  }

  static bool is_rebuild(const Step& step) {
    return step.needs_foreign_keys_off && !std::holds_alternative<schema::DropTable>(step.change);
  }

  /// A rebuild keeps every row, and the triggers of the user's own, which no schema mentions.
  void rebuild(const Step& step) {
    const std::string table = schema::table_of(step.change);
    const auto objects =
        deployment_.dialect().unmodelled_objects(connection_, step.change, step.before);
    const std::int64_t rows = dialect::count_rows(connection_, table);
    execute(step);
    execute(Step{
        .change = step.change, .statements = objects, .reason = "restore triggers of " + table});
    const std::int64_t rows_after = dialect::count_rows(connection_, table);
    if (rows_after == rows) return;
    throw Error(
        ErrorCode::RefusedForSafety,
        fmt::format("{}: the new {} has {} rows where the old one had {}; nothing was changed",
                    step.reason, table, rows_after, rows));
  }

  void execute(const Step& step) {
    for (const std::string& statement : step.statements) {
      log::debug("{}", statement);
      try {
        connection_.execute(statement);
      } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", step.reason, error.what()), error.hint());
      }
    }
  }

  std::optional<std::int64_t> earlier_run() {
    const auto entry = journal_.half_done();
    const bool is_same = entry && task_.revision != nullptr &&
                         entry->revision == task_.revision->id && entry->action == task_.action;
    if (!is_same) return std::nullopt;
    return entry->id;
  }

  Marks marks_of(std::int64_t id) {
    Marks marks;
    for (StepRow& row : journal_.steps(id)) marks.emplace(row.position, std::move(row));
    return marks;
  }

  void execute_marked(std::int64_t id, std::int64_t position, const Step& step,
                      const std::string& statement, const Marks& marks) {
    const auto mark = marks.find(position);
    if (mark == marks.end()) {
      journal_.step_started(id, position, statement, now());
    } else if (mark->second.finished_at || is_done(step)) {
      log::info("Step {} is done already: {}", position + 1, step.reason);
      journal_.step_finished(id, position, now());
      return;
    }
    execute(Step{.change = step.change, .statements = {statement}, .reason = step.reason});
    journal_.step_finished(id, position, now());
  }

  /// For a step that was begun and whose end nobody wrote down: the database itself knows.
  bool is_done(const Step& step) const {
    const schema::Schema live = deployment_.live();
    if (!std::holds_alternative<schema::AlterColumn>(step.change)) {
      return schema::is_in_effect(live, step.change);
    }
    // The change speaks in neutral words, the catalogue in the engine's: compare in its normal
    // form.
    schema::Schema after = live;
    schema::apply(after, step.change);
    return diff(live, deployment_.dialect().normalize(after)).empty();
  }

  /// A continued run was planned from the record, which does not know what else the database may
  /// hold.
  enum class Fidelity { Exact, KnownObjects };

  void verify(Fidelity fidelity) const {
    const auto live = deployment_.live();
    if (fidelity == Fidelity::KnownObjects &&
        compare(live, plan_.after, deployment_.dialect()).is_clean()) {
      return;
    }
    const auto left = diff(live, plan_.after);
    if (left.empty()) return;
    std::string text;
    for (const schema::Change& change : left) text += "\n  " + schema::describe(change);
    throw Error(
        ErrorCode::SchemaDrift,
        fmt::format("The database does not show what was executed. These differences are left:{}",
                    text),
        "Nothing was recorded as applied.");
  }

  void note_failure(const Error& failure) {
    try {
      database::Transaction transaction(connection_);
      const std::int64_t id = journal_.begin(new_entry());
      journal_.finish(id, 0, now());
      journal_.note_error(id, failure.what());
      transaction.commit();
    } catch (const Error& error) {
      log::debug("The failure could not be noted in the journal: {}", error.what());
    }
  }

  Deployment& deployment_;
  database::Connection& connection_;
  Journal& journal_;
  const Plan& plan_;
  const Task& task_;
};

}  // namespace

void run(Deployment& deployment, const Plan& plan, const Task& task) {
  Runner runner(deployment, plan, task);
  if (deployment.dialect().capabilities().transactional_ddl) {
    runner.run_in_transaction();
  } else {
    runner.run_step_by_step();
  }
}

}  // namespace parley::migrate
