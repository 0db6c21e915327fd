#include "leads/session_life.h"

#include <algorithm>

#include "leads/events.h"
#include "leads/follow_ups.h"
#include "leads/rows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::is_null;
using store::less;
using store::set;

constexpr std::string_view kInactivity = "inactivity_timeout";
/// What a stored number of hours means at most: a time that the columns still hold.
constexpr std::int64_t kHoursMax = 24 * 366 * 100;

store::Condition<AgentSessionRow> is_active() {
  return equals<&AgentSessionRow::session_status>(word(SessionStatus::Active));
}

Timestamp silent_since(std::int64_t hours, Timestamp now) {
  return now - std::chrono::hours(std::clamp<std::int64_t>(hours, 0, kHoursMax));
}

store::Condition<AgentSessionRow> idle_after(std::int64_t hours, Timestamp now) {
  const Timestamp limit = silent_since(hours, now);
  return all_of(equals<&AgentSessionRow::auto_timeout_hours>(hours),
                any_of(less<&AgentSessionRow::last_message_at>(limit),
                       all_of(is_null<&AgentSessionRow::last_message_at>(),
                              less<&AgentSessionRow::created_at>(limit))));
}

/// The names of what was scheduled; an old row without any has NULL there, a new one `[]`.
void note_sequences(store::UnitOfWork& unit, AgentSessionRow& session,
                    const std::vector<std::string>& sequences) {
  json::array names;
  for (const std::string& each : sequences) names.emplace_back(each);
  session.active_follow_up_sequences = std::move(names);
  store::update(
      unit.connection, equals<&AgentSessionRow::id>(session.id),
      set<&AgentSessionRow::active_follow_up_sequences>(session.active_follow_up_sequences),
      set<&AgentSessionRow::updated_at>(session.updated_at));
}

}  // namespace

AgentSessionRow open_session(store::UnitOfWork& unit, const AgentRow& agent, const LeadRow& lead,
                             const Opening& opening, Timestamp now) {
  AgentSessionRow session{.agent_id = agent.id,
                          .lead_id = lead.id,
                          .trigger_type = opening.trigger_type,
                          .session_status = word(opening.status),
                          .initial_context = opening.initial_context,
                          .session_metadata = JsonObject{},
                          .session_goal = opening.goal,
                          .response_time_avg = "0.0",
                          .auto_timeout_hours = opening.auto_timeout_hours,
                          .max_message_count = opening.max_message_count,
                          .active_follow_up_sequences = json::array{},
                          .follow_up_sequence_state = JsonObject{},
                          .created_at = now,
                          .updated_at = now};
  session.id = store::insert(unit.connection, session);
  const std::size_t place = unit.events.size();
  if (opening.status == SessionStatus::Active) {
    const auto sequences = schedule_follow_ups(unit, agent, session, now);
    if (!sequences.empty()) note_sequences(unit, session, sequences);
  }
  // The session is told of before its follow-ups, and as it is with them.
  unit.events.insert(unit.events.begin() + static_cast<std::ptrdiff_t>(place),
                     session_started(session));
  return session;
}

AgentSessionRow end_session(store::UnitOfWork& unit, AgentSessionRow session, const Ending& ending,
                            Timestamp now) {
  const std::string before = session.session_status;
  session.session_status = word(ending.status);
  if (ending.completion_reason) session.completion_reason = ending.completion_reason;
  if (ending.escalated_to) session.escalated_to = ending.escalated_to;
  if (ending.escalation_reason) session.escalation_reason = ending.escalation_reason;
  if (!session.ended_at) session.ended_at = now;
  session.active_follow_up_sequences = json::array{};
  session.updated_at = now;
  store::update(
      unit.connection, equals<&AgentSessionRow::id>(session.id),
      set<&AgentSessionRow::session_status>(session.session_status),
      set<&AgentSessionRow::completion_reason>(session.completion_reason),
      set<&AgentSessionRow::escalated_to>(session.escalated_to),
      set<&AgentSessionRow::escalation_reason>(session.escalation_reason),
      set<&AgentSessionRow::ended_at>(session.ended_at),
      set<&AgentSessionRow::active_follow_up_sequences>(session.active_follow_up_sequences),
      set<&AgentSessionRow::updated_at>(session.updated_at));
  if (before != session.session_status) {
    unit.events.push_back(session_status_changed(session, before));
  }
  cancel_follow_ups(unit, session.id, {}, "session_" + session.session_status, now);
  return session;
}

AgentSessionRow time_out(store::UnitOfWork& unit, const AgentSessionRow& session, Timestamp now) {
  return end_session(
      unit, session,
      {.status = SessionStatus::Timeout, .completion_reason = std::string(kInactivity)}, now);
}

bool is_idle(const AgentSessionRow& session, Timestamp now) {
  return session.session_status == word(SessionStatus::Active) &&
         session.last_message_at.value_or(session.created_at) <
             silent_since(session.auto_timeout_hours, now);
}

std::int64_t time_out_idle_sessions(store::UnitOfWork& unit, std::int64_t count_max,
                                    Timestamp now) {
  std::vector<store::Condition<AgentSessionRow>> idle;
  for (const auto& [hours, sessions] :
       store::count_by<&AgentSessionRow::auto_timeout_hours>(unit.connection, is_active())) {
    idle.push_back(idle_after(hours, now));
  }
  std::int64_t ended = 0;
  for (const AgentSessionRow& found : store::select<AgentSessionRow>()
                                          .where(all_of(is_active(), any_of(idle)))
                                          .order_by<&AgentSessionRow::id>()
                                          .limit(count_max)
                                          .all(unit.connection)) {
    // It was found without a lock: meanwhile somebody may have written.
    const std::optional<AgentSessionRow> session = lock_session(unit.connection, found.id);
    if (!session || !is_idle(*session, now)) continue;
    time_out(unit, *session, now);
    ++ended;
  }
  return ended;
}

}  // namespace parley::leads
