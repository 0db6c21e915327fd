#include "api/webhooks/operations.h"

#include "api/operation_parts.h"
#include "base/json_schema.h"
#include "base/text.h"
#include "schema/json_schema.h"

namespace parley::api::webhooks {
namespace {

using namespace json_schema;
using http::Operation;

constexpr const char* kTag = "webhooks";

JsonObject subscription_schema() {
  return named("Webhook", with_fields(schema::json_schema_of<Subscription>(),
                                      {{"kinds", list_of(text(kKindCharactersMax))}}));
}

JsonObject delivery_schema() {
  return named("WebhookDelivery",
               with_fields(schema::json_schema_of<Message>(), {{"state", words_schema<State>()}}));
}

JsonObject page_schema(std::string_view name, const JsonObject& item) {
  return object({{name, list_of(item)},
                 {"total", integer(0)},
                 {"page", integer(1)},
                 {"per_page", integer(1)}});
}

Operation with_common(Operation operation) {
  operation.tag = kTag;
  operation.parameters.push_back(
      in_query("module", text(), "Whose events, where the token does not say it: live_agent, …"));
  operation.problems.push_back(404);
  return operation;
}

Operation of_one(Operation operation) {
  operation.parameters.push_back(in_path("id", text(), "The webhook's id."));
  return operation;
}

Operation reads(Operation operation) {
  Operation read = reading(with_common(std::move(operation)), http::problem_shape());
  return read;
}

Operation writes(Operation operation) {
  return writing(with_common(std::move(operation)), http::problem_shape());
}

}  // namespace

JsonObject to_json(const Subscription& subscription) {
  JsonObject answer = schema::to_json_object(subscription);
  json::array kinds;
  if (!subscription.kinds.empty()) {
    for (const std::string& kind : split(subscription.kinds, ',')) kinds.emplace_back(kind);
  }
  answer["kinds"] = std::move(kinds);
  return answer;
}

JsonObject to_json(const Message& message) { return schema::to_json_object(message); }

JsonObject to_json(const Message& message, const std::vector<Attempt>& attempts) {
  JsonObject answer = to_json(message);
  json::array list;
  for (const Attempt& each : attempts) list.emplace_back(schema::to_json_object(each));
  answer["tries"] = std::move(list);
  return answer;
}

namespace operation {

Operation subscribe() {
  const JsonObject with_secret = with_fields(subscription_schema(), {{"secret", text()}});
  return writes({.id = "subscribeWebhook",
                 .summary = "Have events sent to a URL from now on; for admins",
                 .tag = {},
                 .body = object({{"url", text(kUrlCharactersMax, 1)},
                                 optional("kinds", list_of(text(kKindCharactersMax, 1)))}),
                 .answers = {{201, "The webhook, with the secret that signs it: shown this once.",
                              with_secret}}});
}

Operation list_subscriptions() {
  Operation list{
      .id = "listWebhooks",
      .summary = "All webhooks; for admins",
      .tag = {},
      .answers = {{200, "A page of webhooks.", page_schema("webhooks", subscription_schema())}}};
  add_page(list, "per_page", kPerPage, kPerPageMax);
  return reads(std::move(list));
}

Operation show_subscription() {
  return reads(of_one({.id = "showWebhook",
                       .summary = "One webhook",
                       .tag = {},
                       .answers = {{200, "The webhook.", subscription_schema()}}}));
}

Operation unsubscribe() {
  return writes(of_one({.id = "unsubscribeWebhook",
                        .summary = "Send nothing more to it",
                        .tag = {},
                        .answers = {{204, "It is gone."}}}));
}

Operation send_test() {
  return writes(of_one({.id = "testWebhook",
                        .summary = "Send an event of kind webhook.test",
                        .tag = {},
                        .answers = {{202, "The delivery, which has begun.", delivery_schema()}}}));
}

Operation redeliver() {
  return writes(of_one({.id = "redeliverWebhook",
                        .summary = "Send a delivery once more, or now when it is not finished",
                        .tag = {},
                        .body = object({{"delivery_id", text_of("uuid")}}),
                        .answers = {{202, "The delivery.", delivery_schema()}}}));
}

Operation replay() {
  const JsonObject replayed =
      object({{"messages", integer(0)}, {"next", nullable(text_of("date-time"))}});
  return writes(of_one(
      {.id = "replayWebhook",
       .summary = "Send the events of a time range again",
       .tag = {},
       .body = object({{"from", text_of("date-time")}, optional("until", text_of("date-time"))}),
       .answers = {
           {202, "How many are sent, and from when to go on when that was not all.", replayed}}}));
}

Operation list_deliveries() {
  Operation list = of_one(
      {.id = "listWebhookDeliveries",
       .summary = "What was and is to be sent, the newest first",
       .tag = {},
       .parameters = {in_query("state", words_schema<State>())},
       .answers = {{200, "A page of deliveries.", page_schema("deliveries", delivery_schema())}}});
  add_page(list, "per_page", kPerPage, kPerPageMax);
  return reads(std::move(list));
}

Operation show_delivery() {
  const JsonObject with_tries =
      with_fields(delivery_schema(), {{"tries", list_of(schema::json_schema_of<Attempt>())}});
  Operation one = of_one({.id = "showWebhookDelivery",
                          .summary = "One delivery with every attempt",
                          .tag = {},
                          .answers = {{200, "The delivery.", with_tries}}});
  one.parameters.push_back(in_path("delivery_id", text()));
  return reads(std::move(one));
}

}  // namespace operation
}  // namespace parley::api::webhooks
