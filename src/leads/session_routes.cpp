#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/management_wire.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kSessionsPrefix = "/api/agent-sessions";
/// Sessions that one call of the sweep times out.
constexpr std::int64_t kTimeOutsPerCall = 1000;

Prepare open_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, wanted = read_new_session(request)](store::UnitOfWork& unit) {
      return Response::json(200, session_json(add_session(unit, wanted, store.now())));
    });
  };
}

Task list(const Request& request) {
  return reading([filter = read_session_filter(request)](database::Connection& connection) {
    const SessionPage found = list_sessions(connection, filter);
    return Response::json(200, page_json("sessions", list_json(found.sessions, session_json),
                                         found.total, filter.page, "page_size"));
  });
}

Task show(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    return Response::json(200, session_json(session_of(connection, id)));
  });
}

Prepare change_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    change = read_session_change(request)](store::UnitOfWork& unit) {
      return Response::json(200, session_json(change_session(unit, id, change, store.now())));
    });
  };
}

Task show_active(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    const std::optional<AgentSessionRow> session = active_session_of(connection, id);
    return Response::json(200, session ? Json(session_json(*session)) : Json(nullptr));
  });
}

Task count_active(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, JsonObject{{"active_sessions", count_active_sessions(connection)}});
  });
}

Prepare count_message_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    sender = read_counted_sender(request)](store::UnitOfWork& unit) {
      return Response::json(200, session_json(count_message(unit, id, sender, store.now())));
    });
  };
}

Prepare end_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    end = read_end(request)](store::UnitOfWork& unit) {
      return Response::json(
          200, session_json(finish_session(unit, id, end.reason, end.escalated_to, store.now())));
    });
  };
}

Prepare time_out_with(const Context& context) {
  return [&store = context.host.store](const Request&) {
    return writing([&store](store::UnitOfWork& unit) {
      const std::int64_t ended = time_out_idle_sessions(unit, kTimeOutsPerCall, store.now());
      return Response::json(200, JsonObject{{"sessions_timed_out", ended}});
    });
  };
}

}  // namespace

std::vector<http::Route> session_routes(const Context& context) {
  const std::string base(kSessionsPrefix);
  return {
      {"POST", base, keyed(context, open_with(context)), operation::open_session()},
      {"GET", base, keyed(context, list), operation::list_sessions()},
      {"GET", base + "/{id}", keyed(context, show), operation::show_session()},
      {"PUT", base + "/{id}", keyed(context, change_with(context)), operation::change_session()},
      {"GET", base + "/lead/{id}/active", keyed(context, show_active),
       operation::show_active_agent_session()},
      {"GET", base + "/active/count", keyed(context, count_active),
       operation::count_active_sessions()},
      {"POST", base + "/{id}/message", keyed(context, count_message_with(context)),
       operation::count_message()},
      {"POST", base + "/{id}/end", keyed(context, end_with(context)), operation::end_session()},
      {"POST", base + "/cleanup/timeout", keyed(context, time_out_with(context)),
       operation::time_out_sessions()},
  };
}

}  // namespace parley::leads
