#include "leads/samples.h"

#include "leads/outbound.h"

namespace parley::leads {
namespace {

const Timestamp kThen = parse_timestamp("2025-10-09T14:30:00Z").value();

LeadRow sample_lead() {
  return {.id = 1,
          .name = "Maria Lopez",
          .first_name = "Maria",
          .last_name = "Lopez",
          .email = "maria@example.org",
          .phone = "+1 555 0100",
          .address = "Location: 94103",
          .external_id = "sample-lead-1",
          .service_requested = "Kitchen Renovation",
          .status = "new",
          .source = "yelp",
          .created_at = kThen,
          .updated_at = kThen};
}

AgentRow sample_agent() {
  return {.id = 1, .name = "Sarah Williams", .type = "conversational", .use_case = "general_sales"};
}

AgentSessionRow sample_session() {
  return {.id = 1,
          .agent_id = 1,
          .lead_id = 1,
          .trigger_type = "new_lead",
          .session_status = "active",
          .message_count = 1,
          .session_goal = "close_lead"};
}

MessageRow sample_message() {
  return {.id = 1,
          .agent_session_id = 1,
          .lead_id = 1,
          .agent_id = 1,
          .content = "Hi Maria! Thank you for reaching out about Kitchen Renovation.",
          .message_type = "text",
          .sender_type = "agent",
          .message_metadata = Json(JsonObject{{"message_type", "greeting"}}),
          .created_at = kThen};
}

}  // namespace

JsonObject platform_lead_sample() {
  return {{"id", "sample-lead-1"},
          {"business_id", "sample-business"},
          {"conversation_id", "sample-conversation"},
          {"temporary_email_address", "maria@example.org"},
          {"temporary_email_address_expiry", "2025-11-09T14:30:00+00:00"},
          {"temporary_phone_number", "+1 555 0100"},
          {"temporary_phone_number_expiry", "2025-11-09T14:30:00+00:00"},
          {"time_created", "2025-10-09T14:30:00+00:00"},
          {"last_event_time", "2025-10-09T14:30:00+00:00"},
          {"user", JsonObject{{"display_name", "Maria Lopez"}}},
          {"project",
           JsonObject{{"job_names", json::array{"Kitchen Renovation"}},
                      {"location", JsonObject{{"postal_code", "94103"}}},
                      {"additional_info", "The cabinets are to be replaced."},
                      {"availability", JsonObject{{"status", "WITHIN_A_WEEK"}}},
                      {"survey_answers",
                       json::array{JsonObject{{"question_text", "How large is the kitchen?"},
                                              {"answer_text", json::array{"12 square metres"}}}}},
                      {"attachments", json::array{}}}}};
}

JsonObject platform_message_sample() {
  return {{"yelp_lead_id", "sample-lead-1"},
          {"conversation_id", "sample-conversation"},
          {"message_content", "How much would new cabinets cost?"},
          {"sender", "customer"},
          {"timestamp", "2025-10-09T14:35:00+00:00"}};
}

JsonObject agent_message_sample() {
  return agent_message_payload({.message = sample_message(),
                                .session = sample_session(),
                                .lead = sample_lead(),
                                .agent = sample_agent()});
}

JsonObject lead_created_sample() { return lead_created_payload(sample_lead(), kThen); }

}  // namespace parley::leads
