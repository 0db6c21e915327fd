#include "app/service.h"

#include <fmt/format.h>

#include "api/exchange.h"
#include "api/housekeeping.h"
#include "api/served_module.h"
#include "api/stream.h"
#include "app/http_settings.h"
#include "app/modules.h"
#include "app/served_modules.h"
#include "app/target.h"
#include "base/error.h"
#include "base/json_schema.h"
#include "base/log.h"
#include "http/metrics.h"
#include "http/openapi.h"
#include "http/router.h"
#include "http/server.h"
#include "http/worker.h"
#include "migrate/adopt.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "store/store.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;

constexpr int kPasswordThreads = 2;
constexpr std::size_t kPasswordQueueMax = 64;

void require_nothing_pending(migrate::Deployment& deployment) {
  const migrate::State state = deployment.state();
  const auto report = deployment.drift(state);
  if (!report.is_workable()) throw migrate::drift_error(report, deployment.definition());
  const auto pending = deployment.pending(state);
  if (pending.empty()) return;
  throw Error(ErrorCode::NotUpToDate,
              fmt::format("{} has {} pending revisions, the first is {}",
                          deployment.definition().name, pending.size(), pending.front()->id),
              "Run: parley db upgrade, or serve without --no-migrate.");
}

/// Brings the module's schema to what this program needs, or says why it cannot.
void prepare_schema(const Configuration& configuration, const std::string& module,
                    const Clock& clock, const ServiceOptions& options) {
  const auto create = options.may_migrate ? Create::IfMissing : Create::Never;
  const auto connection = open_namespace(configuration, module, create);
  const auto definition = definition_of(module);
  migrate::Deployment deployment(*connection, definition, clock);
  if (options.may_migrate) {
    auto execution = execute_options(configuration);
    execution.tool_version = options.tool_version;
    migrate::take_over(deployment, execution);
    migrate::upgrade_all(deployment, execution);
  } else {
    require_nothing_pending(deployment);
  }
}

/// How often to look for events of other processes. Beside a SQLite file these are the few that
/// command-line tools cause.
std::chrono::milliseconds look_every(const store::Store& store) {
  return store.dialect().capabilities().one_writer ? std::chrono::milliseconds(1000)
                                                   : std::chrono::milliseconds(40);
}

/// A module with what it stands on, from below to above.
struct Hosted {
  using Open = std::function<std::unique_ptr<database::Connection>()>;

  Hosted(const std::string& module_name, const Configuration& configuration, const Clock& clock,
         http::WorkerThreads& passwords)
      : name(module_name),
        open([configuration, module_name] {
          return open_namespace(configuration, module_name, Create::Never);
        }),
        store(open, clock),
        feed(store, open, clock, look_every(store)),
        housekeeping(store, clock,
                     std::chrono::days(configuration.number("events.keep_days", 1, 3650))),
        module(make_module(name, configuration,
                           {.store = store, .feed = feed, .clock = clock, .passwords = passwords})),
        webhook_part(module->webhook_part()),
        webhooks(dispatcher(configuration, clock)) {}

  /// Sends the module's events to those who subscribed; null: nobody can.
  std::unique_ptr<api::webhooks::Dispatcher> dispatcher(const Configuration& configuration,
                                                        const Clock& clock) {
    if (!webhook_part) return nullptr;
    return std::make_unique<api::webhooks::Dispatcher>(
        store, feed, clock,
        api::webhooks::DispatcherOptions{
            .settings = {.allow_private = configuration.truth("webhooks.allow_private")},
            .eyes_of = webhook_part->eyes_of,
            .formats = webhook_part->formats,
            .chance = {}});
  }

  /// Has `/metrics` tell of it.
  void watch(http::Metrics& metrics) const {
    const auto metric = [&](std::string_view rest) {
      return fmt::format("parley_{}_{}", name, rest);
    };
    metrics.add_gauge(metric("waiting_writes"), "Writes that wait for the database",
                      [this] { return static_cast<double>(store.load().waiting_writes); });
    metrics.add_counter(metric("writes_total"), "Writes committed",
                        [this] { return static_cast<double>(store.load().writes); });
    metrics.add_counter(metric("transactions_total"), "Transactions they shared",
                        [this] { return static_cast<double>(store.load().transactions); });
    metrics.add_gauge(metric("subscribers"), "Clients on the event stream",
                      [this] { return static_cast<double>(feed.subscribers()); });
  }

  const std::string name;
  const Open open;
  store::Store store;
  api::EventFeed feed;
  api::Housekeeping housekeeping;
  std::unique_ptr<api::ServedModule> module;
  const std::optional<api::WebhookPart> webhook_part;
  std::unique_ptr<api::webhooks::Dispatcher> webhooks;
};

http::Response liveness(const http::Request&) {
  return http::Response::json(200, {{"status", "ok"}});
}

