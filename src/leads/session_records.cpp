#include "leads/session_records.h"

#include <fmt/format.h>

#include "leads/events.h"
#include "leads/lead_records.h"
#include "leads/problems.h"
#include "leads/rows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;
using store::set;

constexpr std::string_view kTooManyMessages = "max_message_count_reached";

AgentSessionRow locked_session_of(store::UnitOfWork& unit, std::int64_t id) {
  std::optional<AgentSessionRow> session = lock_session(unit.connection, id);
  if (!session) throw session_not_found(id);
  return *std::move(session);
}

bool has_ended(SessionStatus status) {
  switch (status) {
    case SessionStatus::Completed:
    case SessionStatus::Escalated:
    case SessionStatus::Timeout: return true;
    case SessionStatus::Active:
    case SessionStatus::Paused:
    case SessionStatus::TakenOver: return false;
  }
  return false;
}

store::Condition<AgentSessionRow> matches(const SessionFilter& filter) {
  std::vector<store::Condition<AgentSessionRow>> conditions;
  if (filter.status) {
    conditions.push_back(equals<&AgentSessionRow::session_status>(word(*filter.status)));
  }
  if (filter.agent_id) conditions.push_back(equals<&AgentSessionRow::agent_id>(*filter.agent_id));
  if (filter.lead_id) conditions.push_back(equals<&AgentSessionRow::lead_id>(*filter.lead_id));
  return all_of(conditions);
}

/// Another live session of the lead stands in the way of this one becoming live.
void require_only_live(store::UnitOfWork& unit, const AgentSessionRow& session) {
  const auto live = lock_live_session(unit.connection, session.lead_id);
  if (!live || live->id == session.id) return;
  throw http::conflict("session_exists",
                       fmt::format("Lead already has an active session (ID: {})", live->id));
}

/// A status in which the session goes on.
AgentSessionRow set_going(store::UnitOfWork& unit, AgentSessionRow session, SessionStatus status,
                          Timestamp now) {
  const std::string before = session.session_status;
  session.session_status = word(status);
  session.updated_at = now;
  if (is_live(session)) require_only_live(unit, session);
  session.ended_at.reset();
  store::update(unit.connection, equals<&AgentSessionRow::id>(session.id),
                set<&AgentSessionRow::session_status>(session.session_status),
                set<&AgentSessionRow::ended_at>(session.ended_at),
                set<&AgentSessionRow::updated_at>(session.updated_at));
  unit.events.push_back(session_status_changed(session, before));
  return session;
}

/// The words of the change, without its status.
AgentSessionRow set_words(store::UnitOfWork& unit, AgentSessionRow session,
                          const SessionChange& change, Timestamp now) {
  if (change.completion_reason) session.completion_reason = change.completion_reason;
  if (change.escalated_to) session.escalated_to = change.escalated_to;
  if (change.escalation_reason) session.escalation_reason = change.escalation_reason;
  if (change.satisfaction_score) session.satisfaction_score = change.satisfaction_score;
  session.updated_at = now;
  store::update(unit.connection, equals<&AgentSessionRow::id>(session.id),
                set<&AgentSessionRow::completion_reason>(session.completion_reason),
                set<&AgentSessionRow::escalated_to>(session.escalated_to),
                set<&AgentSessionRow::escalation_reason>(session.escalation_reason),
                set<&AgentSessionRow::satisfaction_score>(session.satisfaction_score),
                set<&AgentSessionRow::updated_at>(session.updated_at));
  return session;
}

}  // namespace

AgentSessionRow add_session(store::UnitOfWork& unit, const NewSession& wanted, Timestamp now) {
  const std::optional<LeadRow> lead = lock_lead(unit.connection, wanted.lead_id);
  if (!lead) throw lead_not_found(wanted.lead_id);
  const std::optional<AgentRow> agent = find_agent(unit.connection, wanted.agent_id);
  if (!agent) throw agent_not_found(wanted.agent_id);
  const auto live = lock_live_session(unit.connection, lead->id);
  if (live && !is_idle(*live, now)) {
    throw refused("session_exists",
                  fmt::format("Lead already has an active session (ID: {})", live->id));
  }
  if (live) time_out(unit, *live, now);
  return open_session(unit, *agent, *lead, wanted.opening, now);
}

