// The platform's webhooks, and what its bridge polls.

#include "api/fields.h"
#include "leads/conversation_operations.h"
#include "leads/conversation_requests.h"
#include "leads/delivery.h"
#include "leads/intake.h"
#include "leads/problems.h"
#include "leads/routes.h"
#include "leads/routing_handler.h"
#include "leads/rows.h"
#include "leads/samples.h"
#include "leads/session_requests.h"
#include "leads/stored_json.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

Response intake_answer(const Intake& intake) {
  json::array sessions;
  if (intake.session) sessions.emplace_back(intake.session->id);
  const std::string text = intake.is_new
                               ? "Lead " + std::to_string(intake.lead.id) + " created"
                               : "Lead " + intake.lead.external_id.value_or("") + " already exists";
  return Response::json(200, {{"success", true},
                              {"message", text},
                              {"lead_id", intake.lead.id},
                              {"session_ids", std::move(sessions)}});
}

http::Handler intake_handler(const Context& context) {
  return api::endpoint<Caller>(
      context.host,
      [&gate = context.gate](const Request& request) { return gate.webhook_admission(request); },
      [context](const Request& request) -> Task {
        Task task =
            writing([context, given = read_platform_lead(request)](store::UnitOfWork& unit) {
              return intake_answer(
                  take_in(unit, given, context.jobs.responding(), context.host.store.now()));
            });
        task.committed = [&jobs = context.jobs] { jobs.wake(); };
        return task;
      });
}

/// By the platform's id; a number that is none of these is the id here.
LeadRow lead_by_any_id(store::Connection& connection, const std::string& id) {
  if (auto lead = find_lead_of(connection, id)) return *std::move(lead);
  const auto number = api::whole_number(id);
  auto lead = number && *number <= api::kIntegerMax ? find_lead(connection, *number) : std::nullopt;
  if (!lead) throw lead_not_found(id);
  return *std::move(lead);
}

JsonObject response_json(const MessageRow& message) {
  return {{"message_id", message.id},
          {"content", message.content},
          {"agent_name", value_json(message.sender_name)},
          {"created_at", time_json(message.created_at)},
          {"conversation_id", value_json(message.external_conversation_id)},
          {"metadata", object_in(message.message_metadata)}};
}

Prepare poll_with(const Context& context) {
  return [context](const Request& request) -> Task {
    const MessageWindow window = read_message_window(request, kResponsesAtOnce);
    return reading([context, window, id = api::path_value(request, "lead_external_id")](
                       store::Connection& connection) {
      const LeadRow lead = lead_by_any_id(connection, id);
      const auto messages = undelivered(connection, lead.id, window);
      return Response::json(200, {{"success", true},
                                  {"lead_external_id", value_json(lead.external_id)},
                                  {"lead_id", lead.id},
                                  {"messages", list_json(messages, response_json)},
                                  {"total_messages", messages.size()},
                                  {"retrieved_at", schema::to_json(context.host.store.now())}});
    });
  };
}

Prepare deliver_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return writing([context, id = number_in_path(request),
                    external_id = read_external_message_id(request)](store::UnitOfWork& unit) {
      const MessageRow message = mark_delivered(unit, id, external_id, context.host.store.now());
      return Response::json(200,
                            {{"success", true},
                             {"message_id", message.id},
                             {"status", value_json(message.delivery_status)},
                             {"external_message_id", value_json(message.external_message_id)}});
    });
  };
}

/// The same answer to everybody.
http::Handler fixed(const Context& context, JsonObject body) {
  return keyed(context, [body = std::move(body)](const Request&) -> Task {
    return reading([body](store::Connection&) { return Response::json(200, body); });
  });
}

}  // namespace

std::vector<http::Route> webhook_routes(const Context& context) {
  const std::string base(kWebhooksPrefix);
  return {
      {"POST", base + "/zapier/yelp-lead-created", intake_handler(context),
       operation::receive_lead()},
      {"POST", base + "/zapier/yelp-message-received",
       routing_handler(context, Signed::Yes, read_platform_message, webhook_answer),
       operation::receive_message()},
      {"GET", base + "/zapier/get-agent-responses/{lead_external_id}",
       keyed(context, poll_with(context)), operation::list_agent_responses()},
      {"POST", base + "/zapier/mark-delivered/{id}", keyed(context, deliver_with(context)),
       operation::mark_delivered()},
      {"GET", base + "/test/yelp-sample",
       fixed(context, {{"yelp_lead_sample", platform_lead_sample()},
                       {"message_sample", platform_message_sample()}}),
       operation::show_webhook_samples()},
      {"GET", base + "/outbound/sample-payload",
       fixed(context, {{"sample_agent_message_webhook", agent_message_sample()},
                       {"sample_lead_created_webhook", lead_created_sample()}}),
       operation::show_outbound_samples()},
  };
}

}  // namespace parley::leads
