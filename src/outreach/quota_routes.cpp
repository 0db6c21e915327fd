#include <fmt/format.h>

#include "outreach/routes.h"
#include "outreach/sending_events.h"
#include "outreach/sending_operations.h"
#include "outreach/sending_requests.h"
#include "outreach/sending_routes.h"
#include "outreach/sending_wire.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

Prepare show_with(const SendingContext& sending) {
  return [&quotas = sending.quotas, &store = sending.context.store](const Request&) {
    return api::reading<Caller>(
        [&quotas, &store](database::Connection& connection, const Caller& caller) {
          const Timestamp now = store.now();
          JsonObject channels;
          for (const Channel channel : {Channel::Email, Channel::Whatsapp}) {
            json::array list;
            for (const QuotaState& state : quotas.states(connection, caller.user_id, channel, now))
              list.push_back(quota_state_json(state, now));
            channels[word(channel)] = std::move(list);
          }
          return Response::json(200, channels);
        });
  };
}

Response denial(const QuotaDenied& denied, Timestamp now) {
  Response response = Response::json(429, quota_denied_json(denied, now));
  response.headers.emplace_back("Retry-After",
                                fmt::format("{}", seconds_until(denied.next_available, now)));
  return response;
}

Prepare acquire_with(const SendingContext& sending) {
  return [&quotas = sending.quotas, &store = sending.context.store](const Request& request) {
    return api::writing<Caller>([&quotas, &store, wanted = read_acquire(request, quotas)](
                                    store::UnitOfWork& unit, const Caller& caller) {
      const Timestamp now = store.now();
      QuotaRequest of_caller = wanted;
      of_caller.user_id = caller.user_id;
      const QuotaAnswer answer = quotas.acquire(unit.connection, of_caller, now);
      if (const auto* denied = std::get_if<QuotaDenied>(&answer)) return denial(*denied, now);
      const auto& taken = std::get<QuotaTaken>(answer);
      append_quota_alerts(unit, of_caller, taken);
      return Response::json(200, quota_taken_json(taken));
    });
  };
}

}  // namespace

std::vector<http::Route> quota_routes(const SendingContext& sending) {
  const auto path = [](std::string_view rest) { return fmt::format("{}/quotas{}", kPrefix, rest); };
  const Context& context = sending.context;
  return {
      {"GET", path(""), endpoint(context, Scope::Read, show_with(sending)),
       operation::show_quotas()},
      {"POST", path("/acquire"), endpoint(context, Scope::Write, acquire_with(sending)),
       operation::acquire_quota()},
  };
}

}  // namespace parley::outreach
