#include "live_agent/operations.h"
#include "live_agent/requests.h"
#include "live_agent/routes.h"
#include "live_agent/wire.h"

namespace parley::live_agent {
namespace {

using http::Request;
using http::Response;

Prepare open_session_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write, [&store, opening = read_new_session(request)](
                                   store::UnitOfWork& unit, const Caller& caller) {
              const SessionRow session = open_session(unit, caller, opening, store.now());
              JsonObject answer = schema::to_json_object(session);
              for (const std::string_view field :
                   {"assigned_agent_id", "assigned_agent_name", "unread_count_user",
                    "unread_count_agent", "last_message_at", "updated_at", "metadata"}) {
                answer.erase(field);
              }
              answer["message"] = "Session created";
              return Response::json(201, answer);
            }};
  };
}

Task list(const Request& request) {
  return {Task::Mode::Read, [filter = read_session_filter(request)](
                                database::Connection& connection, const Caller& caller) {
            const SessionPage found = list_sessions(connection, caller, filter);
            return Response::of_text(200, session_page_text(found, filter.page));
          }};
}

Task show(const Request& request) {
  return {Task::Mode::Read,
          [id = session_id_of(request)](database::Connection& connection, const Caller& caller) {
            std::vector<SessionRow> found{session_for(connection, caller, id)};
            const auto views = with_last_text(connection, std::move(found));
            return Response::of_text(200, session_text(views.front()));
          }};
}

Prepare change_status_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write,
            [&store, id = session_id_of(request), change = read_status_change(request)](
                store::UnitOfWork& unit, const Caller& caller) {
              const SessionRow session = change_status(unit, caller, id, change, store.now());
              const JsonObject fields = schema::to_json_object(session);
              JsonObject answer;
              for (const std::string_view field : {"session_id", "status", "assigned_agent_id",
                                                   "assigned_agent_name", "updated_at"}) {
                answer[field] = fields.at(field);
              }
              return Response::json(200, answer);
            }};
  };
}

}  // namespace

std::vector<http::Route> session_routes(const Context& context) {
  const std::string base = std::string(kLiveAgentPrefix) + "/sessions";
  return {
      {"POST", base, authenticated(context, Level::User, open_session_with(context)),
       operation::open_session()},
      {"GET", base, authenticated(context, Level::User, list), operation::list_sessions()},
      {"GET", base + "/{id}", authenticated(context, Level::User, show),
       operation::show_session()},
      {"PUT", base + "/{id}/status",
       authenticated(context, Level::Agent, change_status_with(context)),
       operation::change_status()},
  };
}

}  // namespace parley::live_agent
