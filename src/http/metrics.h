#pragma once

// What the server and the layers under it measure, and the text that Prometheus reads. The library
// stays in metrics.cpp; other layers hand in functions that tell a number, or get one to report to.
// Any thread, except where said.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "http/message.h"
#include "http/router.h"

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

namespace parley::http {

class Metrics {
 public:
  using Reading = std::function<double()>;
  using Observer = std::function<void(double)>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// A number that goes up and down, told by `reading` at every `text()`, from its thread. What
  /// `reading` refers to must live as long as texts are made. Requires: `name` is new.
  void add_gauge(const std::string& name, const std::string& help, Reading reading);

  /// The same for a number that only grows; `name` ends with `_total`.
  void add_counter(const std::string& name, const std::string& help, Reading reading);

  /// A distribution: what is returned takes each value, on any thread, as long as this object
  /// lives. `bounds` rise. Requires: `name` is new.
  Observer add_histogram(const std::string& name, const std::string& help,
                         const std::vector<double>& bounds);

  /// All of it in the Prometheus text format, version 0.0.4.
  std::string text() const;

 private:
  friend class RequestMetrics;
  friend class ConnectionCount;

  void connection_opened();
  void connection_closed();

  struct State;
  std::unique_ptr<State> state_;
};

/// The requests that one I/O thread has answered. Looks each kind of request up only once. One
/// thread; one object per thread.
class RequestMetrics {
 public:
  /// `metrics` must outlive this object; null: nothing is counted.
  explicit RequestMetrics(Metrics* metrics) : metrics_(metrics) {}

  /// Counts one: by method, the route's pattern and the answer's status.
  void count(const Request& request, const Response& response, std::size_t bytes_sent,
             std::chrono::steady_clock::duration took);

 private:
  using Kind = std::tuple<const char*, std::string_view, int>;  ///< Pattern, method, status.
  struct Series {
    prometheus::Counter* requests;
    prometheus::Histogram* seconds;
  };

  Series series_of(std::string_view route, std::string_view method, int status);

  Metrics* const metrics_;
  std::map<Kind, Series> series_;
};

/// `GET /metrics` for callers that show `Authorization: Bearer <token>`; with an empty token, for
/// callers on this machine. `metrics` must outlive the router.
Route metrics_route(const Metrics& metrics, std::string token);

}  // namespace parley::http
