#include "http/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

Request request_of(const std::string& method, std::string_view route, const std::string& body) {
  Request request;
  request.method = method;
  request.route = route;
  request.body = body;
  return request;
}

Response response_of(int status, const std::string& body) {
  Response response;
  response.status = status;
  response.body = body;
  return response;
}

constexpr std::string_view kRoute = "/sessions/{id}";

TEST(Metrics, CountRequestsByMethodRouteAndStatus) {
  Metrics metrics;
  RequestMetrics one(&metrics);
  RequestMetrics other(&metrics);
  one.count(request_of("GET", kRoute, ""), response_of(200, "12345"), 5, 2ms);
  other.count(request_of("GET", kRoute, ""), response_of(200, ""), 0, 20ms);
  one.count(request_of("GET", kRoute, "123"), response_of(404, ""), 0, 2ms);
  one.count(request_of("HEAD", "", ""), response_of(404, "unsent"), 6, 2ms);
  const std::string text = metrics.text();
  EXPECT_THAT(text,
              HasSubstr("parley_http_requests_total{method=\"GET\",route=\"/sessions/{id}\",status="
                        "\"200\"} 2"));
  EXPECT_THAT(text, HasSubstr("route=\"/sessions/{id}\",status=\"404\"} 1"));
  EXPECT_THAT(text, HasSubstr("{method=\"HEAD\",route=\"none\",status=\"404\"} 1"));
  EXPECT_THAT(text, HasSubstr("parley_http_request_seconds_bucket{method=\"GET\",route="
                              "\"/sessions/{id}\",le=\"0.0025\"} 2"));
  EXPECT_THAT(text, HasSubstr("parley_http_request_seconds_count{method=\"GET\",route="
                              "\"/sessions/{id}\"} 3"));
  EXPECT_THAT(text, HasSubstr("parley_http_sent_body_bytes_total 5\n"));
  EXPECT_THAT(text, HasSubstr("parley_http_received_body_bytes_total 3\n"));
}

TEST(Metrics, AnInventedMethodMakesNoSeriesOfItsOwn) {
  Metrics metrics;
  RequestMetrics requests(&metrics);
  requests.count(request_of("BREW", "", ""), response_of(404, ""), 0, 1ms);
  EXPECT_THAT(metrics.text(), Not(HasSubstr("BREW")));
  EXPECT_THAT(metrics.text(), HasSubstr("{method=\"other\",route=\"none\",status=\"404\"} 1"));
}

TEST(Metrics, TellWhatOtherLayersKeep) {
  Metrics metrics;
  double waiting = 3;
  metrics.add_gauge("parley_store_queue", "Writes that wait.", [&] { return waiting; });
  metrics.add_counter("parley_store_writes_total", "Writes done.", [] { return 7; });
  const auto observe = metrics.add_histogram("parley_store_batch", "Writes per commit.", {1, 10});
  observe(5);
  EXPECT_THAT(metrics.text(), HasSubstr("# TYPE parley_store_queue gauge\nparley_store_queue 3\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("# TYPE parley_store_writes_total counter\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("parley_store_batch_bucket{le=\"10\"} 1\n"));
  waiting = 0;
  EXPECT_THAT(metrics.text(), HasSubstr("parley_store_queue 0\n"));
}

class MetricsRoute : public testing::Test {
 protected:
  int status_for(const std::string& token, bool is_loopback, const std::string& authorization) {
    Router router;
    router.add_group("/metrics", {metrics_route(metrics_, token)});
    auto request = std::make_shared<Request>();
    request->method = "GET";
    request->path = "/metrics";
    request->peer_is_loopback = is_loopback;
    request->headers.emplace_back("Authorization", authorization);
    int status = 0;
    router.handle(request, [&](const Response& response) { status = response.status; });
    return status;
  }

  Metrics metrics_;
};

TEST_F(MetricsRoute, AnswersThisMachineOrTheToken) {
  EXPECT_EQ(status_for("", true, ""), 200);
  EXPECT_EQ(status_for("", false, ""), 403);
  EXPECT_EQ(status_for("", false, "Bearer "), 403);
  EXPECT_EQ(status_for("secret", false, "Bearer secret"), 200);
  EXPECT_EQ(status_for("secret", true, ""), 403);
  EXPECT_EQ(status_for("secret", false, "Bearer secre"), 403);
}

}  // namespace
}  // namespace parley::http
