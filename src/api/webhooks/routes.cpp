#include "api/webhooks/routes.h"

#include "api/fields.h"
#include "api/webhooks/operations.h"
#include "base/check.h"
#include "base/error.h"
#include "base/text.h"
#include "http/public_address.h"
#include "http/url.h"
#include "schema/convert.h"

namespace parley::api::webhooks {
namespace {

using Task = api::Task<Subscriber>;
using http::Request;
using http::Response;

constexpr std::size_t kKindsMax = 30;

/// A source with what its handlers work with.
struct Served {
  explicit Served(Source its_source) : source(std::move(its_source)) {}
  const Source source;
  KeysUnderWay keys;
};

/// Reads a request for one module.
using Read = std::function<Task(const Served&, const Request&)>;

http::Problem no_such_webhook() { return http::not_found("There is no webhook of that id."); }

Subscription found(database::Connection& connection, const Subscriber& caller,
                   const std::string& id) {
  std::optional<Subscription> subscription = find(connection, id, caller.tenant);
  if (!subscription) throw no_such_webhook();
  return *std::move(subscription);
}

/// The same for what is to be sent to, locked.
Subscription found_enabled(database::Connection& connection, const Subscriber& caller,
                           const std::string& id) {
  found(connection, caller, id);
  std::optional<Subscription> subscription = find_and_lock(connection, id);
  if (!subscription) throw no_such_webhook();
  if (subscription->disabled_at)
    throw http::conflict("webhook_disabled", "This webhook is disabled; subscribe anew.");
  return *std::move(subscription);
}

Message found_message(database::Connection& connection, const std::string& subscription_id,
                      const std::string& id) {
  std::optional<Message> message = find_message(connection, subscription_id, id);
  if (!message) throw http::not_found("This webhook has no delivery of that id.");
  return *std::move(message);
}

/// Also what is a loopback name by convention (RFC 6761 section 6.3).
bool is_private_host(const std::string& host) {
  const std::string name = lower(host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  return http::is_address(host) && !http::is_public_address(host);
}

std::string url_in(BodyReader& body, const Settings& settings) {
  std::string url = body.text("url", kUrlCharactersMax);
  if (!body.errors().empty()) return url;
  try {
    const http::Url parsed = http::parse_url(url);
    if (!settings.allow_private && is_private_host(parsed.host))
      body.errors().add("url", "private_address", "must not be an address of a private network");
  } catch (const Error& error) {
    body.errors().add("url", "invalid_url", error.what());
  }
  return url;
}

bool is_kind(std::string_view text) {
  return !text.empty() && text.size() <= kKindCharactersMax &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
}

std::vector<std::string> kinds_in(BodyReader& body) {
  std::vector<std::string> kinds;
  const auto given = body.optional_array("kinds");
  if (!given) return kinds;
  if (given->size() > kKindsMax) body.errors().add("kinds", "too_many", "must have at most 30");
  for (const Json& each : *given) {
    if (!each.is_string() || !is_kind(each.get_string())) {
      body.errors().add("kinds", "no_kind", "must be kinds of events, such as message.created");
      break;
    }
    kinds.emplace_back(each.get_string());
  }
  return kinds;
}

Page page_in(QueryReader& query) {
  return {.number = query.number("page", 1, 1, kIntegerMax),
          .size = query.number("per_page", kPerPage, 1, kPerPageMax)};
}

Response paged(std::string_view name, json::array items, std::int64_t total, const Page& page) {
  return Response::json(200, JsonObject{{name, std::move(items)},
                                        {"total", total},
                                        {"page", page.number},
                                        {"per_page", page.size}});
}

/// A write after which the dispatcher has something to do.
Task sending(const Served& served,
             std::function<Response(database::Connection&, const Subscriber&)> serve) {
  Task task = writing<Subscriber>(
      [serve = std::move(serve)](store::UnitOfWork& unit, const Subscriber& caller) {
        return serve(unit.connection, caller);
      });
  task.committed = [&dispatcher = served.source.dispatcher] { dispatcher.wake(); };
  return task;
}

Task subscribe_task(const Served& served, const Request& request) {
  BodyReader body(request.body);
  NewSubscription wanted{.url = url_in(body, served.source.dispatcher.settings()),
                         .kinds = kinds_in(body),
                         .format = std::string(kStandard),
                         .owner = {},
                         .tenant = std::nullopt};
  body.finish();
  return sending(
      served, [&served, wanted](database::Connection& connection, const Subscriber& caller) {
        NewSubscription complete = wanted;
        complete.owner = caller.account;
        complete.tenant = caller.tenant;
        const Subscription made = subscribe(connection, complete, served.source.store.now());
        JsonObject answer = to_json(made);
        answer["secret"] = made.secret;
        Response response = Response::json(201, answer);
        response.headers.emplace_back("Cache-Control", "no-store");
        return response;
      });
}

Task list_task(const Served&, const Request& request) {
  QueryReader query(request);
  const Page page = page_in(query);
  query.finish();
  return reading<Subscriber>([page](database::Connection& connection, const Subscriber& caller) {
    const SubscriptionPage found = list(connection, caller.tenant, page);
    json::array items;
    for (const Subscription& each : found.subscriptions) items.emplace_back(to_json(each));
    return paged("webhooks", std::move(items), found.total, page);
  });
}

Task show_task(const Served&, const Request& request) {
  return reading<Subscriber>(
      [id = path_value(request, "id")](database::Connection& connection, const Subscriber& caller) {
        return Response::json(200, to_json(found(connection, caller, id)));
      });
}

Task unsubscribe_task(const Served& served, const Request& request) {
  return sending(served, [&served, id = path_value(request, "id")](database::Connection& connection,
                                                                   const Subscriber& caller) {
    remove(connection, found(connection, caller, id).id, served.source.store.now());
    Response response;
    response.status = 204;
    return response;
  });
}

Task test_task(const Served& served, const Request& request) {
  return sending(served, [&served, id = path_value(request, "id")](database::Connection& connection,
                                                                   const Subscriber& caller) {
    const Subscription to = found_enabled(connection, caller, id);
    return Response::json(202, to_json(add_test(connection, to.id, served.source.store.now())));
  });
}

Task redeliver_task(const Served& served, const Request& request) {
  BodyReader body(request.body);
  const std::string message_id = lower(body.text("delivery_id", kNameCharactersMax));
  body.finish();
  return sending(served, [&served, message_id, id = path_value(request, "id")](
                             database::Connection& connection, const Subscriber& caller) {
    const Subscription to = found_enabled(connection, caller, id);
    redeliver(connection, found_message(connection, to.id, message_id), served.source.store.now());
    return Response::json(202, to_json(found_message(connection, to.id, message_id)));
  });
}

Timestamp time_field(BodyReader& body, std::string_view field, std::optional<Timestamp> otherwise) {
  const auto text = body.optional_text(field, kNameCharactersMax);
  if (!text && otherwise) return *otherwise;
  const auto time = parse_timestamp(text.value_or(""));
  if (!time) body.errors().add(field, "no_time", "must be a time as RFC 3339 writes it");
  return time.value_or(Timestamp{});
}

Task replay_task(const Served& served, const Request& request) {
  BodyReader body(request.body);
  TimeRange range{.from = time_field(body, "from", std::nullopt), .until = {}};
  range.until = time_field(body, "until", Timestamp::max());
  body.finish();
  return sending(served, [&served, range, id = path_value(request, "id")](
                             database::Connection& connection, const Subscriber& caller) {
    const Dispatcher& dispatcher = served.source.dispatcher;
    const Subscription to = found_enabled(connection, caller, id);
    const auto eyes = dispatcher.eyes_of()(connection, to.owner, to.tenant);
    if (!eyes) throw http::conflict("webhook_disabled", "Its owner may not subscribe any more.");
    const Replayed replayed =
        replay(connection, to, *eyes, dispatcher.format_of(to), range, served.source.store.now());
    return Response::json(
        202, {{"messages", replayed.messages},
              {"next", replayed.next ? schema::to_json(*replayed.next) : Json(nullptr)}});
  });
}

Task list_deliveries_task(const Served&, const Request& request) {
  QueryReader query(request);
  const auto state = query.optional_word<State>("state");
  const Page page = page_in(query);
  query.finish();
  return reading<Subscriber>([state, page, id = path_value(request, "id")](
                                 database::Connection& connection, const Subscriber& caller) {
    const MessagePage listed =
        list_messages(connection, found(connection, caller, id).id, state, page);
    json::array items;
    for (const Message& each : listed.messages) items.emplace_back(to_json(each));
    return paged("deliveries", std::move(items), listed.total, page);
  });
}

Task show_delivery_task(const Served&, const Request& request) {
  return reading<Subscriber>([id = path_value(request, "id"),
                              message_id = path_value(request, "delivery_id")](
                                 database::Connection& connection, const Subscriber& caller) {
    const Message message = found_message(connection, found(connection, caller, id).id, message_id);
    return Response::json(200, to_json(message, attempts_of(connection, message.id)));
  });
}

class Endpoints {
 public:
  Endpoints(std::vector<Source> sources, const Clock& clock) : clock_(clock) {
    for (Source& each : sources) served_.push_back(std::make_unique<Served>(std::move(each)));
    PARLEY_CHECK(!served_.empty());
  }

  void answer(std::shared_ptr<Request> request, http::Responder responder, const Read& read) const {
    const auto [served, admission] = whose(*request);
    const Task task = read(*served, *request);
    const Host host{served->source.store, clock_, served->keys, http::problem_response};
    run_task(host, Exchange(std::move(request), std::move(responder), http::problem_response),
             admission, task);
  }

 private:
  /// The module that the request is for, and who asks. Throws 401 for a token of none of them, 404
  /// for a module that is none.
  std::pair<Served*, Admission<Subscriber>> whose(const Request& request) const {
    const auto wanted = request.query.find("module");
    http::Problem refusal = http::not_found("There is no module of that name.");
    for (const auto& each : served_) {
      if (wanted != request.query.end() && wanted->second != each->source.module) continue;
      try {
        return {each.get(), each->source.identify(request)};
      } catch (const http::Problem& problem) {
        if (problem.status != 401) throw;
        refusal = problem;
      }
    }
    throw refusal;
  }

  std::vector<std::unique_ptr<Served>> served_;
  const Clock& clock_;
};

}  // namespace

std::vector<http::Route> routes(std::vector<Source> sources, const Clock& clock) {
  const auto endpoints = std::make_shared<const Endpoints>(std::move(sources), clock);
  const auto with = [endpoints](Read read) -> http::Handler {
    return [endpoints, read = std::move(read)](std::shared_ptr<Request> request,
                                               http::Responder responder) {
      endpoints->answer(std::move(request), std::move(responder), read);
    };
  };
  const std::string all(kPrefix);
  const std::string one = all + "/{id}";
  const std::string deliveries = one + "/deliveries";
  return {
      {"POST", all, with(subscribe_task), operation::subscribe()},
      {"GET", all, with(list_task), operation::list_subscriptions()},
      {"GET", one, with(show_task), operation::show_subscription()},
      {"DELETE", one, with(unsubscribe_task), operation::unsubscribe()},
      {"POST", one + "/test", with(test_task), operation::send_test()},
      {"POST", one + "/redeliver", with(redeliver_task), operation::redeliver()},
      {"POST", one + "/replay", with(replay_task), operation::replay()},
      {"GET", deliveries, with(list_deliveries_task), operation::list_deliveries()},
      {"GET", deliveries + "/{delivery_id}", with(show_delivery_task), operation::show_delivery()}};
}

}  // namespace parley::api::webhooks
