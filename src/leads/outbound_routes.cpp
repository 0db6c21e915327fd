// The URLs that this module's own webhooks go to.

#include <fmt/format.h>

#include "base/overloaded.h"
#include "leads/conversation_operations.h"
#include "leads/conversation_requests.h"
#include "leads/outbound_urls.h"
#include "leads/routes.h"
#include "leads/samples.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

Task list_urls(const Request&) {
  return reading([](store::Connection& connection) {
    const std::vector<std::string> urls = outbound_urls(connection);
    return Response::json(
        200, {{"urls", list_json(urls, [](const std::string& url) { return json::string(url); })}});
  });
}

Prepare add_url_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return {Task::Mode::Write,
            [context, url = read_url(request)](store::UnitOfWork& unit, const Caller& caller) {
              const bool is_new =
                  add_outbound_url(unit.connection, url, caller.name, context.host.store.now());
              return Response::json(
                  200, {{"message", is_new ? "Webhook URL added" : "Webhook URL exists already"}});
            }};
  };
}

Prepare remove_url_with(const Context& context) {
  return [context](const Request& request) -> Task {
    return writing([context, url = read_url(request)](store::UnitOfWork& unit) {
      const bool was_there = remove_outbound_url(unit.connection, url, context.host.store.now());
      return Response::json(
          200, {{"message", was_there ? "Webhook URL removed" : "No such webhook URL"}});
    });
  };
}

http::ClientRequest trial_of(const std::string& url, const Settings& settings) {
  return {.method = "POST",
          .url = url,
          .headers = {{"Content-Type", "application/json"}, {"User-Agent", "Parley-Webhook/1"}},
          .body = to_text(agent_message_sample()),
          .timeout = std::chrono::seconds(30),
          .reach =
              settings.calls_private_addresses ? http::Reach::Everywhere : http::Reach::PublicOnly};
}

JsonObject trial_answer(const http::ClientOutcome& outcome) {
  return std::visit(overloaded{[](const http::ClientAnswer& answer) -> JsonObject {
                                 return {{"success", answer.is_success()},
                                         {"message", fmt::format("The receiver answered with {}",
                                                                 answer.status)}};
                               },
                               [](const Error& error) -> JsonObject {
                                 return {{"success", false}, {"message", error.what()}};
                               }},
                    outcome);
}

/// One attempt, whose outcome is the answer.
http::Handler trial_handler(const Context& context) {
  return [context](std::shared_ptr<http::Request> request, http::Responder responder) {
    context.gate.admit(*request);
    const std::string url = read_url(*request);
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    context.client.send(trial_of(url, context.settings), [exchange](http::ClientOutcome outcome) {
      exchange.answer(Response::json(200, trial_answer(outcome)));
    });
  };
}

}  // namespace

std::vector<http::Route> outbound_routes(const Context& context) {
  const std::string base = std::string(kWebhooksPrefix) + "/outbound";
  return {
      {"GET", base + "/urls", keyed(context, list_urls), operation::list_outbound_urls()},
      {"POST", base + "/urls", keyed(context, add_url_with(context)),
       operation::add_outbound_url()},
      {"DELETE", base + "/urls", keyed(context, remove_url_with(context)),
       operation::remove_outbound_url()},
      {"POST", base + "/test", trial_handler(context), operation::test_outbound_url()},
  };
}

}  // namespace parley::leads
