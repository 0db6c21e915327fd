#include "migrate/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/log.h"
#include "base/text_diff.h"
#include "database/transaction.h"
#include "dialect/backfill_text.h"
#include "dialect/foreign_key_pause.h"
#include "dialect/page_release.h"
#include "dialect/probe.h"
#include "migrate/backfill.h"
#include "migrate/diff.h"
#include "migrate/lock.h"
#include "migrate/online.h"
#include "migrate/parts.h"
#include "migrate/reporter.h"
#include "migrate/retry.h"
#include "migrate/scratch.h"
#include "migrate/verdict.h"

namespace parley::migrate {
namespace {

using Pause = dialect::ForeignKeyPause;
using dialect::PageRelease;

void require_same(const schema::Schema& live, const schema::Schema& wanted) {
  const auto left = diff(live, wanted);
  if (left.empty()) return;
  std::string text;
  for (const schema::Change& change : left) text += "\n  " + schema::describe(change);
  throw Error(
      ErrorCode::SchemaDrift,
      fmt::format("The database does not show what was executed. These differences are left:{}",
                  text),
      "Nothing was recorded as applied.");
}

class Runner {
 public:
  Runner(Deployment& deployment, const Plan& plan, const Task& task)
      : deployment_(deployment),
        connection_(deployment.connection()),
        journal_(deployment.journal()),
        plan_(plan),
        task_(task),
        reporter_(task.options.on_progress, task.revision ? task.revision->id : task.action,
                  total()) {}

  void run() {
    const bool rolls_back = deployment_.dialect().capabilities().transactional_ddl;
    const auto parts = parts_of(plan_, rolls_back ? Ddl::RollsBack : Ddl::CommitsItself);
    const auto earlier = earlier_run();
    if (!earlier && is_one_transaction(parts)) {
      run_in_one_transaction(parts.front());
    } else {
      run_part_by_part(parts, earlier);
    }
  }

 private:
  using Marks = std::map<std::int64_t, StepRow>;

  /// A failure leaves nothing but a note in the journal.
  void run_in_one_transaction(const Part& part) {
    try {
      with_retries(task_.options, title(), [&] {
        const Pause::Needed needed = pause_needed(part);
        Pause pause(connection_, needed);
        PageRelease release(connection_, overwrites(part, needed));
        database::Transaction transaction(connection_);
        const std::int64_t id = journal_.begin(new_entry());
        if (task_.prepare) task_.prepare();
        std::int64_t position = 0;
        for (const Step* step : part.steps) {
          reporter_.begin(*step, position);
          execute_whole(*step);
          position += positions_of(*step);
        }
        pause.check(rebuilt_);
        verify(Fidelity::Exact);
        task_.record();
        journal_.finish(id, total(), now());
        transaction.commit();
      });
    } catch (const Error& error) {
      note_failure(error);
      throw;
    }
  }

  /// What an earlier run did is not done again.
  void run_part_by_part(const std::vector<Part>& parts, const std::optional<JournalRow>& earlier) {
    id_ = earlier ? earlier->id : journal_.begin(new_entry());
    marks_ = marks_of(id_);
    if (earlier) require_same_beginning(*earlier);
    try {
      if (task_.prepare && marks_.empty()) task_.prepare();
      for (const Part& part : parts) run_part(part);
      verify(earlier ? Fidelity::KnownObjects : Fidelity::Exact);
      with_retries(task_.options, title(), [&] {
        database::Transaction transaction(connection_);
        task_.record();
        journal_.finish(id_, total(), now());
        transaction.commit();
      });
    } catch (const Error& error) {
      stop(error);
    }
  }

  void run_part(const Part& part) {
    switch (part.kind) {
      case Part::Kind::Transaction: return run_transaction(part);
      case Part::Kind::Statements: return run_statements(part);
      case Part::Kind::Backfill: return run_backfill(part);
    }
  }