/// Asks one store after the other; the first that does not answer is the answer.
void ask_each(const std::vector<store::Store*>& stores, std::size_t next,
              const api::Exchange& exchange) {
  if (next == stores.size()) return exchange.answer(liveness(exchange.request()));
  api::then_read(
      *stores[next], exchange,
      [](database::Connection& connection) { database::query(connection, "SELECT 1"); },
      [stores, next, exchange] { ask_each(stores, next + 1, exchange); });
}

http::Handler readiness(std::vector<store::Store*> stores) {
  return [stores = std::move(stores)](auto request, const auto& respond) {
    ask_each(stores, 0, api::Exchange(request, respond, http::problem_response));
  };
}

http::Operation health_operation(std::string id, std::string summary) {
  return {.id = std::move(id),
          .summary = std::move(summary),
          .tag = "server",
          .access = http::Access::Public,
          .answers = {{200, "It does.", json_schema::object({{"status", json_schema::text()}})}},
          .problems = {503}};
}

}  // namespace

struct Service::State {
  State(const Configuration& configuration, const Clock& clock)
      : passwords(kPasswordThreads, kPasswordQueueMax) {
    for (const std::string& name : module_names()) {
      modules.push_back(std::make_unique<Hosted>(name, configuration, clock, passwords));
      modules.back()->watch(metrics);
    }
  }

  http::Metrics metrics;
  http::WorkerThreads passwords;
  std::vector<std::unique_ptr<Hosted>> modules;
  http::Router router;
  std::unique_ptr<http::Server> server;
  http::ServerOptions listen;
};

Service::Service(const Configuration& configuration, const Clock& clock,
                 const ServiceOptions& options) {
  auto listen = http_settings(configuration);
  for (const std::string& module : module_names())
    prepare_schema(configuration, module, clock, options);
  state_ = std::make_unique<State>(configuration, clock);
  listen.metrics = &state_->metrics;
  state_->listen = listen;
  for (const auto& hosted : state_->modules) hosted->module->add_routes(state_->router);
  add_stream(clock);
  add_webhooks(clock);
  add_operations(configuration, options);
  state_->server = std::make_unique<http::Server>(state_->listen, state_->router);
}

void Service::add_stream(const Clock& clock) {
  std::vector<api::StreamSource> sources;
  for (const auto& hosted : state_->modules) {
    sources.push_back(hosted->module->stream_source(hosted->feed));
  }
  for (http::Route& route : api::stream_routes(std::move(sources), clock)) {
    std::string path = route.pattern;
    state_->router.add_group(std::move(path), {std::move(route)});
  }
}

void Service::add_webhooks(const Clock& clock) {
  std::vector<api::webhooks::Source> sources;
  for (const auto& hosted : state_->modules) {
    if (!hosted->webhooks) continue;
    sources.push_back({.module = hosted->name,
                       .store = hosted->store,
                       .dispatcher = *hosted->webhooks,
                       .identify = hosted->webhook_part->identify});
  }
  state_->router.add_group(std::string(api::webhooks::kPrefix),
                           api::webhooks::routes(std::move(sources), clock));
}

/// Ready means that every module's database answers; alive, that the process does.
void Service::add_operations(const Configuration& configuration, const ServiceOptions& options) {
  http::Router& router = state_->router;
  router.add_group(
      "/healthz",
      {{"GET", "/healthz", [](auto request, const auto& respond) { respond(liveness(*request)); },
        health_operation("isAlive", "Whether the server lives")}});
  std::vector<store::Store*> stores;
  for (const auto& hosted : state_->modules) stores.push_back(&hosted->store);
  router.add_group("/readyz", {{"GET", "/readyz", readiness(std::move(stores)),
                                health_operation("isReady", "Whether the databases answer")}});
  router.add_group("/metrics",
                   {http::metrics_route(state_->metrics, configuration.text("metrics.token"))});
  router.add_group(
      "/openapi.json",
      {http::openapi_route(router, {.title = "Parley",
                                    .version = options.tool_version,
                                    .description = "Conversations: live support chat."})});
}

Service::~Service() = default;

const http::Router& Service::router() const { return state_->router; }

std::string Service::address() const {
  const std::string& host = state_->listen.address;
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", state_->listen.tls_certificate.empty() ? "http" : "https",
                     is_v6 ? "[" : "", host, is_v6 ? "]" : "", state_->server->port());
}

void Service::start() {
  for (const auto& hosted : state_->modules) {
    hosted->module->start();
    if (hosted->webhooks) hosted->webhooks->start();
  }
  state_->server->start();
}

bool Service::renew_certificate() { return state_->server->renew_certificate(); }

void Service::stop() {
  state_->server->stop();
  for (const auto& hosted : state_->modules) {
    if (hosted->webhooks) hosted->webhooks->stop();
    hosted->module->stop();
  }
}

}  // namespace parley::app
