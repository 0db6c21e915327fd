#include <fmt/format.h>

#include "outreach/cursor.h"
#include "outreach/operations.h"
#include "outreach/requests.h"
#include "outreach/routes.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

Prepare list_lines_with(const Context& context) {
  return [context](const Request& request) {
    return api::reading<Caller>([list = read_system_log_list(request, context.clock.now())](
                                    database::Connection& connection, const Caller& caller) {
      const auto found = list_system_logs(connection, caller.user_id, list.filter, list.slice);
      std::vector<std::string> items;
      for (const SystemLogRow& line : found.rows) items.push_back(system_log_text(line));
      std::optional<std::string> next;
      if (found.has_more) {
        next = list_cursor(list.filters, {found.rows.back().timestamp, found.rows.back().id});
      }
      return Response::of_text(200, list_text(items, next));
    });
  };
}

template <class Enum>
json::array words() {
  json::array list;
  for (const std::string_view each : words_of<Enum>) list.emplace_back(each);
  return list;
}

JsonObject vocabulary_json() {
  return {{"channel", words<Channel>()},
          {"preferred_channel", json::array{"email", "whatsapp", "both"}},
          {"message_status", words<MessageStatus>()},
          {"delivery_status", words<DeliveryStatus>()},
          {"level", words<LogLevel>()},
          {"component", words<Component>()},
          {"quota_type", words<QuotaType>()},
          {"split_strategy", words<SplitStrategy>()}};
}

Task vocabulary(const Request&) {
  return api::reading<Caller>(
      [](database::Connection&, const Caller&) { return Response::json(200, vocabulary_json()); });
}

}  // namespace

std::vector<http::Route> upkeep_routes(const Context& context) {
  const auto path = [](std::string_view rest) { return fmt::format("{}{}", kPrefix, rest); };
  return {
      {"GET", path("/system-logs"), endpoint(context, Scope::Read, list_lines_with(context)),
       operation::list_system_logs()},
      {"GET", path("/vocabulary"), endpoint(context, Scope::Read, vocabulary),
       operation::show_vocabulary()},
  };
}

}  // namespace parley::outreach
