#include "leads/workflows.h"

#include <fmt/format.h>

#include "leads/follow_ups.h"
#include "leads/rows.h"
#include "leads/session_life.h"
#include "leads/stored_json.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;

/// The live session, unless it has just been timed out.
std::optional<AgentSessionRow> session_in_the_way(store::UnitOfWork& unit, const LeadRow& lead,
                                                  Timestamp now) {
  std::optional<AgentSessionRow> live = lock_live_session(unit.connection, lead.id);
  if (!live || !is_idle(*live, now)) return live;
  time_out(unit, *live, now);
  return std::nullopt;
}

JsonObject context_of(const LeadEvent& event, const JsonObject& data) {
  JsonObject context = data;
  context["event_type"] = event.type;
  return context;
}

}  // namespace

FiredEvent fire_event(store::UnitOfWork& unit, const LeadRow& lead, const LeadEvent& event,
                      const JsonObject& data, Responding responding, Timestamp now) {
  if (const auto live = session_in_the_way(unit, lead, now)) {
    return {.session = {},
            .message = fmt::format("Lead already has an active session (ID: {})", live->id)};
  }
  const std::vector<AgentRow> agents = agents_for(store::select<AgentRow>()
                                                      .where(equals<&AgentRow::is_active>(true))
                                                      .order_by<&AgentRow::id>()
                                                      .all(unit.connection),
                                                  event);
  if (agents.empty()) {
    return {.session = {}, .message = "No agent has a trigger for " + event.type};
  }
  const AgentRow& agent = agents.front();
  AgentSessionRow session = open_session(unit, agent, lead,
                                         {.trigger_type = event.type,
                                          .goal = goal_of_event(agent, event.type),
                                          .initial_context = context_of(event, data)},
                                         now);
  greet(unit, responding, session, lead, agent, now);
  return {.session = session,
          .message = fmt::format("Session {} opened with {}", session.id, agent.name)};
}

store::Condition<AgentRow> is_listed() {
  return store::not_equals<&AgentRow::type>(std::string(kHoldingType));
}

TriggerSummary summary_of(AgentRow agent) {
  TriggerSummary summary{
      .agent = {}, .triggers = triggers_of(agent), .unknown_triggers = {}, .unknown_steps = {}};
  for (const Json& each : list_in(agent.triggers)) {
    if (!parse_trigger(each)) summary.unknown_triggers.push_back(each);
  }
  for (const Json& each : list_in(agent.workflow_steps)) {
    if (!is_understood_step(each)) summary.unknown_steps.push_back(each);
  }
  summary.agent = std::move(agent);
  return summary;
}

std::vector<TriggerSummary> trigger_summaries(database::Connection& connection) {
  std::vector<TriggerSummary> summaries;
  for (AgentRow& agent :
       store::select<AgentRow>().where(is_listed()).order_by<&AgentRow::id>().all(connection)) {
    summaries.push_back(summary_of(std::move(agent)));
  }
  return summaries;
}

std::int64_t SessionFigures::with_status(SessionStatus status) const {
  for (const auto& [name, sessions] : by_status) {
    if (name == word(status)) return sessions;
  }
  return 0;
}

SessionFigures session_figures(database::Connection& connection,
                               const store::Condition<AgentSessionRow>& condition) {
  SessionFigures figures{
      .by_trigger_type = store::count_by<&AgentSessionRow::trigger_type>(connection, condition),
      .by_status = store::count_by<&AgentSessionRow::session_status>(connection, condition)};
  for (const auto& [status, sessions] : figures.by_status) figures.total += sessions;
  figures.active = figures.with_status(SessionStatus::Active);
  return figures;
}

}  // namespace parley::leads
