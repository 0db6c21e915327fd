#include "http/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <sstream>

#include "base/check.h"
#include "base/crypto.h"
#include "base/json_schema.h"

namespace parley::http {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

const prometheus::Histogram::BucketBoundaries kSecondsBounds{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

constexpr auto kMethods =
    std::to_array<std::string_view>({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"});

/// Clients may invent methods, and each would be a series of its own.
std::string_view known_method(std::string_view method) {
  const auto known = std::ranges::find(kMethods, method);
  return known == kMethods.end() ? "other" : *known;
}

/// A number that somebody else keeps.
struct Told {
  std::string name;
  std::string help;
  MetricType type;
  Metrics::Reading reading;
};

MetricFamily family_of(const Told& told) {
  prometheus::ClientMetric metric;
  const double value = told.reading();
  if (told.type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return {told.name, told.help, told.type, {metric}};
}

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("parley_http_requests_total")
          .Help("Requests answered, by method, route and status.")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("parley_http_request_seconds")
          .Help("Time from a request's first byte to the last of its answer.")
          .Register(registry);
  prometheus::Gauge& connections = prometheus::BuildGauge()
                                       .Name("parley_http_connections_open")
                                       .Help("Connections open now.")
                                       .Register(registry)
                                       .Add({});
  prometheus::Counter& received = prometheus::BuildCounter()
                                      .Name("parley_http_received_body_bytes_total")
                                      .Help("Bytes of request bodies.")
                                      .Register(registry)
                                      .Add({});
  prometheus::Counter& sent = prometheus::BuildCounter()
                                  .Name("parley_http_sent_body_bytes_total")
                                  .Help("Bytes of answer bodies, as they were sent.")
                                  .Register(registry)
                                  .Add({});
  std::mutex mutex;
  std::vector<Told> told;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

void Metrics::add_gauge(const std::string& name, const std::string& help, Reading reading) {
  const std::lock_guard lock(state_->mutex);
  state_->told.push_back({name, help, MetricType::Gauge, std::move(reading)});
}

void Metrics::add_counter(const std::string& name, const std::string& help, Reading reading) {
  PARLEY_CHECK(name.ends_with("_total"));
  const std::lock_guard lock(state_->mutex);
  state_->told.push_back({name, help, MetricType::Counter, std::move(reading)});
}

Metrics::Observer Metrics::add_histogram(const std::string& name, const std::string& help,
                                         const std::vector<double>& bounds) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
  auto& histogram = family.Add({}, bounds);
  return [&histogram](double value) { histogram.Observe(value); };
}

std::string Metrics::text() const {
  auto families = state_->registry.Collect();
  {
    const std::lock_guard lock(state_->mutex);
    for (const Told& told : state_->told) families.push_back(family_of(told));
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return text.str();
}

void Metrics::connection_opened() { state_->connections.Increment(); }

void Metrics::connection_closed() { state_->connections.Decrement(); }

void RequestMetrics::count(const Request& request, const Response& response, std::size_t bytes_sent,
                           std::chrono::steady_clock::duration took) {
  if (metrics_ == nullptr) return;
  const std::string_view method = known_method(request.method);
  const Kind kind{request.route.data(), method, response.status};
  auto series = series_.find(kind);
  if (series == series_.end()) {
    series = series_.emplace(kind, series_of(request.route, method, response.status)).first;
  }
  series->second.requests->Increment();
  series->second.seconds->Observe(std::chrono::duration<double>(took).count());
  Metrics::State& state = *metrics_->state_;
  if (!request.body.empty()) state.received.Increment(static_cast<double>(request.body.size()));
  if (request.method != "HEAD") state.sent.Increment(static_cast<double>(bytes_sent));
}

RequestMetrics::Series RequestMetrics::series_of(std::string_view route, std::string_view method,
                                                 int status) {
  Metrics::State& state = *metrics_->state_;
  const std::string pattern(route.empty() ? "none" : route);
  auto& requests = state.requests.Add(
      {{"method", std::string(method)}, {"route", pattern}, {"status", std::to_string(status)}});
  auto& seconds =
      state.seconds.Add({{"method", std::string(method)}, {"route", pattern}}, kSecondsBounds);
  return {&requests, &seconds};
}

Route metrics_route(const Metrics& metrics, std::string token) {
  const auto may_read = [token](const Request& request) {
    if (token.empty()) return request.peer_is_loopback;
    return equal_constant_time(request.header("Authorization"), "Bearer " + token);
  };
  return {"GET",
          "/metrics",
          [&metrics, may_read](auto request, const auto& respond) {
            if (!may_read(*request)) throw forbidden("The metrics are not for this caller.");
            Response response;
            response.content_type = "text/plain; version=0.0.4; charset=utf-8";
            response.body = metrics.text();
            respond(std::move(response));
          },
          {.id = "getMetrics",
           .summary = "What the server measures, for Prometheus",
           .tag = "server",
           .access = token.empty() ? Access::Public : Access::Token,
           .answers = {{.status = 200,
                        .meaning = "The Prometheus text format, version 0.0.4.",
                        .schema = json_schema::text(),
                        .content_type = "text/plain"}},
           .problems = {403}}};
}

}  // namespace parley::http
