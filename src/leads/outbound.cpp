#include "leads/outbound.h"

#include "leads/stored_json.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

bool says(const JsonObject& metadata, std::string_view field) {
  const Json* value = metadata.if_contains(field);
  return value != nullptr && *value == Json(true);
}

}  // namespace

std::string kind_of(const MessageRow& message) {
  const JsonObject metadata = object_in(message.message_metadata);
  if (says(metadata, "is_initial_message") || text_at(metadata, "message_type") == "greeting")
    return "initial_message";
  return says(metadata, "is_follow_up") ? "follow_up" : "response";
}

JsonObject agent_message_payload(const SentMessage& sent) {
  const auto& [message, session, lead, agent] = sent;
  return {{"event_type", kAgentMessageSent},
          {"timestamp", time_json(message.created_at)},
          {"message_content", message.content},
          {"message_type", kind_of(message)},
          {"session_id", session.id},
          {"session_trigger_type", session.trigger_type},
          {"session_status", session.session_status},
          {"session_goal", value_json(session.session_goal)},
          {"session_message_count", session.message_count},
          {"lead_id", lead.id},
          {"lead_name", value_json(lead.name)},
          {"lead_first_name", value_json(lead.first_name)},
          {"lead_last_name", value_json(lead.last_name)},
          {"lead_email", lead.email},
          {"lead_phone", value_json(lead.phone)},
          {"lead_company", value_json(lead.company)},
          {"lead_address", value_json(lead.address)},
          {"lead_external_id", value_json(lead.external_id)},
          {"lead_service_requested", value_json(lead.service_requested)},
          {"lead_status", lead.status},
          {"lead_source", lead.source},
          {"agent_id", agent.id},
          {"agent_name", agent.name},
          {"agent_type", agent.type},
          {"agent_use_case", value_json(agent.use_case)}};
}

JsonObject lead_created_payload(const LeadRow& lead, Timestamp now) {
  return {{"event_type", kOutboundLeadCreated},
          {"timestamp", schema::to_json(now)},
          {"lead", lead_json(lead)}};
}

}  // namespace parley::leads
