#include <fmt/format.h>

#include "api/fields.h"
#include "outreach/messages.h"
#include "outreach/queueing.h"
#include "outreach/routes.h"
#include "outreach/send_queue.h"
#include "outreach/sending_operations.h"
#include "outreach/sending_requests.h"
#include "outreach/sending_routes.h"
#include "outreach/sending_wire.h"
#include "outreach/sessions.h"
#include "outreach/wire.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

/// The configured channel that the session's messages go through.
std::string channel_for(const Sender& sender, const SessionSummaryRow& session,
                        const std::optional<std::string>& via) {
  const auto carries = parse_word<Channel>(session.channel.value_or("")).value_or(Channel::Email);
  const ChannelSettings* found = sender.find(carries, via);
  if (found != nullptr) return found->name;
  if (!via) throw http::conflict("no_channel", "No channel is configured for " + word(carries));
  throw http::invalid_field(
      "/via", "not_in_vocabulary",
      fmt::format("No channel of that name is configured for {}", word(carries)));
}

Prepare send_with(const SendingContext& sending) {
  return [sending](const Request& request) {
    Task task = api::writing<Caller>([sending, id = api::path_value(request, "session_id"),
                                      wanted = read_send(request)](store::UnitOfWork& unit,
                                                                   const Caller& caller) {
      const SessionSummaryRow session = session_for(unit.connection, caller.user_id, id);
      const Queued queued =
          queue_messages(unit, session, wanted, channel_for(sending.sender, session, wanted.via),
                         sending.context.store.now());
      json::array ids;
      for (const std::string& log_id : queued.log_ids) ids.emplace_back(log_id);
      return Response::json(202, JsonObject{{"session_id", id},
                                            {"queued", queued.log_ids.size()},
                                            {"log_ids", std::move(ids)},
                                            {"has_more", queued.has_more}});
    });
    task.committed = [&sender = sending.sender] { sender.wake(); };
    return task;
  };
}

Prepare retry_with(const SendingContext& sending) {
  return [sending](const Request& request) {
    Task task = api::writing<Caller>(
        [&store = sending.context.store, id = api::path_value(request, "log_id")](
            store::UnitOfWork& unit, const Caller& caller) {
          const MessageLogRow message = message_for(unit.connection, caller.user_id, id);
          return Response::of_text(200, entry_text(retry_message(unit, message, store.now())));
        });
    task.committed = [&sender = sending.sender] { sender.wake(); };
    return task;
  };
}

Task show_events(const Request& request) {
  return api::reading<Caller>([id = api::path_value(request, "log_id")](
                                  database::Connection& connection, const Caller& caller) {
    message_for(connection, caller.user_id, id);
    json::array events;
    for (const StatusEventRow& event : store::select<StatusEventRow>()
                                           .where(store::equals<&StatusEventRow::log_id>(id))
                                           .order_by<&StatusEventRow::id>()
                                           .all(connection)) {
      events.push_back(status_event_json(event));
    }
    return Response::json(200, JsonObject{{"data", std::move(events)}});
  });
}

}  // namespace

std::vector<http::Route> queue_routes(const SendingContext& sending) {
  const auto path = [](std::string_view rest) { return fmt::format("{}{}", kPrefix, rest); };
  const Context& context = sending.context;
  return {
      {"POST", path("/sessions/{session_id}/send"),
       endpoint(context, Scope::Write, send_with(sending)), operation::send_messages()},
      {"POST", path("/messages/{log_id}/retry"),
       endpoint(context, Scope::Write, retry_with(sending)), operation::retry_message()},
      {"GET", path("/messages/{log_id}/events"), endpoint(context, Scope::Read, show_events),
       operation::list_message_events()},
  };
}

}  // namespace parley::outreach
