#include "migrate/rehearse.h"

#include <fmt/format.h>

#include <map>
#include <ranges>

#include "base/error.h"
#include "base/log.h"
#include "dialect/probe.h"
#include "migrate/adopt.h"
#include "migrate/diff.h"
#include "migrate/dump.h"
#include "migrate/namespace_copy.h"
#include "migrate/session.h"
#include "migrate/verdict.h"
#include "migrate/way_back.h"

namespace parley::migrate {
namespace {

using std::chrono::microseconds;

class Stopwatch {
 public:
  microseconds elapsed() const {
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - began_);
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Schema and rows of the copy at the beginning.
struct Beginning {
  schema::Schema live;
  std::map<std::string, RowSum> sums;
};

class Rehearser {
 public:
  Rehearser(Deployment& copy, const RehearsalRequest& request, const ExecuteOptions& options,
            Rehearsal& rehearsal)
      : copy_(copy), request_(request), options_(options), rehearsal_(rehearsal) {}

  void run() {
    rehearsal_.taken_over = take_over(copy_, options_);
    note_beginning();
    Session session(copy_, options_);
    session.require_no_drift();
    session.begin_writing();
    go_up(session);
    require_no_drift();
    count_rows();
    stage_ = RehearsalFailure::Stage::Downgrade;
    if (!go_down(session)) return;
    require_no_drift();
    require_same_schema();
    compare_rows();
  }

  RehearsalFailure failure(const Error& error) const { return {stage_, current_, error}; }

 private:
  void note_beginning() {
    beginning_.live = copy_.live();
    for (const schema::Table& table : beginning_.live.tables) {
      const RowSum sum = sum_of_rows(copy_.connection(), table);
      rehearsal_.rows += sum.rows();
      ++rehearsal_.tables;
      beginning_.sums.emplace(table.name, sum);
    }
  }

  void go_up(Session& session) {
    const History& graph = session.graph();
    for (const std::string& history : request_.histories) {
      const auto targets =
          graph.resolve_upgrade(request_.expression, session.state().applied, history);
      const auto path = graph.upgrade_path(targets, session.state().applied);
      for (const Revision* revision : path) apply(session, *revision);
      if (path.empty()) continue;
      for (const Revision* revision : graph.returning(session.state().applied, history)) {
        apply(session, *revision);
      }
    }
    current_.clear();
  }

  void apply(Session& session, const Revision& revision) {
    current_ = revision.id;
    RehearsedRevision done{.id = revision.id, .message = revision.message};
    for (const Verdict& verdict :
         verdicts_on(copy_.connection(), revision.upgrade, session.live())) {
      if (verdict.kind == Verdict::Kind::Loses) done.losses.push_back(verdict.text);
    }
    const Stopwatch watch;
    session.apply(revision);
    done.up = watch.elapsed();
    rehearsal_.revisions.push_back(std::move(done));
    path_.push_back(&revision);
  }

  /// False when a revision has no way back.
  bool go_down(Session& session) {
    for (std::size_t i = path_.size(); i-- > 0;) {
      const Revision& revision = *path_[i];
      for (const LostOnTheWayBack& loss : lost_on_the_way_back(revision)) {
        if (loss.way_back != WayBack::None) continue;
        rehearsal_.no_way_back = fmt::format("{}: {}", revision.id, to_text(loss));
        return false;
      }
      current_ = revision.id;
      const Stopwatch watch;
      session.undo(steps_down(session.graph(), session.state().applied, {&revision}).front());
      rehearsal_.revisions[i].down = watch.elapsed();
    }
    current_.clear();
    return true;
  }

  void require_no_drift() {
    const DriftReport report = copy_.drift(copy_.state());
    if (!report.is_workable()) throw drift_error(report, copy_.definition());
  }

  void require_same_schema() {
    const auto left = diff(copy_.live(), beginning_.live);
    if (left.empty()) return;
    throw Error(ErrorCode::SchemaDrift,
                "The way back does not end where the upgrade began: it lacks " +
                    schema::describe(left.front()),
                "Write the 'downgrade' of the revision that should do it.");
  }

  RehearsedRows& rows_of(const std::string& table) {
    const auto found = std::ranges::find(rehearsal_.changed_rows, table, &RehearsedRows::table);
    if (found != rehearsal_.changed_rows.end()) return *found;
    const std::int64_t rows = beginning_.sums.at(table).rows();
    return rehearsal_.changed_rows.emplace_back(
        RehearsedRows{.table = table, .before = rows, .upgraded = rows});
  }

  void count_rows() {
    const schema::Schema live = copy_.live();
    for (const auto& [table, sum] : beginning_.sums) {
      if (live.find_table(table) == nullptr) {
        rows_of(table).upgraded.reset();
        continue;
      }
      const std::int64_t rows = dialect::count_rows(copy_.connection(), table);
      if (rows != sum.rows()) rows_of(table).upgraded = rows;
    }
  }

  void compare_rows() {
    for (const schema::Table& table : beginning_.live.tables) {
      const RowSum& before = beginning_.sums.at(table.name);
      const RowSum now = sum_of_rows(copy_.connection(), table);
      const bool is_same = now.rows() == before.rows() && now.text() == before.text();
      if (!is_same) rows_of(table.name).is_restored = false;
    }
  }

  Deployment& copy_;
  const RehearsalRequest& request_;
  const ExecuteOptions& options_;
  Rehearsal& rehearsal_;
  Beginning beginning_;
  std::vector<const Revision*> path_;
  RehearsalFailure::Stage stage_ = RehearsalFailure::Stage::Upgrade;
  std::string current_;
};

/// Asked of the original, so that nobody waits for a copy of which nothing comes.
bool has_something_to_do(Deployment& original, const RehearsalRequest& request) {
  const State state = original.state();
  if (state.standing == Standing::Unmarked || original.journal().half_done()) return true;
  if (state.standing == Standing::Recorded) {
    const DriftReport report = original.drift(state);
    if (!report.is_workable()) throw drift_error(report, original.definition());
  }
  const History& graph = original.definition().graph;
  return std::ranges::any_of(request.histories, [&](const std::string& history) {
    const auto targets = graph.resolve_upgrade(request.expression, state.applied, history);
    return !graph.upgrade_path(targets, state.applied).empty();
  });
}

}  // namespace

Rehearsal rehearse(Deployment& original, const RehearsalRequest& request,
                   const ExecuteOptions& options) {
  Rehearsal rehearsal;
  if (!has_something_to_do(original, request)) return rehearsal;
  ExecuteOptions on_copy = options;
  on_copy.backup_directory.reset();
  const Stopwatch watch;
  NamespaceCopy copy(original, on_copy);
  rehearsal.copy = copy.kind();
  rehearsal.copy_time = watch.elapsed();
  log::info("Rehearsing on {}; the database itself is only read", copy.kind());
  Rehearser rehearser(copy.deployment(), request, on_copy, rehearsal);
  try {
    rehearser.run();
  } catch (const Error& error) {
    rehearsal.failure = rehearser.failure(error);
  }
  return rehearsal;
}

}  // namespace parley::migrate
