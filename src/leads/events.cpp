#include "leads/events.h"

#include <fmt/format.h>

#include "leads/wire.h"

namespace parley::leads {
namespace {

store::Event event(std::string_view kind, std::string topic, JsonObject data) {
  return {.kind = std::string(kind),
          .topic = std::move(topic),
          .audience = "{}",
          .data = to_text(std::move(data))};
}

store::Event task_event(std::string_view kind, const FollowUpTaskRow& task) {
  return event(kind, lead_topic(task.lead_id), task_json(task));
}

store::Event agent_event(std::string_view kind, const AgentRow& agent) {
  return event(kind, fmt::format("agent:{}", agent.id), agent_json(agent));
}

}  // namespace

std::string lead_topic(std::int64_t lead_id) { return fmt::format("lead:{}", lead_id); }

store::Event lead_created(const LeadRow& lead) {
  return event(kLeadCreated, lead_topic(lead.id), lead_json(lead));
}
store::Event lead_updated(const LeadRow& lead) {
  return event("lead.updated", lead_topic(lead.id), lead_json(lead));
}
store::Event lead_deleted(const LeadRow& lead) {
  return event("lead.deleted", lead_topic(lead.id), lead_json(lead));
}

store::Event session_started(const AgentSessionRow& session) {
  return event("session.started", lead_topic(session.lead_id), session_json(session));
}

store::Event session_status_changed(const AgentSessionRow& session, std::string_view old_status) {
  JsonObject data = session_json(session);
  data["old_status"] = old_status;
  return event("session.status_changed", lead_topic(session.lead_id), std::move(data));
}

store::Event message_created(const MessageRow& message) {
  return event(kMessageCreated, lead_topic(message.lead_id), message_json(message));
}
store::Event message_delivery(const MessageRow& message) {
  return event("message.delivery", lead_topic(message.lead_id), message_json(message));
}

store::Event follow_up_scheduled(const FollowUpTaskRow& task) {
  return task_event("follow_up.scheduled", task);
}
store::Event follow_up_executed(const FollowUpTaskRow& task) {
  return task_event("follow_up.executed", task);
}
store::Event follow_up_cancelled(const FollowUpTaskRow& task) {
  return task_event("follow_up.cancelled", task);
}

store::Event agent_created(const AgentRow& agent) { return agent_event("agent.created", agent); }
store::Event agent_updated(const AgentRow& agent) { return agent_event("agent.updated", agent); }
store::Event agent_deleted(const AgentRow& agent) { return agent_event("agent.deleted", agent); }

}  // namespace parley::leads
