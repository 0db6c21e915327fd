#include "live_agent/operations.h"
#include "live_agent/problems.h"
#include "live_agent/receipts.h"
#include "live_agent/requests.h"
#include "live_agent/routes.h"
#include "live_agent/send.h"
#include "live_agent/wire.h"

namespace parley::live_agent {
namespace {

using http::Request;
using http::Response;

/// Users read for themselves only; agents may also note what the user has read.
void require_reader(const Caller& caller, Side reader) {
  if (!caller.is_agent() && reader != Side::User) {
    throw http::forbidden("Access denied: read_by does not fit the token");
  }
}

Prepare list_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    const MessageListRequest list = read_message_list(request);
    return {
        list.mark_as_read ? Task::Mode::Write : Task::Mode::Read,
        [&store, list, id = session_id_of(request)](store::UnitOfWork& unit, const Caller& caller) {
          const SessionRow session = session_for(unit.connection, caller, id);
          if (list.mark_as_read) mark_session_read(unit, session, caller.side(), store.now());
          const MessagePage found = newest_messages(unit.connection, id, list.page);
          return Response::of_text(200, message_page_text(found, list.page, session));
        }};
  };
}

Task poll(const Request& request) {
  return {Task::Mode::Read, [window = read_message_window(request), id = session_id_of(request)](
                                database::Connection& connection, const Caller& caller) {
            session_for(connection, caller, id);
            const PolledMessages polled = poll_messages(connection, id, window);
            return Response::of_text(200, polled_messages_text(polled, id));
          }};
}

Prepare mark_all_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write, [&store, id = session_id_of(request), reader = read_reader(request)](
                                   store::UnitOfWork& unit, const Caller& caller) {
              const SessionRow session = session_for(unit.connection, caller, id);
              require_reader(caller, reader);
              const std::int64_t marked = mark_session_read(unit, session, reader, store.now());
              return Response::json(200,
                                    envelope("Messages marked as read",
                                             {{"session_id", id}, {"messages_updated", marked}}));
            }};
  };
}

Prepare mark_one_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write,
            [&store, id = row_id_of(request, message_not_found()), reader = read_reader(request)](
                store::UnitOfWork& unit, const Caller& caller) {
              std::optional<MessageRow> message = find_message(unit.connection, id);
              if (!message) throw message_not_found();
              const SessionRow session = session_for(unit.connection, caller, message->session_id);
              require_reader(caller, reader);
              const JsonObject fields = message_json(
                  mark_message_read(unit, session, *std::move(message), reader, store.now()));
              return Response::json(200, envelope("Message marked as read",
                                                  {{"message_id", fields.at("message_id")},
                                                   {"read_by_agent", fields.at("read_by_agent")},
                                                   {"read_by_user", fields.at("read_by_user")},
                                                   {"read_at", fields.at("read_at")}}));
            }};
  };
}

}  // namespace

std::vector<http::Route> message_routes(const Context& context) {
  const std::string messages = std::string(kLiveAgentPrefix) + "/messages";
  const std::string session = std::string(kLiveAgentPrefix) + "/sessions/{id}/messages";
  return {
      {"POST", messages, send_handler(context), operation::send_message()},
      {"GET", messages + "/{id}", authenticated(context, Level::User, list_with(context)),
       operation::list_messages()},
      {"PUT", messages + "/{id}/read", authenticated(context, Level::User, mark_one_with(context)),
       operation::mark_message_read()},
      {"GET", session, authenticated(context, Level::User, poll), operation::poll_messages()},
      {"PUT", session + "/read", authenticated(context, Level::User, mark_all_with(context)),
       operation::mark_session_read()},
  };
}

}  // namespace parley::live_agent
