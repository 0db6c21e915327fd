#include "leads/routing_handler.h"

#include <fmt/format.h>

#include "base/overloaded.h"
#include "leads/problems.h"
#include "leads/rows.h"
#include "leads/wire.h"
#include "store/idempotency.h"

namespace parley::leads {
namespace {

using http::Response;

/// One message on its way from the request to the answer.
struct Arrival {
  Arrival(Context its_context, api::Exchange its_exchange, std::string its_owner,
          RouteRequest wanted, RoutingAnswer its_answer)
      : context(std::move(its_context)),
        exchange(std::move(its_exchange)),
        owner(std::move(its_owner)),
        route(std::move(wanted)),
        to_json(std::move(its_answer)) {}

  const Context context;
  const api::Exchange exchange;
  const std::string owner;  ///< Of Idempotency-Keys.
  const RouteRequest route;
  const RoutingAnswer to_json;
  std::optional<store::RequestKey> repetition;  ///< By which the same webhook is known.
  Routed routed;
  std::shared_ptr<Response> answer = std::make_shared<Response>();
};
using ArrivalPointer = std::shared_ptr<Arrival>;

LeadRow lead_for(store::Connection& connection, const LeadKey& key) {
  return std::visit(overloaded{[&](std::int64_t id) {
                                 auto lead = lock_lead(connection, id);
                                 if (!lead) throw lead_not_found(id);
                                 return *std::move(lead);
                               },
                               [&](const std::string& external_id) {
                                 auto found = find_lead_of(connection, external_id);
                                 auto lead =
                                     found ? lock_lead(connection, found->id) : std::nullopt;
                                 if (!lead) throw lead_not_found(external_id);
                                 return *std::move(lead);
                               }},
                    key);
}

/// What is known as soon as the message is stored.
ReplyOutcome outcome_at_once(const Routed& routed) {
  return {.reply = routed.reply, .skip_reason = routed.skip_reason, .error = {}};
}

Response answer_with(const Arrival& arrival, const ReplyOutcome& outcome) {
  return Response::json(200, arrival.to_json(arrival.routed, outcome));
}

/// Stores the message, unless it has come before.
void route(store::UnitOfWork& unit, Arrival& arrival) {
  const Timestamp now = arrival.context.host.store.now();
  const Timestamp not_before = now - store::kIdempotencyLifetime;
  arrival.routed = {};
  if (arrival.repetition) {
    if (const auto kept = store::find_answer(unit.connection, arrival.repetition->id, not_before)) {
      *arrival.answer = api::replayed(*kept, *arrival.repetition);
      return;
    }
  }
  arrival.routed = route_message(unit, lead_for(unit.connection, arrival.route.lead),
                                 arrival.route.incoming, arrival.context.jobs.responding(), now);
  *arrival.answer = answer_with(arrival, outcome_at_once(arrival.routed));
  if (arrival.repetition) {
    store::keep_answer(unit.connection, *arrival.repetition, arrival.answer->status,
                       arrival.answer->body, now, not_before);
  }
}

/// The ids under which the answer is kept.
std::vector<std::string> kept_ids(const Arrival& arrival) {
  std::vector<std::string> ids;
  if (arrival.repetition) ids.push_back(arrival.repetition->id);
  if (const auto key = api::request_key_of(arrival.exchange.request(), arrival.owner)) {
    ids.push_back(key->id);
  }
  return ids;
}

/// Answers with the reply; repetitions of the request get it as well.
void answer_replied(const ArrivalPointer& arrival, const ReplyOutcome& outcome) {
  Response answer = answer_with(*arrival, outcome);
  const std::vector<std::string> ids = kept_ids(*arrival);
  if (ids.empty()) return arrival->exchange.answer(std::move(answer));
  arrival->context.host.store.write(
      [ids, body = answer.body](store::UnitOfWork& unit) {
        for (const std::string& id : ids) store::change_answer(unit.connection, id, body);
      },
      [arrival, answer](const std::exception_ptr&) { arrival->exchange.answer(answer); });
}

void answer_routed(const ArrivalPointer& arrival) {
  const bool is_new = arrival->answer->header("Idempotent-Replayed").empty();
  if (!is_new || !arrival->routed.job) return arrival->exchange.answer(*arrival->answer);
  arrival->context.jobs.run(*arrival->routed.job, [arrival](const ReplyOutcome& outcome) {
    arrival->exchange.attempt([&] { answer_replied(arrival, outcome); });
  });
}

void begin(const ArrivalPointer& arrival) {
  const Context& context = arrival->context;
  const auto work = [arrival](store::UnitOfWork& unit) { route(unit, *arrival); };
  api::write_once(context.host.store, context.host.keys, context.host.clock,
                  arrival->exchange.request(), arrival->owner, arrival->answer, work,
                  api::done_of(arrival->exchange, [arrival] { answer_routed(arrival); }));
}

JsonObject agent_context(const Routed& routed) {
  return context_json({.session = routed.session,
                       .lead = routed.lead,
                       .agent = *routed.agent,
                       .last_content = routed.message.content});
}

std::string message_text(const Routed& routed) {
  switch (routed.decision) {
    case RoutingDecision::ExistingSession: return "Message routed to the active session";
    case RoutingDecision::ExistingSessionTakenOver:
      return "Message stored; a person has this conversation";
    case RoutingDecision::NewSessionCreated: return "Message routed to a new session";
    case RoutingDecision::SessionEscalated: return "Session escalated";
    case RoutingDecision::NoAgentAvailable: return "Message stored; no agent is available";
    case RoutingDecision::OwnerMessage: return "Message of the business owner stored";
  }
  return {};
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(json::string(text));
}

}  // namespace

http::Handler routing_handler(const Context& context, Signed is_signed,
                              RouteRequest (*read)(const http::Request&), RoutingAnswer answer) {
  return [context, is_signed, read, answer = std::move(answer)](
             std::shared_ptr<http::Request> request, http::Responder responder) {
    const Caller caller = is_signed == Signed::Yes ? context.gate.admit_webhook(*request)
                                                   : context.gate.admit(*request);
    RouteRequest route = read(*request);
    const auto arrival = std::make_shared<Arrival>(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        caller.name, std::move(route), answer);
    if (context.settings.webhooks.dedupe_identical && !arrival->route.identity.empty()) {
      arrival->repetition =
          store::request_key("leads webhook", arrival->route.identity, arrival->route.identity);
    }
    begin(arrival);
  };
}

JsonObject webhook_answer(const Routed& routed, const ReplyOutcome& outcome) {
  std::string text = fmt::format("Message processed for lead {}", routed.lead.id);
  if (routed.escalation) text = routed.escalation->content;
  if (outcome.reply) text = outcome.reply->content;
  return {{"success", true},
          {"message", text},
          {"lead_id", routed.lead.id},
          {"session_ids", json::array{routed.session.id}}};
}

JsonObject routing_json(const Routed& routed, const ReplyOutcome& outcome) {
  const bool has_agent = routed.agent.has_value();
  return {{"success", true},
          {"routing_decision", word(routed.decision)},
          {"session_id", routed.session.id},
          {"agent_id", has_agent ? Json(routed.agent->id) : Json(nullptr)},
          {"agent_name", has_agent ? Json(json::string(routed.agent->name)) : Json(nullptr)},
          {"lead_name", value_json(routed.lead.name)},
          {"message_count", outcome.reply && !routed.reply ? routed.session.message_count + 1
                                                           : routed.session.message_count},
          {"session_goal", value_json(routed.session.session_goal)},
          {"should_respond", routed.should_respond()},
          {"agent_context", has_agent ? Json(agent_context(routed)) : Json(nullptr)},
          {"escalation_reason",
           routed.escalation ? value_json(routed.session.escalation_reason) : Json(nullptr)},
          {"escalation_message",
           routed.escalation ? Json(json::string(routed.escalation->content)) : Json(nullptr)},
          {"error", nullptr},
          {"message", message_text(routed)},
          {"agent_response_generated", outcome.reply.has_value()},
          {"agent_response_id", outcome.reply ? Json(outcome.reply->id) : Json(nullptr)},
          {"agent_response_error", text_or_null(outcome.error)},
          {"agent_response_skip_reason", text_or_null(outcome.skip_reason)}};
}

}  // namespace parley::leads
