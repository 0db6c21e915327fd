#include "leads/conversation_operations.h"

#include "api/fields.h"
#include "leads/conversation.h"
#include "leads/conversation_requests.h"
#include "leads/operation_parts.h"
#include "leads/vocabulary.h"
#include "leads/wire.h"

namespace parley::leads::operation {
namespace {

using namespace json_schema;
using api::in_path;
using api::in_query;
using api::number_in_path;
using api::with_default;
using api::words_schema;
using http::Operation;

constexpr const char* kWebhooks = "leads webhooks";
constexpr const char* kConversations = "leads conversations";

JsonObject name_text() { return text(api::kNameCharactersMax, 1); }
JsonObject message_text() { return text(kMessageCharactersMax, 1); }
JsonObject time() { return text_of("date-time"); }
JsonObject maybe_text() { return nullable(text()); }
JsonObject maybe_time() { return nullable(time()); }
JsonObject map_of_counts() {
  JsonObject schema = any_object();
  schema["additionalProperties"] = integer(0);
  return schema;
}
JsonObject percentage() { return {{"type", "number"}, {"minimum", 0}, {"maximum", 100}}; }

http::Parameter external_id_in_path() {
  return in_path("external_id", text(), "The platform's id of the lead.");
}

http::Parameter since() {
  return in_query("since_timestamp", time(), "Only what was written later. Without a zone: UTC.");
}

http::Parameter limit(std::int64_t otherwise) {
  return in_query("limit", with_default(integer(1, kListMax), otherwise));
}

JsonObject webhook_answer_schema() {
  return named("LeadsWebhookAnswer", object({{"success", boolean()},
                                             {"message", text()},
                                             {"lead_id", integer(0)},
                                             {"session_ids", list_of(integer(0))}}));
}

JsonObject context_schema() {
  return named(
      "ConversationContext",
      object({{"session_id", integer(0)},
              {"agent", object({{"id", integer(0)},
                                {"name", text()},
                                {"use_case", maybe_text()},
                                {"prompt_template", text()}})},
              {"lead", object({{"id", integer(0)},
                               {"name", maybe_text()},
                               {"email", text()},
                               {"company", maybe_text()}})},
              {"session",
               object({{"goal", maybe_text()},
                       {"message_count", integer(0)},
                       {"created_at", time()},
                       {"initial_context", JsonObject{{"type", json::array{"object", "array"}}}},
                       {"trigger_type", text()}})}}));
}

JsonObject routing_schema() {
  return named("Routing", object({{"success", boolean()},
                                  {"routing_decision", words_schema<RoutingDecision>()},
                                  {"session_id", integer(0)},
                                  {"agent_id", nullable(integer(0))},
                                  {"agent_name", maybe_text()},
                                  {"lead_name", maybe_text()},
                                  {"message_count", integer(0)},
                                  {"session_goal", maybe_text()},
                                  {"should_respond", boolean()},
                                  {"agent_context", nullable(any_object())},
                                  {"escalation_reason", maybe_text()},
                                  {"escalation_message", maybe_text()},
                                  {"error", maybe_text()},
                                  {"message", text()},
                                  {"agent_response_generated", boolean()},
                                  {"agent_response_id", nullable(integer(0))},
                                  {"agent_response_error", maybe_text()},
                                  {"agent_response_skip_reason", maybe_text()}}));
}

JsonObject active_session_schema(std::vector<Field> more) {
  std::vector<Field> fields{{"has_active_session", boolean()},
                            {"lead_id", integer(0)},
                            {"session", context_schema(), false}};
  for (Field& field : more) fields.push_back(std::move(field));
  return object(fields);
}

JsonObject message_list_schema() {
  return object({{"success", boolean()},
                 {"lead_id", integer(0)},
                 {"lead_external_id", maybe_text()},
                 {"messages", list_of(item_schema())},
                 {"total_messages", integer(0)},
                 {"retrieved_at", time()}});
}

Operation message_list(std::string id, http::Parameter lead) {
  return reading({.id = std::move(id),
                  .summary = "The messages of a lead, oldest first; the limit keeps the oldest",
                  .tag = kConversations,
                  .parameters = {std::move(lead), limit(kMessagesAtOnce), since(),
                                 in_query("since_id", integer(0, api::kIntegerMax),
                                          "With `since_timestamp`: also those of that instant with "
                                          "a higher id.")},
                  .answers = {{200, "The messages.", message_list_schema()}},
                  .problems = {400, 404}});
}

JsonObject url_body() { return object({{"url", text(kUrlCharactersMax, 1)}}); }

JsonObject status_change_schema() {
  return object({{"success", boolean()},
                 {"session_id", integer(0)},
                 {"previous_status", text()},
                 {"new_status", words_schema<SessionStatus>()},
                 {"message", text()},
                 {"timestamp", time()}});
}

}  // namespace

Operation receive_lead() {
  return writing(
      {.id = "receivePlatformLead",
       .summary = "The platform has a new lead",
       .tag = kWebhooks,
       .body = object({{"id", name_text()},
                       {"business_id", name_text()},
                       {"conversation_id", name_text()},
                       {"time_created", name_text()},
                       {"last_event_time", name_text()},
                       {"user", any_object()},
                       {"project", any_object()},
                       optional("temporary_email_address", text(api::kNameCharactersMax)),
                       optional("temporary_email_address_expiry", text(api::kNameCharactersMax)),
                       optional("temporary_phone_number", text(kPhoneCharactersMax)),
                       optional("temporary_phone_number_expiry", text(api::kNameCharactersMax))}),
       .answers = {{200, "The lead, and the sessions that it got.", webhook_answer_schema()}}});
}

Operation receive_message() {
  return writing(
      {.id = "receivePlatformMessage",
       .summary = "A lead, or the business, wrote on the platform",
       .tag = kWebhooks,
       .body = object({{"yelp_lead_id", name_text()},
                       {"conversation_id", name_text()},
                       {"message_content", message_text()},
                       {"sender", name_text()},
                       {"timestamp", name_text()}}),
       .answers = {{200, "`message` is the reply of the agent.", webhook_answer_schema()}},
       .problems = {404}});
}

Operation list_agent_responses() {
  const JsonObject item = object({{"message_id", integer(0)},
                                  {"content", text()},
                                  {"agent_name", maybe_text()},
                                  {"created_at", maybe_time()},
                                  {"conversation_id", maybe_text()},
                                  {"metadata", any_object()}});
  return reading({.id = "listAgentResponses",
                  .summary = "What is to be delivered to a lead, oldest first",
                  .tag = kWebhooks,
                  .parameters = {in_path("lead_external_id", text(),
                                         "The platform's id of the lead, or its id here."),
                                 since(), limit(kResponsesAtOnce),
                                 in_query("since_id", integer(0, api::kIntegerMax))},
                  .answers = {{200, "The messages.",
                               object({{"success", boolean()},
                                       {"lead_external_id", maybe_text()},
                                       {"lead_id", integer(0)},
                                       {"messages", list_of(item)},
                                       {"total_messages", integer(0)},
                                       {"retrieved_at", time()}})}},
                  .problems = {400, 404}});
}

Operation mark_delivered() {
  return writing({.id = "markMessageDelivered",
                  .summary = "A message is at the platform; may be said again",
                  .tag = kWebhooks,
                  .parameters = {number_in_path("id"),
                                 in_query("external_message_id", text(api::kNameCharactersMax),
                                          "The platform's id of the message.")},
                  .body = object({optional("external_message_id", text(api::kNameCharactersMax))}),
                  .answers = {{200, "It is noted.",
                               object({{"success", boolean()},
                                       {"message_id", integer(0)},
                                       {"status", words_schema<DeliveryStatus>()},
                                       {"external_message_id", maybe_text()}})}},
                  .problems = {404}});
}

Operation show_webhook_samples() {
  return reading({.id = "showPlatformSamples",
                  .summary = "What the platform's webhooks send, as examples",
                  .tag = kWebhooks,
                  .answers = {{200, "Bodies.",
                               object({{"yelp_lead_sample", any_object()},
                                       {"message_sample", any_object()}})}}});
}

Operation show_outbound_samples() {
  return reading({.id = "showOutboundSamples",
                  .summary = "What outgoing webhooks send, as examples",
                  .tag = kWebhooks,
                  .answers = {{200, "Bodies.",
                               object({{"sample_agent_message_webhook", any_object()},
                                       {"sample_lead_created_webhook", any_object()}})}}});
}

Operation list_outbound_urls() {
  return reading({.id = "listOutboundUrls",
                  .summary = "Who is told of agents' messages and new leads",
                  .tag = kWebhooks,
                  .answers = {{200, "The URLs.", object({{"urls", list_of(text())}})}}});
}

Operation add_outbound_url() {
  return writing({.id = "addOutboundUrl",
                  .summary = "Tell this URL from now on",
                  .tag = kWebhooks,
                  .body = url_body(),
                  .answers = {{200, "It is told.", object({{"message", text()}})}}});
}

Operation remove_outbound_url() {
  return writing({.id = "removeOutboundUrl",
                  .summary = "Tell this URL no more",
                  .tag = kWebhooks,
                  .body = url_body(),
                  .answers = {{200, "It is not told.", object({{"message", text()}})}}});
}

Operation test_outbound_url() {
  return reading({.id = "testOutboundUrl",
                  .summary = "Send the sample of an agent's message to this URL, once",
                  .tag = kWebhooks,
                  .body = url_body(),
                  .answers = {{200, "Whether the receiver took it.",
                               object({{"success", boolean()}, {"message", text()}})}},
                  .problems = {422}});
}

Operation route_message() {
  return writing(
      {.id = "routeMessage",
       .summary = "A lead, or the business owner, wrote: store it, and let an agent answer",
       .tag = kConversations,
       .body = object({optional("lead_id", integer(0, api::kIntegerMax)),
                       optional("lead_external_id", name_text()),
                       {"message", message_text()},
                       optional("message_type", words_schema<MessageType>()),
                       optional("metadata", any_object())}),
       .answers = {{200, "What became of it.", routing_schema()}},
       .problems = {404}});
}

Operation note_agent_response() {
  return writing(
      {.id = "noteAgentResponse",
       .summary = "Count an answer that was given elsewhere",
       .tag = kConversations,
       .body = object({{"session_id", integer(0, api::kIntegerMax)},
                       {"response", message_text()},
                       optional("response_metadata", any_object())}),
       .answers = {{200, "It is counted.", object({{"success", boolean()}, {"message", text()}})}},
       .problems = {404}});
}

Operation show_context() {
  return reading({.id = "showConversationContext",
                  .summary = "What somebody who answers in a session has to know",
                  .tag = kConversations,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The context.", context_schema()}},
                  .problems = {404}});
}

Operation show_active_session() {
  return reading(
      {.id = "showActiveConversation",
       .summary = "The session in which a lead can be talked to",
       .tag = kConversations,
       .parameters = {number_in_path()},
       .answers = {{200, "Whether there is one, and its context.", active_session_schema({})}},
       .problems = {404}});
}

Operation show_active_session_of() {
  return reading({.id = "showActiveConversationOfExternalLead",
                  .summary = "The same by the platform's id of the lead",
                  .tag = kConversations,
                  .parameters = {external_id_in_path()},
                  .answers = {{200, "Whether there is one, and its context.",
                               active_session_schema({{"external_id", text()}})}},
                  .problems = {404}});
}

Operation list_recent_conversations() {
  const JsonObject item = object({{"session_id", integer(0)},
                                  {"lead_id", integer(0)},
                                  {"lead_name", maybe_text()},
                                  {"agent_id", integer(0)},
                                  {"agent_name", text()},
                                  {"session_status", text()},
                                  {"session_goal", maybe_text()},
                                  {"message_count", integer(0)},
                                  {"last_message_at", maybe_time()},
                                  {"last_message_from", maybe_text()},
                                  {"created_at", time()},
                                  {"trigger_type", text()},
                                  {"lead_phone", maybe_text()},
                                  {"lead_email", text()},
                                  {"last_message_content", maybe_text()}});
  return reading(
      {.id = "listRecentConversations",
       .summary = "Sessions, newest message first",
       .tag = kConversations,
       .parameters = {limit(kConversationsAtOnce)},
       .answers = {{200, "The sessions.",
                    object({{"conversations", list_of(item)}, {"total_returned", integer(0)}})}}});
}

Operation list_messages() { return message_list("listLeadMessages", number_in_path()); }
Operation list_messages_of() {
  return message_list("listMessagesOfExternalLead", external_id_in_path());
}

Operation take_over_session() {
  return writing({.id = "takeOverSession",
                  .summary = "A person takes a conversation over from the agent",
                  .tag = kConversations,
                  .parameters = {number_in_path()},
                  .body = object({optional("reason", message_text()),
                                  optional("business_owner_id", name_text())}),
                  .answers = {{200, "The change.", status_change_schema()}},
                  .problems = {404}});
}

Operation release_session() {
  return writing({.id = "releaseSession",
                  .summary = "Give a conversation back to its agent",
                  .tag = kConversations,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The change.", status_change_schema()}},
                  .problems = {400, 404}});
}

Operation show_session_status() {
  return reading({.id = "showConversationStatus",
                  .summary = "Whether a person has the conversation",
                  .tag = kConversations,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The status.",
                               object({{"session_id", integer(0)},
                                       {"session_status", text()},
                                       {"business_owner_active", boolean()},
                                       {"last_message_at", maybe_time()},
                                       {"last_message_from", maybe_text()},
                                       {"message_count", integer(0)},
                                       {"created_at", time()},
                                       {"takeover_reason", maybe_text()},
                                       {"business_owner_takeover_at", maybe_time()},
                                       {"business_owner_release_at", maybe_time()}})}},
                  .problems = {404}});
}

Operation simulate_message() {
  return writing({.id = "simulateLeadMessage",
                  .summary = "Route a message as if the lead had written it",
                  .tag = kConversations,
                  .parameters = {in_query("lead_id", integer(0, api::kIntegerMax)),
                                 in_query("message", message_text())},
                  .answers = {{200, "What became of it.",
                               object({{"simulation_note", text()},
                                       {"next_steps", list_of(text()), false},
                                       {"routing_result", routing_schema()}})}},
                  .problems = {404}});
}

Operation show_routing_figures() {
  return reading(
      {.id = "showRoutingFigures",
       .summary = "Figures over all sessions",
       .tag = kConversations,
       .answers = {{200, "The figures.",
                    object({{"active_sessions", integer(0)},
                            {"total_messages_processed", integer(0)},
                            {"sessions_by_status", map_of_counts()},
                            {"sessions_by_trigger_type", map_of_counts()},
                            {"routing_stats", object({{"total_sessions_created", integer(0)},
                                                      {"completion_rate", percentage()},
                                                      {"escalation_rate", percentage()}})}})}}});
}

}  // namespace parley::leads::operation
