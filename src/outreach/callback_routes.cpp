#include <fmt/format.h>

#include "api/exchange.h"
#include "api/fields.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/text.h"
#include "outreach/callbacks.h"
#include "outreach/problems.h"
#include "outreach/provider_events.h"
#include "outreach/routes.h"
#include "outreach/sending_operations.h"
#include "outreach/sending_routes.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

const CallbackSource& source_of(const SendingSettings& settings, const Request& request) {
  const auto source = settings.callbacks.find(api::path_value(request, "source"));
  if (source == settings.callbacks.end()) throw http::not_found("No such source is configured");
  return source->second;
}

std::string query_value(const Request& request, const std::string& name) {
  const auto value = request.query.find(name);
  return value == request.query.end() ? std::string() : value->second;
}

http::Handler check_subscription(const SendingContext& sending) {
  return [&settings = sending.settings](std::shared_ptr<Request> request,
                                        const http::Responder& respond) {
    const CallbackSource& source = source_of(settings, *request);
    const std::string shown = query_value(*request, "hub.verify_token");
    if (source.verify_token.empty() || !equal_constant_time(shown, source.verify_token))
      throw http::forbidden("hub.verify_token is not the one that is configured");
    Response response;
    response.content_type = "text/plain";
    response.body = query_value(*request, "hub.challenge");
    respond(std::move(response));
  };
}

/// The body as a database can keep it.
std::string kept_body(const std::string& body) {
  return is_storable_text(body) ? body : "base64:" + base64(body);
}

/// The events of a body whose signature was right; a problem when it cannot be read.
std::vector<ProviderEvent> read_events(const std::string& body) {
  if (!is_storable_text(body)) throw not_json("The body is no UTF-8");
  std::optional<std::vector<ProviderEvent>> events;
  try {
    events = events_of(parse_json(body));
  } catch (const Error& error) {
    throw not_json(error.what());
  }
  if (!events) throw not_json("The body has neither `entry` nor `statuses`");
  return *std::move(events);
}

/// One callback on its way: stored, and after that is on disk, applied.
struct Callback {
  std::string source;
  std::vector<ProviderEvent> events;
  StoredEvents stored;
  std::size_t applied = 0;
};

Response answer_to(const Callback& callback) {
  const std::size_t fresh = callback.stored.ids.size();
  return Response::json(200, JsonObject{{"received", callback.events.size()},
                                        {"applied", callback.applied},
                                        {"unmatched", fresh - callback.applied},
                                        {"duplicates", callback.stored.duplicates}});
}

void apply(store::Store& store, const api::Exchange& exchange,
           const std::shared_ptr<Callback>& callback) {
  api::then_write(
      store, exchange,
      [&store, callback](store::UnitOfWork& unit) {
        callback->applied = apply_events(unit, callback->stored.ids, store.now());
      },
      [exchange, callback] { exchange.answer(answer_to(*callback)); });
}

void keep_unreadable(store::Store& store, const api::Exchange& exchange, const std::string& source,
                     const http::Problem& problem) {
  api::then_write(
      store, exchange,
      [&store, source, body = kept_body(exchange.request().body)](store::UnitOfWork& unit) {
        store_unreadable(unit, source, body, store.now());
      },
      [exchange, problem] { exchange.fail(std::make_exception_ptr(problem)); });
}

http::Handler receive(const SendingContext& sending) {
  return [&settings = sending.settings, &store = sending.context.store,
          style = sending.context.style()](std::shared_ptr<Request> request,
                                           http::Responder respond) {
    const CallbackSource& source = source_of(settings, *request);
    const std::string_view signature = request->header("X-Hub-Signature-256");
    if (source.secret.empty() || !is_signed(source.secret, request->body, signature))
      throw http::unauthenticated("X-Hub-Signature-256 is not that of this body");
    const auto callback = std::make_shared<Callback>();
    callback->source = api::path_value(*request, "source");
    const api::Exchange exchange(std::move(request), std::move(respond), style);
    try {
      callback->events = read_events(exchange.request().body);
    } catch (const http::Problem& problem) {
      return keep_unreadable(store, exchange, callback->source, problem);
    }
    api::then_write(
        store, exchange,
        [&store, callback](store::UnitOfWork& unit) {
          callback->stored = store_events(unit, callback->source, callback->events, store.now());
        },
        [&store, exchange, callback] { apply(store, exchange, callback); });
  };
}

}  // namespace

std::vector<http::Route> callback_routes(const SendingContext& sending) {
  const std::string path = fmt::format("{}/webhooks/status/{{source}}", kPrefix);
  return {{"GET", path, check_subscription(sending), operation::check_subscription()},
          {"POST", path, receive(sending), operation::receive_callback()}};
}

}  // namespace parley::outreach