  void run_backfill(const Part& part) {
    const Step& step = *part.steps.front();
    if (is_marked_done(part.position)) return;
    BackfillPlace place;
    if (const auto mark = marks_.find(part.position); mark == marks_.end()) {
      journal_.step_started(id_, part.position, step.statements.front(), now());
    } else {
      place = {.rows = mark->second.rows.value_or(0),
               .resume_at = mark->second.resume_at.value_or("")};
    }
    reporter_.begin(step, part.position);
    reporter_.resume_at(place.rows);
    backfill(connection_, job_of(step), place, task_.options,
             {.save =
                  [&](const BackfillPlace& reached, bool is_done) {
                    journal_.step_advanced(id_, part.position, reached.rows, reached.resume_at);
                    if (is_done) finish_step(part.position);
                  },
              .report = [&](std::int64_t done, std::int64_t all) { reporter_.rows(done, all); }});
  }

  BackfillJob job_of(const Step& step) const {
    const auto& change = std::get<schema::Backfill>(step.change);
    const auto& dialect = deployment_.dialect();
    return {.table = *step.before.find_table(change.table),
            .assignments = dialect::assignments_text(change, dialect),
            .condition = dialect::condition_text(change, dialect)};
  }

  /// The steps and their marks are committed together, so the marks alone say what is done.
  void run_transaction(const Part& part) {
    with_retries(task_.options, title(), [&] {
      const Pause::Needed needed = pause_needed(part);
      Pause pause(connection_, needed);
      PageRelease release(connection_, overwrites(part, needed));
      database::Transaction transaction(connection_);
      std::int64_t position = part.position;
      for (const Step* step : part.steps) {
        if (!is_marked_done(position)) {
          reporter_.begin(*step, position);
          execute_whole(*step);
          mark_done(*step, position);
        }
        position += positions_of(*step);
      }
      pause.check(rebuilt_);
      transaction.commit();
    });
  }

  /// Each statement commits by itself.
  void run_statements(const Part& part) {
    const Step& step = *part.steps.front();
    std::int64_t position = part.position;
    for (const std::string& statement : step.statements) {
      reporter_.begin(step, position);
      run_marked(step, statement, position++);
    }
  }

  void run_marked(const Step& step, const std::string& statement, std::int64_t position) {
    if (is_marked_done(position)) return;
    const bool was_begun = marks_.contains(position);
    if (!was_begun) {
      if (statement == step.statements.front()) judge_again(step);
      journal_.step_started(id_, position, statement, now());
    } else {
      clear_leftovers(step);
      // What follows the statement that makes the change true may be run again (Dialect::render).
      const bool is_first = statement == step.statements.front();
      const bool is_users_own = std::holds_alternative<schema::Execute>(step.change);
      if ((is_first || is_users_own) && is_in_effect(step)) {
        log::info("Step {} of {} is done already: {}", position + 1, total(), step.reason);
        return finish_step(position);
      }
    }
    with_retries(task_.options, step.reason, [&] { execute_with_mark(step, statement, position); });
  }

  /// In a transaction, though DDL commits it at once: rows that a user's own statement changes are
  /// then committed together with the mark, and are not changed twice.
  void execute_with_mark(const Step& step, const std::string& statement, std::int64_t position) {
    if (step.transaction == dialect::TransactionNeed::Outside) {
      execute(step, {statement});
      has_changed_ = true;
      return finish_step(position);
    }
    database::Transaction transaction(connection_);
    execute(step, {statement});
    has_changed_ = true;
    finish_step(position);
    transaction.commit();
  }

  void clear_leftovers(const Step& step) {
    for (const std::string& statement : deployment_.dialect().leftovers(connection_, step.change)) {
      log::info("Clearing what an interrupted run left: {}", step.reason);
      connection_.execute(statement);
    }
  }

  void finish_step(std::int64_t position) { journal_.step_finished(id_, position, now()); }

  void mark_done(const Step& step, std::int64_t position) {
    for (const std::string& statement : step.statements) {
      if (!marks_.contains(position)) journal_.step_started(id_, position, statement, now());
      finish_step(position++);
    }
  }

  bool is_marked_done(std::int64_t position) const {
    const auto mark = marks_.find(position);
    return mark != marks_.end() && mark->second.finished_at;
  }

  Timestamp now() const { return deployment_.clock().now(); }

  std::int64_t total() const { return positions_of(plan_); }

  std::string title() const {
    return task_.revision ? fmt::format("{} of {}", task_.action, task_.revision->id)
                          : task_.action;
  }

  JournalRow new_entry() const { return entry_of(deployment_, task_, total()); }

  static Pause::Needed pause_needed(const Part& part) {
    const bool rebuilds = std::ranges::any_of(
        part.steps, [](const Step* step) { return step->needs_foreign_keys_off; });
    return rebuilds ? Pause::Needed::Yes : Pause::Needed::No;
  }

