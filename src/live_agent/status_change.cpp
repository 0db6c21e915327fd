#include "live_agent/accounts.h"
#include "live_agent/events.h"
#include "live_agent/problems.h"
#include "live_agent/sessions.h"

namespace parley::live_agent {
namespace {

using store::set;

void throw_if_refused(const Transition& transition, const SessionRow& session) {
  switch (transition.verdict) {
    case Verdict::NoChange:
    case Verdict::Change: return;
    case Verdict::SessionClosed: throw session_closed();
    case Verdict::AlreadyTaken:
      throw http::conflict("already_taken",
                           "The session is already assigned to " +
                               session.assigned_agent_name.value_or("another agent"));
    case Verdict::Forbidden: throw http::forbidden("Access denied");
  }
}

http::Problem no_such_agent() {
  return http::invalid_field("/assigned_agent_id", "unknown_agent",
                             "assigned_agent_id must be the id of an active agent");
}

std::string name_of_assignee(database::Connection& connection, const Caller& caller,
                             std::int64_t agent_id, const StatusChange& change) {
  const bool is_caller = agent_id == caller.agent_id;
  const std::optional<UserRow> agent =
      is_caller ? std::nullopt : find_active_agent(connection, agent_id);
  if (!is_caller && !agent) throw no_such_agent();
  if (!change.assigned_agent_name.empty()) return change.assigned_agent_name;
  return is_caller ? caller.name : display_name(*agent);
}

SessionRow after(database::Connection& connection, SessionRow session, const Transition& transition,
                 const Caller& caller, const StatusChange& change) {
  session.status = word(change.status);
  switch (transition.assignee) {
    case Assignee::Stays: break;
    case Assignee::Cleared:
      session.assigned_agent_id.reset();
      session.assigned_agent_name.reset();
      break;
    case Assignee::BecomesAgent:
      session.assigned_agent_id = transition.agent_id;
      session.assigned_agent_name =
          name_of_assignee(connection, caller, transition.agent_id, change);
      break;
  }
  return session;
}

bool is_same(const SessionRow& a, const SessionRow& b) {
  return status_of(a.status) == status_of(b.status) && a.assigned_agent_id == b.assigned_agent_id &&
         a.assigned_agent_name == b.assigned_agent_name;
}

}  // namespace

SessionRow change_status(store::UnitOfWork& unit, const Caller& caller, const std::string& id,
                         const StatusChange& change, Timestamp now) {
  database::Connection& connection = unit.connection;
  for (int attempt = 0; attempt < kCompareAndSetAttempts; ++attempt) {
    const std::optional<SessionRow> seen = find_session(connection, id);
    if (!seen) throw session_not_found();
    if (!is_in_reach(seen->tenant_domain, caller))
      throw http::forbidden("Access denied: tenant mismatch");
    if (change.precondition) change.precondition(*seen);
    const Transition transition = transition_of(*seen, change.status, change.assignee, caller);
    throw_if_refused(transition, *seen);
    if (transition.verdict == Verdict::NoChange) return *seen;
    SessionRow wanted = after(connection, *seen, transition, caller, change);
    if (is_same(wanted, *seen)) return *seen;
    wanted.updated_at = now;
    const std::int64_t changed =
        store::update(connection, unchanged_since(*seen), set<&SessionRow::status>(wanted.status),
                      set<&SessionRow::assigned_agent_id>(wanted.assigned_agent_id),
                      set<&SessionRow::assigned_agent_name>(wanted.assigned_agent_name),
                      set<&SessionRow::updated_at>(wanted.updated_at));
    if (changed != 1) continue;
    unit.events.push_back(
        session_status_changed(*seen, with_last_text(connection, {wanted}).front(), Side::Agent));
    return wanted;
  }
  throw too_many_changes(id);
}

}  // namespace parley::live_agent
