#include "migrate/executor.h"

#include <fmt/format.h>

#include <span>

#include "base/error.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/probe.h"
#include "migrate/plan.h"
#include "migrate/session.h"
#include "migrate/step_down.h"

namespace parley::migrate {
namespace {

void apply_all(Session& session, std::span<const Revision* const> path,
               std::vector<std::string>& done) {
  while (!path.empty()) {
    std::size_t count = session.apply_together(path);
    if (count == 0) {
      session.apply(*path.front());
      count = 1;
    }
    for (const Revision* revision : path.first(count)) done.push_back(revision->id);
    path = path.subspan(count);
  }
}

std::vector<std::string> upgrade_under_lock(Session& session,
                                            const std::vector<std::string>& targets,
                                            const std::string& history) {
  std::vector<std::string> done;
  apply_all(session, session.graph().upgrade_path(targets, session.state().applied), done);
  if (done.empty()) return done;
  apply_all(session, session.graph().returning(session.state().applied, history), done);
  return done;
}

/// All changes that bring `targets` about.
std::vector<schema::Change> changes_up(const Session& session,
                                       const std::vector<std::string>& targets) {
  std::vector<schema::Change> changes;
  for (const Revision* revision : session.graph().upgrade_path(targets, session.state().applied)) {
    changes.insert(changes.end(), revision->upgrade.begin(), revision->upgrade.end());
  }
  return changes;
}

std::vector<schema::Change> changes_of(const std::vector<StepDown>& steps) {
  std::vector<schema::Change> changes;
  for (const StepDown& step : steps) {
    changes.insert(changes.end(), step.changes.begin(), step.changes.end());
  }
  return changes;
}

/// Throws when the live schema is not the one that `applied` would give.
void require_schema_of(Deployment& deployment, const Applied& applied) {
  const DriftReport report =
      deployment.drift(State{.standing = Standing::Recorded, .applied = applied});
  if (report.is_workable()) return;
  const Error drift = drift_error(report, deployment.definition());
  throw Error(ErrorCode::SchemaDrift, drift.what(), drift.hint() + " (or insist with --force)");
}

/// `base`, or the ids.
std::string names_of(const std::vector<std::string>& revisions) {
  return revisions.empty() ? "base" : join(revisions, ", ");
}

/// What of other histories goes with `steps`, a line for each change that loses rows which are
/// there.
std::vector<std::string> losses_of_others(Deployment& deployment, Session& session,
                                          const std::vector<StepDown>& steps,
                                          const std::string& history) {
  std::vector<std::string> lines;
  for (const StepDown& step : steps) {
    if (step.revision->history == history) continue;
    for (const schema::Change& change : step.changes) {
      const std::string table = schema::table_of(change);
      if (!schema::loses_data(change) || session.live().find_table(table) == nullptr) continue;
      const auto rows = dialect::count_rows(deployment.connection(), table);
      if (rows == 0) continue;
      lines.push_back(fmt::format("{} of {}: {} rows", schema::describe(change), step.revision->id,
                                  grouped(rows)));
    }
  }
  return lines;
}

/// Whoever undoes a revision of one history may not know what another one has put on it.
void require_no_loss_of_others(Deployment& deployment, Session& session,
                               const std::vector<StepDown>& steps, const std::string& history) {
  const auto lines = losses_of_others(deployment, session, steps, history);
  if (lines.empty()) return;
  throw Error(ErrorCode::RefusedForSafety,
              fmt::format("This downgrade would take along what stands on it in another history:"
                          "\n  {}",
                          join(lines, "\n  ")),
              "Nothing was changed. To lose those rows too, say so: the same command with "
              "--take-along.");
}

/// True when nothing has to be written, so that the usual start needs no lock.
bool is_up_to_date(Deployment& deployment, const State& state) {
  return state.standing == Standing::Recorded && state.has_engine_tables &&
         deployment.pending(state).empty() && !deployment.journal().half_done();
}

/// True when `expression` asks for nothing that is not there.
bool has_reached(Deployment& deployment, const std::string& expression,
                 const std::string& history) {
  const State state = deployment.state();
  if (state.standing != Standing::Recorded || !state.has_engine_tables) return false;
  const History& graph = deployment.definition().graph;
  const auto targets = graph.resolve_upgrade(expression, state.applied, history);
  return graph.upgrade_path(targets, state.applied).empty() && !deployment.journal().half_done();
}

}  // namespace

Error drift_error(const DriftReport& report, const NamespaceDefinition& definition) {
  const std::string whose = definition.name.empty() ? "" : " of " + definition.name;
  std::string text = fmt::format("The database{} is not what its revisions say", whose);
  for (const Difference& difference : report.differences) {
    if (difference.level != Level::Note) text += "\n" + to_text(difference);
  }
  if (definition.name.empty()) {
    return Error(
        ErrorCode::SchemaDrift, text,
        "Repair it, keeping every row: parley db repair. What should be as it is goes into "
        "a revision with --adopt, or is left alone with --ignore --reason TEXT.");
  }
  return Error(
      ErrorCode::SchemaDrift, text,
      fmt::format("Repair it, keeping every row: parley db repair --module {}", definition.name));
}

std::vector<std::string> upgrade(Deployment& deployment, const std::string& expression,
                                 const std::string& history, const ExecuteOptions& options) {
  if (has_reached(deployment, expression, history)) return {};
  Session session(deployment, options);
  const auto targets =
      session.graph().resolve_upgrade(expression, session.state().applied, history);
  session.require_no_drift();
  session.back_up_before(changes_up(session, targets));
  session.begin_writing();
  return upgrade_under_lock(session, targets, history);
}

std::vector<std::string> upgrade_all(Deployment& deployment, const ExecuteOptions& options) {
  const State state = deployment.state();
  if (is_up_to_date(deployment, state)) {
    const DriftReport report = deployment.drift(state);
    if (!report.is_workable()) throw drift_error(report, deployment.definition());
    return {};
  }
  Session session(deployment, options);
  session.require_no_drift();
  for (const HistoryDefinition& history : deployment.definition().histories) {
    session.back_up_before(changes_up(session, session.graph().heads(history.name)));
  }
  session.begin_writing();
  std::vector<std::string> done;
  for (const HistoryDefinition& history : deployment.definition().histories) {
    const auto heads = session.graph().heads(history.name);
    const auto applied = upgrade_under_lock(session, heads, history.name);
    done.insert(done.end(), applied.begin(), applied.end());
  }
  return done;
}

std::vector<std::string> downgrade(Deployment& deployment, const std::string& expression,
                                   const std::string& history, const ExecuteOptions& options,
                                   Others others) {
  Session session(deployment, options);
  const auto path = session.graph().downgrade_path(expression, session.state().applied, history);
  session.require_no_drift();
  const auto steps = steps_down(session.graph(), session.state().applied, path);
  if (others == Others::Refuse) require_no_loss_of_others(deployment, session, steps, history);
  session.back_up_before(changes_of(steps));
  session.begin_writing();
  std::vector<std::string> done;
  for (const StepDown& step : steps) {
    session.undo(step);
    done.push_back(step.revision->id);
  }
  return done;
}

void stamp(Deployment& deployment, const StampRequest& request, const ExecuteOptions& options) {
  Session session =
      request.purges ? Session(deployment, options, request.history) : Session(deployment, options);
  const Applied wanted =
      session.graph().stamped(request.expressions, session.state().applied, request.history);
  if (request.check == StampCheck::Verify) require_schema_of(deployment, wanted);
  const History& graph = session.graph();
  const auto before = graph.newest(session.state().applied, request.history);
  const auto after = graph.newest(wanted, request.history);
  session.begin_writing();
  database::Transaction transaction(deployment.connection());
  session.record_stamp(wanted);
  session.note({.action = "stamp",
                .history = request.history,
                .revision = after.size() == 1 ? after.front() : "",
                .content = names_of(before) + " -> " + names_of(after)});
  transaction.commit();
}

void ensure_version(Deployment& deployment, const ExecuteOptions& options) {
  Session session(deployment, options);
  const bool is_new = !session.state().has_engine_tables;
  session.begin_writing();
  if (is_new) session.note({.action = "ensure_version", .content = "created the record"});
}

}  // namespace parley::migrate
