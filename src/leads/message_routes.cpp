// Conversations: messages in, lists of them, and who has them.

#include "api/fields.h"
#include "leads/conversation_operations.h"
#include "leads/conversation_requests.h"
#include "leads/conversation_views.h"
#include "leads/problems.h"
#include "leads/response_notes.h"
#include "leads/routes.h"
#include "leads/routing_handler.h"
#include "leads/rows.h"
#include "leads/session_requests.h"
#include "leads/takeover.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

LeadRow lead_with(store::Connection& connection, std::int64_t id) {
  auto lead = find_lead(connection, id);
  if (!lead) throw lead_not_found(id);
  return *std::move(lead);
}

LeadRow lead_with(store::Connection& connection, const std::string& external_id) {
  auto lead = find_lead_of(connection, external_id);
  if (!lead) throw lead_not_found(external_id);
  return *std::move(lead);
}

std::string external_id_of(const Request& request) {
  return api::path_value(request, "external_id");
}

Prepare note_response_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return writing([context, response = read_agent_response(request)](store::UnitOfWork& unit) {
      note_response(unit, response, context.host.store.now());
      return Response::json(200, {{"success", true}, {"message", "Agent response recorded"}});
    });
  };
}

Task show_context(const Request& request) {
  return reading([id = number_in_path(request)](store::Connection& connection) {
    const auto conversation = find_conversation(connection, id);
    if (!conversation) throw session_not_found(id);
    return Response::json(200, context_json(*conversation));
  });
}

JsonObject active_session(store::Connection& connection, const LeadRow& lead) {
  const auto conversation = live_conversation(connection, lead.id);
  JsonObject answer{{"has_active_session", conversation.has_value()}, {"lead_id", lead.id}};
  if (conversation) answer["session"] = context_json(*conversation);
  return answer;
}

Task show_active(const Request& request) {
  return reading([id = number_in_path(request)](store::Connection& connection) {
    return Response::json(200, active_session(connection, lead_with(connection, id)));
  });
}

Task show_active_of_external(const Request& request) {
  return reading([id = external_id_of(request)](store::Connection& connection) {
    JsonObject answer = active_session(connection, lead_with(connection, id));
    answer["external_id"] = id;
    return Response::json(200, answer);
  });
}

Task list_recent(const Request& request) {
  return reading([limit = read_conversation_limit(request)](store::Connection& connection) {
    const auto found = recent_conversations(connection, limit);
    return Response::json(200, {{"conversations", list_json(found, conversation_json)},
                                {"total_returned", found.size()}});
  });
}

Response message_list(store::Connection& connection, const LeadRow& lead,
                      const MessageWindow& window, Timestamp now) {
  const auto messages = messages_of(connection, lead.id, window);
  return Response::json(200, {{"success", true},
                              {"lead_id", lead.id},
                              {"lead_external_id", value_json(lead.external_id)},
                              {"messages", list_json(messages, item_json)},
                              {"total_messages", messages.size()},
                              {"retrieved_at", schema::to_json(now)}});
}

Prepare list_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return reading([context, id = number_in_path(request),
                    window = read_message_window(request, kMessagesAtOnce)](
                       store::Connection& connection) {
      return message_list(connection, lead_with(connection, id), window, context.host.store.now());
    });
  };
}

Prepare list_external_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return reading([context, id = external_id_of(request),
                    window = read_message_window(request, kMessagesAtOnce)](
                       store::Connection& connection) {
      return message_list(connection, lead_with(connection, id), window, context.host.store.now());
    });
  };
}

Response change_answer(const StatusChange& change, const std::string& text, Timestamp now) {
  return Response::json(200, {{"success", true},
                              {"session_id", change.session.id},
                              {"previous_status", change.previous_status},
                              {"new_status", change.session.session_status},
                              {"message", text},
                              {"timestamp", schema::to_json(now)}});
}

Prepare take_over_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return writing([context, id = number_in_path(request),
                    takeover = read_takeover(request)](store::UnitOfWork& unit) {
      const Timestamp now = context.host.store.now();
      return change_answer(take_over(unit, id, takeover, now), "Session taken over", now);
    });
  };
}

Prepare release_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return writing([context, id = number_in_path(request)](store::UnitOfWork& unit) {
      const Timestamp now = context.host.store.now();
      return change_answer(release(unit, id, now), "Session released to its agent", now);
    });
  };
}

Task show_status(const Request& request) {
  return reading([id = number_in_path(request)](store::Connection& connection) {
    const auto session = find_session(connection, id);
    if (!session) throw session_not_found(id);
    return Response::json(200, status_json(*session));
  });
}

JsonObject simulation_answer(const Routed& routed, const ReplyOutcome& outcome) {
  return {{"simulation_note", "The message was routed as if the lead had written it"},
          {"next_steps",
           json::array{"GET /api/messages/lead/" + std::to_string(routed.lead.id) + "/messages"}},
          {"routing_result", routing_json(routed, outcome)}};
}

Task show_figures(const Request&) {
  return reading([](store::Connection& connection) {
    return Response::json(200, routing_figures_json(connection));
  });
}

}  // namespace

std::vector<http::Route> message_routes(const Context& context) {
  const std::string base(kMessagesPrefix);
  return {
      {"POST", base + "/route", routing_handler(context, Signed::No, read_route, routing_json),
       operation::route_message()},
      {"POST", base + "/agent-response", keyed(context, note_response_with(context)),
       operation::note_agent_response()},
      {"GET", base + "/session/{id}/context", keyed(context, show_context),
       operation::show_context()},
      {"GET", base + "/lead/{id}/active-session", keyed(context, show_active),
       operation::show_active_session()},
      {"GET", base + "/external/{external_id}/active-session",
       keyed(context, show_active_of_external), operation::show_active_session_of()},
      {"GET", base + "/conversations/recent", keyed(context, list_recent),
       operation::list_recent_conversations()},
      {"GET", base + "/lead/{id}/messages", keyed(context, list_with(context)),
       operation::list_messages()},
      {"GET", base + "/conversation/{external_id}", keyed(context, list_external_with(context)),
       operation::list_messages_of()},
      {"POST", base + "/session/{id}/takeover", keyed(context, take_over_with(context)),
       operation::take_over_session()},
      {"POST", base + "/session/{id}/release", keyed(context, release_with(context)),
       operation::release_session()},
      {"GET", base + "/session/{id}/status", keyed(context, show_status),
       operation::show_session_status()},
      {"POST", base + "/simulate/lead-message",
       routing_handler(context, Signed::No, read_simulation, simulation_answer),
       operation::simulate_message()},
      {"GET", base + "/stats", keyed(context, show_figures), operation::show_routing_figures()},
  };
}

}  // namespace parley::leads
