#include <fmt/format.h>

#include "api/fields.h"
#include "outreach/cursor.h"
#include "outreach/log.h"
#include "outreach/messages.h"
#include "outreach/operations.h"
#include "outreach/requests.h"
#include "outreach/routes.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

/// The largest body with many messages.
constexpr std::size_t kBatchBytesMax = 16 << 20;

using http::Request;
using http::Response;

Prepare list_with(const Context& context) {
  return [context](const Request& request) {
    return api::reading<Caller>([context, list = read_message_list(request, context.clock.now())](
                                    database::Connection& connection, const Caller& caller) {
      const auto found = list_messages(connection, context.times.in(connection), caller.user_id,
                                       list.filter, list.slice);
      std::vector<std::string> items;
      for (const MessageLogRow& message : found.rows) items.push_back(entry_text(message));
      std::optional<std::string> next;
      if (found.has_more) {
        next = list_cursor(list.filters, {found.rows.back().timestamp, found.rows.back().id});
      }
      return Response::of_text(200, list_text(items, next));
    });
  };
}

Task show(const Request& request) {
  return api::reading<Caller>([id = api::path_value(request, "log_id")](
                                  database::Connection& connection, const Caller& caller) {
    return Response::of_text(200, entry_text(message_for(connection, caller.user_id, id)));
  });
}

Prepare change_status_with(const Context& context) {
  return [&store = context.store](const Request& request) {
    return api::writing<Caller>([&store, change = read_status_change(request)](
                                    store::UnitOfWork& unit, const Caller& caller) {
      const StatusOutcome outcome =
          change_statuses(unit, caller.user_id, std::span(&change, 1), store.now());
      if (outcome.changed.empty()) throw message_not_found();
      return Response::of_text(200, entry_text(outcome.changed.front()));
    });
  };
}

Prepare change_statuses_with(const Context& context) {
  return [&store = context.store](const Request& request) {
    return api::writing<Caller>([&store, changes = read_status_changes(request)](
                                    store::UnitOfWork& unit, const Caller& caller) {
      const StatusOutcome outcome = change_statuses(unit, caller.user_id, changes, store.now());
      json::array unknown;
      for (const std::string& id : outcome.unknown) unknown.emplace_back(id);
      return Response::json(
          200, JsonObject{{"updated", outcome.changed.size()}, {"unknown", std::move(unknown)}});
    });
  };
}

}  // namespace

std::vector<http::Route> message_routes(const Context& context) {
  const auto path = [](std::string_view rest) {
    return fmt::format("{}/messages{}", kPrefix, rest);
  };
  return {
      {"POST", path(""), log_handler(context), operation::log_message()},
      {"POST", path("/batch"), log_batch_handler(context), operation::log_batch(), kBatchBytesMax},
      {"POST", path("/status"), endpoint(context, Scope::Write, change_statuses_with(context)),
       operation::change_statuses(), kBatchBytesMax},
      {"GET", path(""), endpoint(context, Scope::Read, list_with(context)),
       operation::list_messages()},
      {"GET", path("/{log_id}"), endpoint(context, Scope::Read, show), operation::show_message()},
      {"PUT", path("/{log_id}/status"),
       endpoint(context, Scope::Write, change_status_with(context)), operation::change_status()},
  };
}

}  // namespace parley::outreach
