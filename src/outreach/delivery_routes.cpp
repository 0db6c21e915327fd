#include <fmt/format.h>

#include "api/fields.h"
#include "outreach/deliveries.h"
#include "outreach/lists.h"
#include "outreach/routes.h"
#include "outreach/sending_operations.h"
#include "outreach/sending_requests.h"
#include "outreach/sending_routes.h"
#include "outreach/sending_wire.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

Prepare report_with(const Context& context) {
  return [&store = context.store](const Request& request) {
    return api::writing<Caller>([&store, delivery = read_new_delivery(request)](
                                    store::UnitOfWork& unit, const Caller& caller) {
      return Response::json(
          201, delivery_json(report_delivery(unit, caller.user_id, delivery, store.now())));
    });
  };
}

Task show(const Request& request) {
  return api::reading<Caller>([id = api::path_value(request, "message_id")](
                                  database::Connection& connection, const Caller& caller) {
    return Response::json(200, delivery_json(delivery_for(connection, caller, id)));
  });
}

Task list_failed(const Request& request) {
  api::QueryReader query(request);
  const std::int64_t limit = query.number("limit", kPerPage, 1, kPerPageMax);
  query.finish();
  return api::reading<Caller>([limit](database::Connection& connection, const Caller& caller) {
    json::array data;
    for (const DeliveryRecordRow& row : failed_deliveries(connection, caller, limit))
      data.push_back(delivery_json(row));
    return Response::json(200, JsonObject{{"data", std::move(data)}});
  });
}

Prepare retry_with(const SendingContext& sending) {
  return [&store = sending.context.store, &sender = sending.sender](const Request& request) {
    Task task = api::writing<Caller>([&store, id = api::path_value(request, "message_id")](
                                         store::UnitOfWork& unit, const Caller& caller) {
      return Response::json(200, delivery_json(retry_delivery(unit, caller, id, store.now())));
    });
    task.committed = [&sender] { sender.wake(); };
    return task;
  };
}

Prepare analytics_with(const Context& context) {
  return [&clock = context.clock](const Request& request) {
    api::QueryReader query(request);
    const std::int64_t days = query.number("days", kDays, 1, kDaysMax);
    query.finish();
    return api::reading<Caller>([days, since = clock.now() - std::chrono::days(days)](
                                    database::Connection& connection, const Caller& caller) {
      return Response::json(
          200, delivery_figures_json(delivery_figures(connection, caller, since), days));
    });
  };
}

}  // namespace

std::vector<http::Route> delivery_routes(const SendingContext& sending) {
  const auto path = [](std::string_view rest) {
    return fmt::format("{}/deliveries{}", kPrefix, rest);
  };
  const Context& context = sending.context;
  return {
      {"POST", path(""), endpoint(context, Scope::Write, report_with(context)),
       operation::report_delivery()},
      {"GET", path("/failed"), endpoint(context, Scope::Read, list_failed),
       operation::list_failed_deliveries()},
      {"GET", path("/analytics"), endpoint(context, Scope::Read, analytics_with(context)),
       operation::show_delivery_analytics()},
      {"GET", path("/{message_id}"), endpoint(context, Scope::Read, show),
       operation::show_delivery()},
      {"POST", path("/{message_id}/retry"), endpoint(context, Scope::Write, retry_with(sending)),
       operation::retry_delivery()},
  };
}

}  // namespace parley::outreach