  /// What the rows said before the run was not about rows that the run itself has written since.
  void judge_again(const Step& step) {
    for (const Step& earlier : plan_.steps) {
      if (&earlier == &step) return;
      if (writes_rows(earlier.change)) break;
    }
    check_verdicts(connection_, {step.change}, step.before);
  }

  /// What a step throws away on purpose is overwritten where SQLite does that.
  static PageRelease::Overwrites overwrites(const Part& part, Pause::Needed rebuilds) {
    const bool loses = std::ranges::any_of(
        part.steps, [](const Step* step) { return schema::loses_data(step->change); });
    return rebuilds == Pause::Needed::Yes && !loses ? PageRelease::Overwrites::Never
                                                    : PageRelease::Overwrites::AsBefore;
  }

  void execute_whole(const Step& step) {
    judge_again(step);
    if (std::holds_alternative<schema::DropTable>(step.change)) {
      if (step.needs_foreign_keys_off) rebuilt_.push_back(schema::table_of(step.change));
      return execute(step, step.statements);
    }
    if (step.needs_foreign_keys_off) {
      deployment_.dialect().require_rows_fit(connection_, step.change, step.before);
    }
    step.rebuilt.empty() ? execute(step, step.statements) : rebuild(step);
  }

  /// Keeps every row, and what hangs on a table or view though no schema mentions it.
  void rebuild(const Step& step) {
    const auto objects =
        deployment_.dialect().unmodelled_objects(connection_, step.rebuilt, step.before);
    const auto copied = step.needs_foreign_keys_off ? step.rebuilt : std::vector<std::string>();
    std::vector<std::int64_t> rows;
    for (const std::string& table : copied) {
      rows.push_back(dialect::count_rows(connection_, table));
    }
    execute(step, step.statements);
    execute(Step{.change = step.change, .reason = "put back what hangs on it: " + step.reason},
            objects);
    for (std::size_t i = 0; i < rows.size(); ++i) require_rows(step, copied[i], rows[i]);
    rebuilt_.insert(rebuilt_.end(), copied.begin(), copied.end());
  }

  void require_rows(const Step& step, const std::string& table, std::int64_t rows) {
    const std::int64_t rows_after = dialect::count_rows(connection_, table);
    if (rows_after == rows) return;
    throw Error(
        ErrorCode::RefusedForSafety,
        fmt::format("{}: the new {} has {} rows where the old one had {}; nothing was changed",
                    step.reason, table, rows_after, rows));
  }

  void execute(const Step& step, const std::vector<std::string>& statements) {
    execute_step(deployment_, step, statements);
  }

  std::optional<JournalRow> earlier_run() {
    auto entry = journal_.half_done();
    const bool is_same = entry && task_.revision != nullptr &&
                         entry->revision == task_.revision->id && entry->action == task_.action;
    if (!is_same) return std::nullopt;
    return entry;
  }

  Marks marks_of(std::int64_t id) {
    Marks marks;
    for (StepRow& row : journal_.steps(id)) marks.emplace(row.position, std::move(row));
    return marks;
  }

  /// Positions only mean something while the statements up to them are the same. What was not done
  /// yet may be mended: that is how a revision that fails is put right.
  void require_same_beginning(const JournalRow& earlier) const {
    std::int64_t done = 0;
    std::int64_t position = 0;
    for (const Step& step : plan_.steps) {
      for (const std::string& statement : step.statements) {
        const auto mark = marks_.find(position++);
        if (mark == marks_.end() || !mark->second.finished_at) continue;
        if (mark->second.statement != statement) refuse_edit(earlier);
        ++done;
      }
    }
    const bool is_shorter = !marks_.empty() && marks_.rbegin()->first >= position;
    if (is_shorter && marks_.rbegin()->second.finished_at) refuse_edit(earlier);
    log::info("Continuing what a run of {} by {} on {} left: {} of {} steps are done",
              format_sql(earlier.started_at), earlier.who, earlier.host, done, total());
  }

  [[noreturn]] void refuse_edit(const JournalRow& earlier) const {
    throw Error(ErrorCode::HistoryChanged,
                fmt::format("{} was edited after a part of it was run:\n{}", task_.revision->file,
                            unified_diff(earlier.content, to_yaml(*task_.revision), "as it was run",
                                         "as it is now")),
                "Undo the edit of the steps that were run; those behind them may be changed. Then "
                "run the command again.");
  }

