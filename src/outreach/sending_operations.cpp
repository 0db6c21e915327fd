#include "outreach/sending_operations.h"

#include "outreach/lists.h"
#include "outreach/operation_parts.h"
#include "outreach/sending_wire.h"
#include "outreach/wire_schema.h"

namespace parley::outreach::operation {
namespace {

using namespace json_schema;
using api::in_query;
using api::words_schema;
using http::Operation;

constexpr const char* kSending = "outreach sending";
constexpr const char* kDeliveries = "outreach deliveries";
constexpr const char* kQuotas = "outreach quotas";
constexpr const char* kTexts = "outreach texts";

JsonObject recipient_schema() {
  return object({optional("name", text()), optional("email", text()), optional("phone", text()),
                 optional("company", text()), optional("fields", any_object())});
}

JsonObject data_of(const JsonObject& item) { return object({{"data", list_of(item)}}); }

}  // namespace

Operation send_messages() {
  return writing({.id = "sendOutreachMessages",
                  .summary = "Queue the messages of a run: of new recipients, or its pending ones",
                  .tag = kSending,
                  .parameters = {id_in_path("session_id")},
                  .body = object({{"template", template_schema()},
                                  optional("recipients", list_of(recipient_schema())),
                                  optional("log_ids", list_of(text())),
                                  optional("via", text())}),
                  .answers = {{202, "They are queued.",
                               object({{"session_id", text()},
                                       {"queued", integer(0)},
                                       {"log_ids", list_of(text())},
                                       {"has_more", boolean()}})}},
                  .problems = {404}});
}

Operation retry_message() {
  return writing({.id = "retryOutreachMessage",
                  .summary = "Send a message again that failed, or whose outcome is unknown",
                  .tag = kSending,
                  .parameters = {id_in_path("log_id")},
                  .answers = {{200, "The message, queued.", entry_schema()}},
                  .problems = {404}});
}

Operation list_message_events() {
  return reading({.id = "listOutreachMessageEvents",
                  .summary = "Every status that was said of a message, in order",
                  .tag = kSending,
                  .parameters = {id_in_path("log_id")},
                  .answers = {{200, "Its history.", data_of(status_event_schema())}},
                  .problems = {404}});
}

Operation report_delivery() {
  return writing({.id = "reportOutreachDelivery",
                  .summary = "Follow a message that a provider has taken",
                  .tag = kDeliveries,
                  .body = object({{"message_id", text(255, 1)},
                                  {"phone_number", text(255, 1)},
                                  optional("template_name", text()),
                                  optional("message_content", text()),
                                  optional("conversation_id", text())}),
                  .answers = {{201, "The delivery.", delivery_schema()}}});
}

Operation show_delivery() {
  return reading({.id = "showOutreachDelivery",
                  .summary = "What became of a message",
                  .tag = kDeliveries,
                  .parameters = {id_in_path("message_id")},
                  .answers = {{200, "The delivery.", delivery_schema()}},
                  .problems = {404}});
}

Operation list_failed_deliveries() {
  return reading(
      {.id = "listFailedOutreachDeliveries",
       .summary = "Deliveries that failed and may be tried again, newest failure first",
       .tag = kDeliveries,
       .parameters = {in_query("limit", api::with_default(integer(1, kPerPageMax), kPerPage))},
       .answers = {{200, "Deliveries.", data_of(delivery_schema())}}});
}

Operation retry_delivery() {
  return writing({.id = "retryOutreachDelivery",
                  .summary = "Put a failed delivery back to queued",
                  .tag = kDeliveries,
                  .parameters = {id_in_path("message_id")},
                  .answers = {{200, "The delivery.", delivery_schema()}},
                  .problems = {404}});
}

Operation show_delivery_analytics() {
  Operation operation{.id = "showOutreachDeliveryAnalytics",
                      .summary = "How many messages arrived, were read, and failed, and why",
                      .tag = kDeliveries,
                      .answers = {{200, "The figures.", delivery_figures_schema()}}};
  add_days(operation);
  return reading(std::move(operation));
}

Operation show_quotas() {
  const JsonObject list = list_of(quota_state_schema());
  return reading({.id = "showOutreachQuotas",
                  .summary = "The quotas of the caller as they stand",
                  .tag = kQuotas,
                  .answers = {{200, "Those of each channel.",
                               object({{"email", list}, {"whatsapp", list}})}}});
}

Operation acquire_quota() {
  return writing({.id = "acquireOutreachQuota",
                  .summary = "Take from all quotas of a channel, or from none",
                  .tag = kQuotas,
                  .body = object({{"channel", words_schema<Channel>()},
                                  optional("count", integer(1)),
                                  optional("use_burst", boolean())}),
                  .answers = {{200, "All had room.", quota_taken_schema()},
                              {429, "One had none.", quota_denied_schema()}}});
}

Operation render_template() {
  return reading(
      {.id = "renderOutreachTemplate",
       .summary = "A template as one recipient gets it",
       .tag = kTexts,
       .body = object({{"template", template_schema()}, {"recipient", recipient_schema()}}),
       .answers = {{200, "The texts that the template has.", rendered_schema()}},
       .problems = {400, 422}});
}

Operation split_text() {
  return reading({.id = "splitOutreachText",
                  .summary = "A long text as several messages",
                  .tag = kTexts,
                  .body = object({optional("content", text()),
                                  optional("strategy", words_schema<SplitStrategy>()),
                                  optional("delimiter", text()), optional("parts", list_of(text())),
                                  optional("max_parts", integer(1, 1000))}),
                  .answers = {{200, "The parts.", split_schema()}},
                  .problems = {400, 422}});
}

Operation name_variables() {
  const JsonObject variable =
      object({{"name", text()}, {"variable_name", text()}, {"data_type", text()}});
  return reading(
      {.id = "nameOutreachVariables",
       .summary = "The columns of a list as variables of templates",
       .tag = kTexts,
       .body = object({{"columns", list_of(text())}, {"sample", JsonObject{}, false}}),
       .answers = {{200, "One for each column.", object({{"variables", list_of(variable)}})}},
       .problems = {400, 422}});
}

Operation check_subscription() {
  return api::without_token(
      {.id = "checkOutreachSubscription",
       .summary = "What a provider asks before it calls back",
       .tag = kDeliveries,
       .parameters = {id_in_path("source"), in_query("hub.mode", text()),
                      in_query("hub.verify_token", text()), in_query("hub.challenge", text())},
       .answers = {{.status = 200,
                    .meaning = "`hub.challenge` as it came.",
                    .schema = text(),
                    .content_type = "text/plain"}},
       .problems = {403, 404}},
      http::problem_shape());
}

Operation receive_callback() {
  return api::without_token(
      {.id = "receiveOutreachCallback",
       .summary = "What a provider says of messages; signed with X-Hub-Signature-256",
       .tag = kDeliveries,
       .parameters = {id_in_path("source"),
                      api::in_header("X-Hub-Signature-256", text(),
                                     "HMAC-SHA256 of the body, in hexadecimal.")},
       .body = object(
           {optional("entry", list_of(JsonObject{})), optional("statuses", list_of(JsonObject{}))}),
       .answers = {{200, "It is on disk.",
                    object({{"received", integer(0)},
                            {"applied", integer(0)},
                            {"unmatched", integer(0)},
                            {"duplicates", integer(0)}})}},
       .problems = {400, 401, 404}},
      http::problem_shape());
}

}  // namespace parley::outreach::operation
