#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/management_wire.h"
#include "leads/problems.h"
#include "leads/rows.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kFollowUpsPrefix = "/api/testing/follow-ups";

/// A runner of its own: the tasks are writes by themselves, and not one with the request.
http::Handler execute_with(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    context.gate.admit(*request);
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    run_due(context.host.store, [exchange, &store = context.host.store](
                                    std::exception_ptr error, const FollowUpRound& round) {
      if (error) return exchange.fail(error);
      exchange.answer(
          Response::json(200, JsonObject{{"success", true},
                                         {"execution_results", follow_up_round_json(round)},
                                         {"timestamp", schema::to_json(store.now())}}));
    });
  };
}

Task list_of_session(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    session_of(connection, id);
    const std::vector<FollowUpTaskRow> tasks = follow_ups_in(connection, id);
    return Response::json(200, JsonObject{{"success", true},
                                          {"session_id", id},
                                          {"tasks", list_json(tasks, listed_task_json)},
                                          {"total_tasks", tasks.size()}});
  });
}

Task list_all(const Request& request) {
  return reading([wanted = read_task_list(request)](database::Connection& connection) {
    const auto tasks = newest_follow_ups(connection, wanted.status, wanted.limit);
    const Json filter = wanted.status ? Json(json::string(word(*wanted.status))) : Json(nullptr);
    return Response::json(200, JsonObject{{"success", true},
                                          {"tasks", list_json(tasks, listed_task_json)},
                                          {"total_tasks", tasks.size()},
                                          {"filter_status", filter}});
  });
}

Prepare show_figures_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return reading([&store, days = read_days_back(request)](database::Connection& connection) {
      const Timestamp now = store.now();
      const auto figures = follow_up_figures(connection, now - std::chrono::days(days));
      return Response::json(200, JsonObject{{"success", true},
                                            {"statistics", follow_up_figures_json(figures, days)},
                                            {"timestamp", schema::to_json(now)}});
    });
  };
}

/// Throws 404.
void require_session(store::UnitOfWork& unit, std::int64_t id) {
  if (!lock_session(unit.connection, id)) throw session_not_found(id);
}

Prepare cancel_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    cancel = read_cancel(request)](store::UnitOfWork& unit) {
      require_session(unit, id);
      const std::vector<std::string_view> types(cancel.types.begin(), cancel.types.end());
      const std::int64_t cancelled = cancel_follow_ups(unit, id, types, cancel.reason, store.now());
      return Response::json(200, JsonObject{{"success", true},
                                            {"session_id", id},
                                            {"cancelled_tasks", cancelled},
                                            {"reason", cancel.reason}});
    });
  };
}

Prepare simulate_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request)](store::UnitOfWork& unit) {
      require_session(unit, id);
      const Timestamp now = store.now();
      const std::int64_t cancelled = cancel_on_reply(unit, id, now);
      return Response::json(
          200, JsonObject{{"success", true},
                          {"response_handling",
                           JsonObject{{"session_id", id},
                                      {"cancelled_tasks", cancelled},
                                      {"action", cancelled > 0 ? "follow_ups_cancelled" : "none"}}},
                          {"timestamp", schema::to_json(now)}});
    });
  };
}

}  // namespace

std::vector<http::Route> follow_up_routes(const Context& context) {
  const std::string base(kFollowUpsPrefix);
  const std::string session = base + "/session/{id}";
  return {
      {"POST", base + "/execute-due-tasks", execute_with(context), operation::execute_follow_ups()},
      {"GET", session + "/tasks", keyed(context, list_of_session),
       operation::list_session_follow_ups()},
      {"GET", base + "/all-tasks", keyed(context, list_all), operation::list_follow_ups()},
      {"GET", base + "/stats", keyed(context, show_figures_with(context)),
       operation::show_follow_up_figures()},
      {"POST", session + "/cancel-tasks", keyed(context, cancel_with(context)),
       operation::cancel_follow_ups()},
      {"POST", session + "/simulate-lead-response", keyed(context, simulate_with(context)),
       operation::simulate_response()},
  };
}

}  // namespace parley::leads
