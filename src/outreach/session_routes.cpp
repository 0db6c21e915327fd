#include <fmt/format.h>

#include "api/fields.h"
#include "outreach/cursor.h"
#include "outreach/operations.h"
#include "outreach/requests.h"
#include "outreach/routes.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

SessionView view_of(database::Connection& connection, SessionSummaryRow session) {
  std::vector<SessionSummaryRow> one;
  one.push_back(std::move(session));
  return std::move(with_errors(connection, std::move(one)).front());
}

Prepare start_with(const Context& context) {
  return [&store = context.store](const Request& request) {
    return api::writing<Caller>([&store, wanted = read_new_session(request)](
                                    store::UnitOfWork& unit, const Caller& caller) {
      const SessionSummaryRow session = start_session(unit, caller.user_id, wanted, store.now());
      return Response::json(201, session_json({session, {}}));
    });
  };
}

Response session_page(database::Connection& connection, Found<SessionSummaryRow> found,
                      const ListRequest& list) {
  std::optional<std::string> next;
  if (found.has_more) {
    const SessionSummaryRow& last = found.rows.back();
    next = list_cursor(list.filters, {last.start_time, last.session_id});
  }
  std::vector<std::string> items;
  for (const SessionView& view : with_errors(connection, std::move(found.rows))) {
    items.push_back(to_text(session_json(view)));
  }
  return Response::of_text(200, list_text(items, next));
}

Prepare list_with(const Context& context) {
  return [context](const Request& request) {
    return api::reading<Caller>([context, list = read_session_list(request, context.clock.now())](
                                    database::Connection& connection, const Caller& caller) {
      return session_page(
          connection,
          list_sessions(connection, context.times.in(connection), caller.user_id, list.slice),
          list);
    });
  };
}

Task show(const Request& request) {
  return api::reading<Caller>([id = api::path_value(request, "session_id")](
                                  database::Connection& connection, const Caller& caller) {
    return Response::json(
        200, session_json(view_of(connection, session_for(connection, caller.user_id, id))));
  });
}

Prepare end_with(const Context& context) {
  return [&store = context.store](const Request& request) {
    return api::writing<Caller>([&store, id = api::path_value(request, "session_id")](
                                    store::UnitOfWork& unit, const Caller& caller) {
      SessionSummaryRow session = end_session(unit, caller.user_id, id, store.now());
      return Response::json(200, session_json(view_of(unit.connection, std::move(session))));
    });
  };
}

}  // namespace

std::vector<http::Route> session_routes(const Context& context) {
  const auto path = [](std::string_view rest) {
    return fmt::format("{}/sessions{}", kPrefix, rest);
  };
  return {
      {"POST", path(""), endpoint(context, Scope::Write, start_with(context)),
       operation::start_session()},
      {"GET", path(""), endpoint(context, Scope::Read, list_with(context)),
       operation::list_sessions()},
      {"GET", path("/{session_id}"), endpoint(context, Scope::Read, show),
       operation::show_session()},
      {"POST", path("/{session_id}/end"), endpoint(context, Scope::Write, end_with(context)),
       operation::end_session()},
  };
}

}  // namespace parley::outreach
