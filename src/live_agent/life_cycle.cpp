#include "live_agent/life_cycle.h"

#include "base/check.h"

namespace parley::live_agent {
namespace {

constexpr Transition refused(Verdict verdict) { return {.verdict = verdict}; }

Transition activate(const SessionRow& session, SessionStatus from, const AssigneeRequest& request,
                    const Caller& caller) {
  const std::optional<std::int64_t> holder = session.assigned_agent_id;
  const bool is_visible = access_to(session, caller) == Access::Granted;
  const std::int64_t own_id = *caller.agent_id;

  if (holder && request.kind == AssigneeRequest::Kind::Absent) {
    if (!is_visible) return refused(Verdict::AlreadyTaken);
    return {.verdict = from == SessionStatus::Active ? Verdict::NoChange : Verdict::Change};
  }
  const std::int64_t target =
      request.kind == AssigneeRequest::Kind::Agent ? request.agent_id : own_id;
  if (holder && *holder != target && *holder != own_id && !caller.rights.can_reassign_sessions) {
    return refused(target == own_id ? Verdict::AlreadyTaken : Verdict::Forbidden);
  }
  if (!is_visible && target != own_id) return refused(Verdict::Forbidden);
  return {.verdict = Verdict::Change, .assignee = Assignee::BecomesAgent, .agent_id = target};
}

}  // namespace

Transition transition_of(const SessionRow& session, SessionStatus to,
                         const AssigneeRequest& assignee, const Caller& caller) {
  PARLEY_CHECK(caller.is_agent() && caller.agent_id);
  const SessionStatus from = status_of(session.status);
  const bool is_visible = access_to(session, caller) == Access::Granted;
  if (!is_visible && to != SessionStatus::Active) return refused(Verdict::Forbidden);
  if (from == SessionStatus::Closed && to != SessionStatus::Closed) {
    return refused(Verdict::SessionClosed);
  }
  switch (to) {
    case SessionStatus::Active: return activate(session, from, assignee, caller);
    case SessionStatus::Pending:
      if (from == SessionStatus::Pending) return {};
      return {.verdict = Verdict::Change, .assignee = Assignee::Cleared};
    case SessionStatus::Resolved:
    case SessionStatus::Closed:
      if (from == to) return {};
      return caller.rights.can_close_sessions ? Transition{.verdict = Verdict::Change}
                                              : refused(Verdict::Forbidden);
  }
  return refused(Verdict::Forbidden);
}

std::optional<SessionStatus> status_after_message(const SessionRow& session, Side sender) {
  const SessionStatus status = status_of(session.status);
  if (status == SessionStatus::Closed) return std::nullopt;
  if (status != SessionStatus::Resolved || sender == Side::Agent) return status;
  return session.assigned_agent_id ? SessionStatus::Active : SessionStatus::Pending;
}

}  // namespace parley::live_agent
