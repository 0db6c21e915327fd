#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/management_wire.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kDashboardPrefix = "/api/dashboard";
constexpr std::int64_t kRecentLeads = 5;
constexpr std::int64_t kRecentActivity = 10;

Prepare show_metrics_with(const Context& context) {
  return [&store = context.host.store](const Request&) {
    return reading([&store](database::Connection& connection) {
      return Response::json(200, metrics_json(dashboard_metrics(connection, store.now())));
    });
  };
}

Task list_recent_leads(const Request& request) {
  return reading([limit = read_limit(request, kRecentLeads)](database::Connection& connection) {
    return Response::json(200, list_json(recent_leads(connection, limit), recent_lead_json));
  });
}

Task list_activity(const Request& request) {
  return reading([limit = read_limit(request, kRecentActivity)](database::Connection& connection) {
    return Response::json(200, list_json(recent_activity(connection, limit), activity_json));
  });
}

void answer_health(const std::shared_ptr<Request>&, const http::Responder& responder) {
  responder(Response::json(200, JsonObject{{"status", "healthy"}}));
}

}  // namespace

std::vector<http::Route> dashboard_routes(const Context& context) {
  const std::string base(kDashboardPrefix);
  return {
      {"GET", base + "/metrics", keyed(context, show_metrics_with(context)),
       operation::show_metrics()},
      {"GET", base + "/recent-leads", keyed(context, list_recent_leads),
       operation::list_recent_leads()},
      {"GET", base + "/activity", keyed(context, list_activity), operation::list_activity()},
  };
}

std::vector<http::Route> health_routes() {
  return {{"GET", "/api/health", answer_health, operation::show_health()}};
}

}  // namespace parley::leads
