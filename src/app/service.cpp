#include "app/service.h"

#include <fmt/format.h>

#include "api/housekeeping.h"
#include "api/stream.h"
#include "app/http_settings.h"
#include "app/live_agent_settings.h"
#include "app/modules.h"
#include "app/target.h"
#include "base/error.h"
#include "base/json_schema.h"
#include "base/log.h"
#include "http/metrics.h"
#include "http/openapi.h"
#include "http/router.h"
#include "http/server.h"
#include "http/worker.h"
#include "live_agent/module.h"
#include "migrate/adopt.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "store/store.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;

constexpr std::string_view kLiveAgent = "live_agent";
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

http::Response liveness(const http::Request&) {
  return http::Response::json(200, {{"status", "ok"}});
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
      : passwords(kPasswordThreads, kPasswordQueueMax),
        live_agent_store(
            [configuration] {
              return open_namespace(configuration, std::string(kLiveAgent), Create::Never);
            },
            clock),
        live_agent(live_agent_settings(configuration), live_agent_store, clock, passwords),
        live_agent_feed(
            live_agent_store,
            [configuration] {
              return open_namespace(configuration, std::string(kLiveAgent), Create::Never);
            },
            clock, look_every(live_agent_store)),
        housekeeping(live_agent_store, clock,
                     std::chrono::days(configuration.number("events.keep_days", 1, 3650))) {
    watch(kLiveAgent, live_agent_store, live_agent_feed);
  }

  /// What `/metrics` tells of a module.
  void watch(std::string_view module, const store::Store& store, const api::EventFeed& feed) {
    const auto name = [&](std::string_view rest) {
      return fmt::format("parley_{}_{}", module, rest);
    };
    metrics.add_gauge(name("waiting_writes"), "Writes that wait for the database",
                      [&store] { return static_cast<double>(store.load().waiting_writes); });
    metrics.add_counter(name("writes_total"), "Writes committed",
                        [&store] { return static_cast<double>(store.load().writes); });
    metrics.add_counter(name("transactions_total"), "Transactions they shared",
                        [&store] { return static_cast<double>(store.load().transactions); });
    metrics.add_gauge(name("subscribers"), "Clients on the event stream",
                      [&feed] { return static_cast<double>(feed.subscribers()); });
  }

  http::Metrics metrics;
  http::WorkerThreads passwords;
  store::Store live_agent_store;
  live_agent::Module live_agent;
  api::EventFeed live_agent_feed;
  api::Housekeeping housekeeping;
  http::Router router;
  std::unique_ptr<http::Server> server;
  http::ServerOptions listen;
};

Service::Service(const Configuration& configuration, const Clock& clock,
                 const ServiceOptions& options) {
  auto listen = http_settings(configuration);
  for (const std::string& module : served_module_names())
    prepare_schema(configuration, module, clock, options);
  state_ = std::make_unique<State>(configuration, clock);
  listen.metrics = &state_->metrics;
  state_->listen = listen;
  state_->live_agent.add_routes(state_->router);
  add_stream(clock);
  // Ready means that the database answers; alive, that the process does.
  state_->router.add_group(
      "/healthz",
      {{"GET", "/healthz", [](auto request, const auto& respond) { respond(liveness(*request)); },
        health_operation("isAlive", "Whether the server lives")}});
  auto& store = state_->live_agent_store;
  state_->router.add_group(
      "/readyz",
      {{"GET", "/readyz",
        http::deferred(
            [&store](auto work, auto done) { store.read(std::move(work), std::move(done)); },
            [](const http::Request& request, database::Connection& connection) {
              database::query(connection, "SELECT 1");
              return liveness(request);
            },
            http::problem_response),
        health_operation("isReady", "Whether the database answers")}});
  state_->router.add_group(
      "/metrics", {http::metrics_route(state_->metrics, configuration.text("metrics.token"))});
  state_->router.add_group(
      "/openapi.json",
      {http::openapi_route(state_->router, {.title = "Parley",
                                            .version = options.tool_version,
                                            .description = "Conversations: live support chat."})});
  state_->server = std::make_unique<http::Server>(state_->listen, state_->router);
}

void Service::add_stream(const Clock& clock) {
  for (http::Route& route :
       api::stream_routes({state_->live_agent.stream_source(state_->live_agent_feed)}, clock)) {
    std::string path = route.pattern;
    state_->router.add_group(std::move(path), {std::move(route)});
  }
}

Service::~Service() = default;

const http::Router& Service::router() const { return state_->router; }

std::string Service::address() const {
  const std::string& host = state_->listen.address;
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", state_->listen.tls_certificate.empty() ? "http" : "https",
                     is_v6 ? "[" : "", host, is_v6 ? "]" : "", state_->server->port());
}

void Service::start() { state_->server->start(); }

void Service::renew_certificate() { state_->server->renew_certificate(); }

void Service::stop() { state_->server->stop(); }

}  // namespace parley::app