AgentSessionRow session_of(database::Connection& connection, std::int64_t id) {
  std::optional<AgentSessionRow> session = find_session(connection, id);
  if (!session) throw session_not_found(id);
  return *std::move(session);
}

SessionPage list_sessions(database::Connection& connection, const SessionFilter& filter) {
  const auto condition = matches(filter);
  return {.sessions = store::select<AgentSessionRow>()
                          .where(condition)
                          .order_by<&AgentSessionRow::id>(Order::Descending)
                          .limit(filter.page.size)
                          .offset(filter.page.offset())
                          .all(connection),
          .total = store::count(connection, condition)};
}

std::optional<AgentSessionRow> active_session_of(database::Connection& connection,
                                                 std::int64_t lead_id) {
  lead_of(connection, lead_id);
  return store::select<AgentSessionRow>()
      .where(all_of(equals<&AgentSessionRow::lead_id>(lead_id),
                    equals<&AgentSessionRow::session_status>(word(SessionStatus::Active))))
      .order_by<&AgentSessionRow::id>(Order::Descending)
      .first(connection);
}

std::int64_t count_active_sessions(database::Connection& connection) {
  return store::count(connection,
                      equals<&AgentSessionRow::session_status>(word(SessionStatus::Active)));
}

AgentSessionRow change_session(store::UnitOfWork& unit, std::int64_t id,
                               const SessionChange& change, Timestamp now) {
  AgentSessionRow session = set_words(unit, locked_session_of(unit, id), change, now);
  if (!change.status || word(*change.status) == session.session_status) return session;
  if (!has_ended(*change.status)) return set_going(unit, std::move(session), *change.status, now);
  return end_session(unit, std::move(session), {.status = *change.status}, now);
}

AgentSessionRow count_message(store::UnitOfWork& unit, std::int64_t id, SenderType sender,
                              Timestamp now) {
  AgentSessionRow session = locked_session_of(unit, id);
  if (session.session_status != word(SessionStatus::Active)) {
    throw refused("session_not_active", "Session is not active");
  }
  session.message_count += 1;
  session.last_message_at = now;
  session.last_message_from = word(sender);
  session.updated_at = now;
  store::update(unit.connection, equals<&AgentSessionRow::id>(id),
                set<&AgentSessionRow::message_count>(session.message_count),
                set<&AgentSessionRow::last_message_at>(session.last_message_at),
                set<&AgentSessionRow::last_message_from>(session.last_message_from),
                set<&AgentSessionRow::updated_at>(session.updated_at));
  if (session.message_count < session.max_message_count) return session;
  return end_session(unit, std::move(session),
                     {.status = SessionStatus::Escalated,
                      .completion_reason = std::string(kTooManyMessages),
                      .escalation_reason = std::string(kTooManyMessages)},
                     now);
}

AgentSessionRow finish_session(store::UnitOfWork& unit, std::int64_t id,
                               const std::optional<std::string>& reason,
                               const std::optional<std::string>& escalated_to, Timestamp now) {
  AgentSessionRow session = locked_session_of(unit, id);
  const auto status = parse_word<SessionStatus>(session.session_status);
  if (!status || has_ended(*status)) {
    throw refused("session_ended", "Session has ended already: it is " + session.session_status);
  }
  Ending ending{.completion_reason = reason};
  if (escalated_to) {
    ending.status = SessionStatus::Escalated;
    ending.escalated_to = escalated_to;
    ending.escalation_reason = reason;
  }
  return end_session(unit, std::move(session), ending, now);
}

}  // namespace parley::leads