  /// For a step that was begun and whose end nobody wrote down: the database itself knows.
  bool is_in_effect(const Step& step) const {
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
    const auto live = task_.scope ? deployment_.live(*task_.scope) : deployment_.live();
    const auto planned = task_.scope ? schema::Schema{.tables = plan_.after.tables} : plan_.after;
    const auto wanted = settle(connection_, live, planned);
    if (fidelity == Fidelity::KnownObjects &&
        compare(live, wanted, deployment_.dialect()).is_clean()) {
      return;
    }
    require_same(live, wanted);
  }

  void note_failure(const Error& failure) {
    try {
      database::Transaction transaction(connection_);
      journal_.finish_failed(journal_.begin(new_entry()), failure.what(), now());
      transaction.commit();
    } catch (const Error& error) {
      log::debug("The failure could not be noted in the journal: {}", error.what());
    }
  }

  /// Says truly what the failed run leaves: nothing, or a beginning that the journal knows.
  [[noreturn]] void stop(const Error& error) {
    bool is_changed = has_changed_ || !marks_.empty();
    try {
      const auto marks = marks_of(id_);
      is_changed =
          is_changed || std::ranges::any_of(marks, [&](const auto& mark) {
            return mark.second.finished_at || mark.second.resume_at || may_be_partial(mark.first);
          });
      if (is_changed) {
        journal_.note_error(id_, error.what());
      } else {
        journal_.finish_failed(id_, error.what(), now());
      }
    } catch (const Error& second) {
      log::debug("The failure could not be noted in the journal: {}", second.what());
      is_changed = true;  // Or not: nobody can be asked.
    }
    if (!is_changed) throw error;
    throw Error(ErrorCode::UpgradeIncomplete, error.what(),
                fmt::format("What was done cannot be rolled back, and the journal knows how far it "
                            "came: mend the cause and run the same command again. {}",
                            error.hint()));
  }

  /// A statement of the engine's own is done or not; a user's text may be several.
  bool may_be_partial(std::int64_t position) const {
    std::int64_t first = 0;
    for (const Step& step : plan_.steps) {
      first += positions_of(step);
      if (position < first) return std::holds_alternative<schema::Execute>(step.change);
    }
    return true;
  }

  Deployment& deployment_;
  database::Connection& connection_;
  Journal& journal_;
  const Plan& plan_;
  const Task& task_;
  Reporter reporter_;
  std::int64_t id_ = 0;  ///< Of the journal entry of a run in parts.
  Marks marks_;          ///< Of what an earlier run did.
  /// Tables made anew or dropped: what refers to them is checked before the commit.
  std::vector<std::string> rebuilt_;
  bool has_changed_ = false;  ///< A statement that commits by itself came through.
};

}  // namespace

JournalRow entry_of(const Deployment& deployment, const Task& task, std::int64_t steps_total) {
  const Revision* revision = task.revision;
  JournalRow row{.history = revision ? revision->history : deployment.definition().core().name,
                 .revision = revision ? revision->id : "",
                 .action = task.action,
                 .content = revision ? to_yaml(*revision) : task.content,
                 .who = current_user(),
                 .host = current_host(),
                 .tool_version = task.tool_version,
                 .started_at = deployment.clock().now(),
                 .steps_total = steps_total};
  if (revision != nullptr) {
    row.checksum = checksum_of(*revision);
    row.checksum_version = kChecksumVersion;
  }
  return row;
}

void execute_step(const Deployment& deployment, const Step& step,
                  const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) {
    log::debug("{}", statement);
    try {
      execute_online(deployment.connection(), deployment.dialect(), step.change, statement);
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{}: {}", step.reason, error.what()), error.hint());
    }
  }
}

void require_planned(const Deployment& deployment, std::vector<schema::Table> planned,
                     const std::set<std::string>& tables) {
  const schema::Schema live = deployment.live(tables);
  require_same(live, settle(deployment.connection(), live, {.tables = std::move(planned)}));
}

void run(Deployment& deployment, const Plan& plan, const Task& task) {
  Runner(deployment, plan, task).run();
}

}  // namespace parley::migrate
