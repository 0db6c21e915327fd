#include "migrate/executor.h"

#include <fmt/format.h>

#include <span>

#include "base/error.h"
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
  const std::string module = definition.name.empty() ? "" : " --module " + definition.name;
  return Error(ErrorCode::SchemaDrift, text,
               fmt::format("Repair it, keeping every row: parley db repair{}", module));
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
                                   const std::string& history, const ExecuteOptions& options) {
  Session session(deployment, options);
  const auto path = session.graph().downgrade_path(expression, session.state().applied, history);
  session.require_no_drift();
  const auto steps = steps_down(session.graph(), session.state().applied, path);
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
  session.begin_writing();
  session.record_stamp(wanted);
}

void ensure_version(Deployment& deployment, const ExecuteOptions& options) {
  Session session(deployment, options);
  session.begin_writing();
}

}  // namespace parley::migrate
