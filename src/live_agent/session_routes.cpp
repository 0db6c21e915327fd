#include <fmt/format.h>

#include "http/etag.h"
#include "live_agent/operations.h"
#include "live_agent/requests.h"
#include "live_agent/routes.h"
#include "live_agent/wire.h"

namespace parley::live_agent {
namespace {

using http::Request;
using http::Response;

/// The state that agents race for.
std::string etag_of_session(const SessionRow& session) {
  return http::etag_of(
      {session.id, format_sql(session.updated_at), word(status_of(session.status)),
       session.assigned_agent_id ? std::to_string(*session.assigned_agent_id) : std::string()});
}

/// With `If-Match`, the change is made only to the session as the agent has seen it.
StatusChange with_condition(StatusChange change, const Request& request) {
  Request condition;
  condition.headers.emplace_back("If-Match", request.header("If-Match"));
  if (request.header("If-Match").empty()) return change;
  change.precondition = [condition](const SessionRow& session) {
    if (http::fits_if_match(condition, etag_of_session(session))) return;
    throw http::precondition_failed(
        session.assigned_agent_id
            ? "The session was changed meanwhile: it is " + word(status_of(session.status)) +
                  ", assigned to " + session.assigned_agent_name.value_or("another agent")
            : "The session was changed meanwhile: it is " + word(status_of(session.status)));
  };
  return change;
}

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
            Response response = Response::of_text(200, session_text(views.front()));
            response.headers.emplace_back("ETag", etag_of_session(views.front().session));
            return response;
          }};
}

Prepare change_status_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write, [&store, id = session_id_of(request),
                                change = with_condition(read_status_change(request), request)](
                                   store::UnitOfWork& unit, const Caller& caller) {
              const SessionRow session = change_status(unit, caller, id, change, store.now());
              const JsonObject fields = schema::to_json_object(session);
              JsonObject answer;
              for (const std::string_view field : {"session_id", "status", "assigned_agent_id",
                                                   "assigned_agent_name", "updated_at"}) {
                answer[field] = fields.at(field);
              }
              Response response = Response::json(200, answer);
              response.headers.emplace_back("ETag", etag_of_session(session));
              return response;
            }};
  };
}

}  // namespace

std::vector<http::Route> session_routes(const Context& context) {
  const auto path = [](std::string_view rest) {
    return fmt::format("{}/sessions{}", kLiveAgentPrefix, rest);
  };
  return {
      {"POST", path(""),
       authenticated(context, Level::User, open_session_with(context), Counted::AsSession),
       operation::open_session()},
      {"GET", path(""), authenticated(context, Level::User, list), operation::list_sessions()},
      {"GET", path("/{id}"), authenticated(context, Level::User, show), operation::show_session()},
      {"PUT", path("/{id}/status"),
       authenticated(context, Level::Agent, change_status_with(context)),
       operation::change_status()},
  };
}

}  // namespace parley::live_agent
