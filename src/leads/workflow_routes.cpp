#include <fmt/format.h>

#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/management_wire.h"
#include "leads/problems.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kWorkflowsPrefix = "/api/workflows";
constexpr std::int64_t kRecentSessions = 10;

/// Fires the event of a request at its lead.
Task fire(const Context& context, EventRequest event) {
  return writing([&store = context.host.store, &jobs = context.jobs,
                  event = std::move(event)](store::UnitOfWork& unit) {
    const LeadRow lead = locked_lead_of(unit, event.lead_id);
    const LeadEvent happened{.type = event.event_type,
                             .source = source_in(event.data).value_or(lead.source)};
    const FiredEvent fired =
        fire_event(unit, lead, happened, event.data, jobs.responding(), store.now());
    return Response::json(200, fired_json(fired, event.event_type, lead.id));
  });
}

http::Handler event_of(const Context& context, TriggerType type) {
  return keyed(context, [context, type](const Request& request) {
    return fire(context, read_event_of(request, type));
  });
}

Task try_trigger(const Request& request) {
  return reading([trial = read_trigger_trial(request)](database::Connection& connection) {
    const AgentRow agent = agent_of(connection, trial.agent_id);
    const LeadEvent event{.type = trial.event_type, .source = trial.source};
    const Fit fit = fit_of(agent, event);
    return Response::json(200, JsonObject{{"would_trigger", fit == Fit::Fits},
                                          {"agent_id", agent.id},
                                          {"agent_name", agent.name},
                                          {"event_type", event.type},
                                          {"reason", reason_of(fit, event)}});
  });
}

Task show_triggers(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    return Response::json(200, trigger_summary_json(summary_of(agent_of(connection, id))));
  });
}

Task list_triggers(const Request&) {
  return reading([](database::Connection& connection) {
    const std::vector<TriggerSummary> summaries = trigger_summaries(connection);
    JsonObject by_event;
    std::int64_t with_triggers = 0;
    for (const TriggerSummary& summary : summaries) {
      if (!summary.triggers.empty()) ++with_triggers;
      for (const Trigger& trigger : summary.triggers) {
        Json& agents = by_event[trigger.event];
        if (!agents.is_array()) agents = json::array{};
        agents.get_array().emplace_back(summary.agent.id);
      }
    }
    return Response::json(200, JsonObject{{"total_agents", summaries.size()},
                                          {"agents_with_triggers", with_triggers},
                                          {"agents_by_event", std::move(by_event)},
                                          {"agents", list_json(summaries, trigger_summary_json)}});
  });
}

Task list_recent(const Request& request) {
  return reading([limit = read_limit(request, kRecentSessions)](database::Connection& connection) {
    const std::vector<AgentSessionRow> sessions = newest_sessions(connection, limit);
    return Response::json(200, JsonObject{{"sessions", list_json(sessions, session_json)},
                                          {"total_returned", sessions.size()}});
  });
}

Task show_figures(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, session_figures_json(session_figures(connection)));
  });
}

std::vector<http::Route> event_routes(const Context& context) {
  struct Event {
    const char* path;
    TriggerType type;
  };
  std::vector<http::Route> routes;
  for (const Event& event : {Event{"lead-created", TriggerType::NewLead},
                             Event{"form-submission", TriggerType::FormSubmission},
                             Event{"email-opened", TriggerType::EmailOpened},
                             Event{"website-visit", TriggerType::WebsiteVisit},
                             Event{"meeting-scheduled", TriggerType::MeetingScheduled},
                             Event{"support-ticket", TriggerType::SupportTicket}}) {
    routes.push_back({"POST", fmt::format("{}/events/{}", kWorkflowsPrefix, event.path),
                      event_of(context, event.type), operation::fire_event_of(event.type)});
  }
  return routes;
}

}  // namespace

std::vector<http::Route> workflow_routes(const Context& context) {
  const std::string base(kWorkflowsPrefix);
  std::vector<http::Route> routes = event_routes(context);
  routes.push_back(
      {"POST", base + "/trigger",
       keyed(context,
             [context](const Request& request) { return fire(context, read_event(request)); }),
       operation::fire_event()});
  routes.push_back({"POST", base + "/test", keyed(context, try_trigger), operation::try_trigger()});
  routes.push_back({"GET", base + "/agents/{id}/triggers", keyed(context, show_triggers),
                    operation::show_triggers()});
  routes.push_back({"GET", base + "/agents/triggers/summary", keyed(context, list_triggers),
                    operation::list_triggers()});
  routes.push_back({"GET", base + "/sessions/recent", keyed(context, list_recent),
                    operation::list_recent_sessions()});
  routes.push_back(
      {"GET", base + "/stats", keyed(context, show_figures), operation::show_workflow_figures()});
  return routes;
}

}  // namespace parley::leads
