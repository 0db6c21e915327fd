#include "http/server.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <thread>

#include "base/ids.h"
#include "base/log.h"
#include "http/metrics.h"
#include "support/http_client.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using test::HttpAnswer;
using test::HttpClient;

/// Requests whose answers a test gives when it likes.
class HeldRequests {
 public:
  struct Held {
    std::shared_ptr<Request> request;
    Responder responder;
  };

  void hold(std::shared_ptr<Request> request, Responder responder) {
    const std::lock_guard lock(mutex_);
    held_.push_back({std::move(request), std::move(responder)});
    changed_.notify_all();
  }

  /// Waits for the next one.
  Held take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !held_.empty(); });
    Held held = std::move(held_.front());
    held_.pop_front();
    return held;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Held> held_;
};

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

Response one_line_style(const Problem& problem, const Request&) {
  Response response = text("one line: " + problem.code);
  response.status = problem.status;
  return response;
}

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::Off);
    router_.add_group("", {{"GET", "/word/{word}", answer_word},
                           {"POST", "/echo", answer_body},
                           {"GET", "/seen", answer_seen},
                           {"GET", "/empty", answer_nothing},
                           {"GET", "/dropped", [](auto, auto) {}},
                           {"GET", "/held/{name}", [this](auto request, auto responder) {
                              held_.hold(std::move(request), std::move(responder));
                            }}});
    router_.add_group("/lines", {{"POST", "/lines/echo", answer_body}}, one_line_style);
    options_.port = 0;
  }

  void TearDown() override {
    server_.reset();
    log::set_level(log::Level::Info);
  }

  static void answer_word(std::shared_ptr<Request> request, Responder responder) {
    responder(text(request->path_values.at("word")));
  }
  static void answer_body(std::shared_ptr<Request> request, Responder responder) {
    responder(text(request->body));
  }
  static void answer_nothing(std::shared_ptr<Request>, Responder responder) {
    Response response;
    response.status = 204;
    responder(response);
  }
  static void answer_seen(std::shared_ptr<Request> request, Responder responder) {
    responder(Response::json(200, JsonObject{{"peer", request->peer},
                                             {"loopback", request->peer_is_loopback},
                                             {"id", request->id},
                                             {"q", request->query["q"]},
                                             {"header", request->header("x-header")}}));
  }

  void start() {
    server_.emplace(options_, router_);
    server_->start();
  }

  HttpClient connect() { return HttpClient(server_->port()); }

  /// The answer to exactly these bytes; expects that the server closes the connection behind it.
  HttpAnswer refusal_of(std::string_view bytes) {
    HttpClient client = connect();
    client.send(bytes);
    HttpAnswer answer = client.read();
    EXPECT_EQ(answer.header("Connection"), "close") << bytes;
    client.finish_sending();
    EXPECT_TRUE(client.is_closed_by_server()) << bytes;
    return answer;
  }

  Router router_;
  ServerOptions options_;
  HeldRequests held_;
  std::optional<Server> server_;
};

TEST_F(ServerTest, AnswersWithItsHeaders) {
  start();
  const HttpAnswer answer = test::http_call(server_->port(), "GET", "/word/hello%20you");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello you");
  EXPECT_EQ(answer.header("Content-Type"), "text/plain");
  EXPECT_EQ(answer.header("Content-Length"), "9");
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.header("Date").size(), 29u);
  EXPECT_EQ(answer.header("Connection"), "");
}

TEST_F(ServerTest, HandsTheRequestOver) {
  start();
  const JsonObject seen =
      test::http_call(server_->port(), "GET", "/seen?q=a+b", {{"X-Header", "value"}})
          .json()
          .as_object();
  EXPECT_EQ(seen.at("peer"), "127.0.0.1");
  EXPECT_EQ(seen.at("loopback"), true);
  EXPECT_EQ(seen.at("q"), "a b");
  EXPECT_EQ(seen.at("header"), "value");
}

TEST_F(ServerTest, SendsTheRequestIdBack) {
  start();
  HttpClient client = connect();
  const HttpAnswer answer = client.call("GET", "/seen", {{"X-Request-Id", "my-id"}});
  EXPECT_EQ(answer.header("X-Request-Id"), "my-id");
  EXPECT_EQ(answer.json().at("id"), "my-id");
}

TEST_F(ServerTest, MakesARequestIdWhenTheGivenOneIsUnusable) {
  start();
  HttpClient client = connect();
  for (const std::string& id : {std::string(), std::string(129, 'x'), std::string("two words"),
                                std::string("caf\xc3\xa9")}) {
    EXPECT_TRUE(is_uuid(client.call("GET", "/seen", {{"X-Request-Id", id}}).header("X-Request-Id")))
        << id;
  }
}

TEST_F(ServerTest, KeepsTheConnectionAlive) {
  start();
  HttpClient client = connect();
  EXPECT_EQ(client.call("GET", "/word/one").body, "one");
  EXPECT_EQ(client.call("GET", "/nowhere").status, 404);
  EXPECT_EQ(client.call("DELETE", "/word/one").header("Allow"), "GET, HEAD");
  EXPECT_EQ(client.call("POST", "/echo", {}, "body").body, "body");
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  HttpClient client = connect();
  client.send(
      "GET /held/first HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nsecond"
      "GET /word/third HTTP/1.1\r\nHost: h\r\n\r\n");
  held_.take().responder(text("first"));
  EXPECT_EQ(client.read().body, "first");
  EXPECT_EQ(client.read().body, "second");
  EXPECT_EQ(client.read().body, "third");
}

TEST_F(ServerTest, ClosesWhenTheClientAsksForIt) {
  start();
  HttpClient client = connect();
  EXPECT_EQ(client.call("GET", "/word/x", {{"Connection", "close"}}).header("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, ClosesAfterHttp10) {
  start();
  HttpClient client = connect();
  client.send("GET /word/old HTTP/1.0\r\n\r\n");
  const HttpAnswer answer = client.read();
  EXPECT_EQ(answer.body, "old");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, AnswersHeadWithoutTheBody) {
  start();
  HttpClient client = connect();
  const HttpAnswer head = client.call("HEAD", "/word/hello");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "5");
  EXPECT_EQ(client.call("GET", "/word/next").body, "next");
}

TEST_F(ServerTest, Answers204WithoutABody) {
  start();
  HttpClient client = connect();
  EXPECT_EQ(client.call("GET", "/empty").header("Content-Length"), "");
  EXPECT_EQ(client.call("GET", "/word/next").body, "next");
}

TEST_F(ServerTest, ReadsChunkedBodies) {
  start();
  HttpClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const std::string_view piece : {"3\r\nab", "c\r", "\n2\r\nde\r\n", "0\r\n", "\r", "\n"}) {
    client.send(piece);
  }
  EXPECT_EQ(client.read().body, "abcde");
  EXPECT_EQ(client.call("GET", "/word/next").body, "next");
}

TEST_F(ServerTest, ReadsAndAnswersLargeBodies) {
  options_.body_bytes_max = 8 << 20;
  start();
  const std::string body(options_.body_bytes_max, 'x');
  EXPECT_EQ(test::http_call(server_->port(), "POST", "/echo", {}, body).body, body);
}

TEST_F(ServerTest, AsksForABodyThatTheClientHoldsBack) {
  start();
  HttpClient client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("body");
  EXPECT_EQ(client.read().body, "body");
}

TEST_F(ServerTest, RefusesALargeBodyBeforeItIsSent) {
  options_.body_bytes_max = 3;
  start();
  EXPECT_EQ(refusal_of("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                       "Expect: 100-continue\r\n\r\n")
                .status,
            413);
}

TEST_F(ServerTest, AnswersALargeBodyInTheStyleOfItsPath) {
  options_.body_bytes_max = 3;
  start();
  const std::string head = " HTTP/1.1\r\nHost: h\r\nX-Request-Id: big\r\nContent-Length: 4\r\n\r\n";
  const HttpAnswer answer = refusal_of("POST /lines/echo" + head + "body");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "one line: payload_too_large");
  EXPECT_EQ(answer.header("X-Request-Id"), "big");
  EXPECT_EQ(refusal_of("POST /echo" + head + "body").header("Content-Type"),
            "application/problem+json");
}

TEST_F(ServerTest, TheAnswerToALargeBodyIsNotLostWhileTheClientStillSends) {
  start();
  HttpClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n");
  client.send(std::string(8'000'000, 'x'));
  EXPECT_EQ(client.read().status, 413);
}

TEST_F(ServerTest, RefusesWhatItCannotRead) {
  start();
  EXPECT_EQ(refusal_of("NONSENSE\r\n\r\n").status, 400);
  EXPECT_EQ(refusal_of("GET /word/x HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(refusal_of("GET /word/%zz HTTP/1.1\r\nHost: h\r\n\r\n").status, 400);
  EXPECT_EQ(refusal_of("GET /word/%00 HTTP/1.1\r\nHost: h\r\n\r\n").status, 400);
  EXPECT_EQ(refusal_of("GET /word/%ff HTTP/1.1\r\nHost: h\r\n\r\n").status, 400);
  EXPECT_EQ(refusal_of("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .status,
            400);
}

TEST_F(ServerTest, LimitsTargetAndHeaders) {
  start();
  EXPECT_EQ(refusal_of("GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n").status,
            414);
  EXPECT_EQ(
      refusal_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").status,
      431);
}

TEST_F(ServerTest, DoesNotResolveDotSegments) {
  start();
  EXPECT_EQ(test::http_call(server_->port(), "GET", "/x/../word/y").status, 404);
  EXPECT_EQ(test::http_call(server_->port(), "GET", "/word/..").body, "..");
}

TEST_F(ServerTest, ClosesAnIdleConnectionSilently) {
  options_.idle_timeout = 50ms;
  start();
  HttpClient client = connect();
  EXPECT_EQ(client.call("GET", "/word/x").status, 200);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, EmptyLinesDoNotKeepAConnectionOpen) {
  options_.idle_timeout = 100ms;
  start();
  HttpClient client = connect();
  const auto begin = std::chrono::steady_clock::now();
  while (!client.has_news_within(10ms) && std::chrono::steady_clock::now() - begin < 5s) {
    client.send("\r\n");
  }
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, AnswersARequestThatDoesNotArriveWith408) {
  options_.request_timeout = 50ms;
  start();
  EXPECT_EQ(refusal_of("GET /word/x HTTP/1.1\r\nHo").status, 408);
  EXPECT_EQ(refusal_of("POST /lines/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx").body,
            "one line: request_timeout");
}

TEST_F(ServerTest, ATrickleOfBytesDoesNotExtendTheTime) {
  options_.request_timeout = 100ms;
  start();
  HttpClient client = connect();
  client.send("GET /word/x HTTP/1.1\r\nX: ");
  const auto begin = std::chrono::steady_clock::now();
  while (!client.has_news_within(10ms) && std::chrono::steady_clock::now() - begin < 5s) {
    client.send("x");
  }
  EXPECT_EQ(client.read().status, 408);
}

TEST_F(ServerTest, AHandlerMayTakeLongerThanAllTimeouts) {
  options_.idle_timeout = 50ms;
  options_.request_timeout = 50ms;
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = held_.take();
  EXPECT_FALSE(client.has_news_within(150ms));
  held.responder(text("late"));
  EXPECT_EQ(client.read().body, "late");
}

TEST_F(ServerTest, EndsAConnectionWhoseClientDoesNotReadItsAnswer) {
  options_.request_timeout = 100ms;
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  auto held = held_.take();
  // More than the socket buffers of both ends hold.
  held.responder(text(std::string(64 << 20, 'x')));
  server_->stop(10s);
  EXPECT_THROW(client.read(), std::runtime_error);
}

TEST_F(ServerTest, AnswersFromAnotherThread) {
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  std::thread worker([held = held_.take()] { held.responder(text("from elsewhere")); });
  EXPECT_EQ(client.read().body, "from elsewhere");
  worker.join();
}

TEST_F(ServerTest, IgnoresASecondAnswer) {
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = held_.take();
  held.responder(text("first"));
  held.responder(text("second"));
  EXPECT_EQ(client.read().body, "first");
  EXPECT_EQ(client.call("GET", "/word/next").body, "next");
}

TEST_F(ServerTest, AnswersForAHandlerThatForgets) {
  start();
  const HttpAnswer answer = test::http_call(server_->port(), "GET", "/dropped");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.json().at("code"), "internal");
}

TEST_F(ServerTest, SurvivesAClientThatLeavesBeforeTheAnswer) {
  options_.threads = 1;
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = held_.take();
  client.close();
  held.responder(text(std::string(1 << 20, 'x')));
  EXPECT_EQ(test::http_call(server_->port(), "GET", "/word/still").body, "still");
}

TEST_F(ServerTest, ServesManyConnectionsAtOnce) {
  constexpr int kClients = 200;
  start();
  std::vector<HttpClient> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(connect());
    clients.back().send(fmt::format("GET /held/{} HTTP/1.1\r\nHost: h\r\n\r\n", i));
  }
  std::vector<HeldRequests::Held> batch;
  for (int i = 0; i < kClients; ++i) batch.push_back(held_.take());
  for (auto& held : batch) held.responder(text(held.request->path_values.at("name")));
  for (std::size_t i = 0; i < clients.size(); ++i) {
    EXPECT_EQ(clients[i].read().body, std::to_string(i));
    EXPECT_EQ(clients[i].call("GET", "/word/again").body, "again");
  }
}

TEST_F(ServerTest, RefusesConnectionsBeyondTheMost) {
  options_.connections_max = 2;
  start();
  HttpClient first = connect();
  HttpClient second = connect();
  EXPECT_EQ(first.call("GET", "/word/1").status, 200);
  EXPECT_EQ(second.call("GET", "/word/2").status, 200);
  HttpClient third = connect();
  const HttpAnswer answer = third.read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(answer.json().at("code"), "too_many_connections");
  EXPECT_TRUE(third.is_closed_by_server());
  EXPECT_EQ(first.call("GET", "/word/1").status, 200);
}

TEST_F(ServerTest, RefusesConnectionsBeyondTheMostOfAnAddress) {
  options_.connections_per_address_max = 1;
  start();
  HttpClient first = connect();
  EXPECT_EQ(first.call("GET", "/word/1").status, 200);
  EXPECT_EQ(connect().read().status, 503);
  first.close();
  // The place is free again as soon as the server has noticed.
  const auto is_welcome = [this] {
    HttpClient next = connect();
    return !next.has_news_within(20ms) && next.call("GET", "/word/1").status == 200;
  };
  const auto begin = std::chrono::steady_clock::now();
  bool is_free = false;
  while (!is_free && std::chrono::steady_clock::now() - begin < 5s) is_free = is_welcome();
  EXPECT_TRUE(is_free);
}

TEST_F(ServerTest, AnswersABrowsersPreflightAndLetsPagesReadErrors) {
  options_.cors = Cors("https://app.example");
  start();
  HttpClient client = connect();
  const HttpAnswer preflight =
      client.call("OPTIONS", "/word/x",
                  {{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "GET"}});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "https://app.example");
  for (const char* path : {"/word/x", "/nowhere", "/dropped"}) {
    const HttpAnswer answer = client.call("GET", path, {{"Origin", "https://app.example"}});
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://app.example") << path;
    EXPECT_EQ(answer.header("Vary"), "Origin") << path;
  }
  client.send("GET / HTTP/1.1\r\nOrigin: https://app.example\r\n\r\n");
  const HttpAnswer refusal = client.read();
  EXPECT_EQ(refusal.status, 400);
  EXPECT_EQ(refusal.header("Access-Control-Allow-Origin"), "https://app.example");
}

TEST_F(ServerTest, CompressesLargeAnswersForHeadAsForGet) {
  start();
  HttpClient client = connect();
  const std::string path = "/word/" + std::string(3000, 'x');
  const HttpAnswer get = client.call("GET", path, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(get.header("Content-Encoding"), "gzip");
  EXPECT_LT(get.body.size(), 300u);
  const HttpAnswer head = client.call("HEAD", path, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(head.header("Content-Encoding"), "gzip");
  EXPECT_EQ(head.header("Content-Length"), get.header("Content-Length"));
  EXPECT_EQ(client.call("GET", path).body.size(), 3000u);
  EXPECT_EQ(client.call("GET", "/word/small", {{"Accept-Encoding", "gzip"}}).body, "small");
}

TEST_F(ServerTest, CountsWhatItAnswers) {
  Metrics metrics;
  options_.metrics = &metrics;
  router_.add_group("/metrics", {metrics_route(metrics, "")});
  start();
  HttpClient client = connect();
  client.call("GET", "/word/x");
  client.call("GET", "/word/y");
  client.call("POST", "/echo", {}, "12345");
  const std::string counted = client.call("GET", "/metrics").body;
  for (const char* line : {
           "parley_http_requests_total{method=\"GET\",route=\"/word/{word}\",status=\"200\"} 2\n",
           "parley_http_requests_total{method=\"POST\",route=\"/echo\",status=\"200\"} 1\n",
           "parley_http_received_body_bytes_total 5\n",
           "parley_http_connections_open 1\n",
       }) {
    EXPECT_NE(counted.find(line), std::string::npos) << line << counted;
  }
  server_.reset();
  EXPECT_NE(metrics.text().find("parley_http_connections_open 0\n"), std::string::npos);
}

TEST_F(ServerTest, WritesAnAccessLineWithoutTheQuery) {
  options_.logs_access = true;
  log::set_level(log::Level::Info);
  start();
  testing::internal::CaptureStderr();
  test::http_call(server_->port(), "GET", "/word/a%20b?token=secret",
                  {{"X-Request-Id", "my-id"}, {"Authorization", "Bearer secret"}});
  server_->stop();
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find(" info request method=GET path=/word/a%20b status=200 bytes=3 microseconds="),
            std::string::npos)
      << line;
  EXPECT_NE(line.find(" peer=127.0.0.1 id=my-id\n"), std::string::npos) << line;
  EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

TEST_F(ServerTest, StopClosesIdleConnectionsAndThePort) {
  start();
  HttpClient idle = connect();
  EXPECT_EQ(idle.call("GET", "/word/x").status, 200);
  const std::uint16_t port = server_->port();
  const auto begin = std::chrono::steady_clock::now();
  server_->stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
  EXPECT_TRUE(idle.is_closed_by_server());
  EXPECT_THROW(HttpClient{port}, std::runtime_error);
  server_->stop();
}

TEST_F(ServerTest, StopLetsABegunRequestBeAnswered) {
  // On one thread, an idle connection that was closed says that stop() has reached the busy one
  // too.
  options_.threads = 1;
  start();
  HttpClient idle = connect();
  EXPECT_EQ(idle.call("GET", "/word/x").status, 200);
  HttpClient busy = connect();
  busy.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = held_.take();
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_TRUE(idle.is_closed_by_server());
  held.responder(text("finished"));
  const HttpAnswer answer = busy.read();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(busy.is_closed_by_server());
  EXPECT_EQ(stopped.wait_for(5s), std::future_status::ready);
}

TEST_F(ServerTest, StopReadsABegunRequestToItsEnd) {
  // On one thread, an idle connection that was closed says that stop() has reached the busy one
  // too.
  options_.threads = 1;
  start();
  HttpClient idle = connect();
  HttpClient busy = connect();
  EXPECT_EQ(idle.call("GET", "/word/x").status, 200);
  busy.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(busy.read().status, 100);
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_TRUE(idle.is_closed_by_server());
  busy.send("body");
  EXPECT_EQ(busy.read().body, "body");
}

TEST_F(ServerTest, StopGivesUpAfterTheGrace) {
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = held_.take();
  server_->stop(20ms);
  EXPECT_TRUE(client.is_closed_by_server());
  held.responder(text("too late"));
}

TEST_F(ServerTest, AResponderMayOutliveTheServer) {
  start();
  HttpClient client = connect();
  client.send("GET /held/x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = held_.take();
  server_->stop(0ms);
  server_.reset();
  held.responder(text("too late"));
}

TEST_F(ServerTest, MayEndWithoutHavingStarted) {
  Server server(options_, router_);
  EXPECT_NE(server.port(), 0);
}

TEST_F(ServerTest, RefusesAPortThatIsTaken) {
  start();
  ServerOptions same = options_;
  same.port = server_->port();
  try {
    Server second(same, router_);
    FAIL() << "two servers listen on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
    EXPECT_NE(std::string(error.what()).find(std::to_string(same.port)), std::string::npos);
    EXPECT_NE(error.hint(), "");
  }
}

TEST_F(ServerTest, RefusesAnAddressThatIsNone) {
  options_.address = "localhost.example";
  EXPECT_THROW(Server(options_, router_), Error);
  options_.address = "192.0.2.1";
  EXPECT_THROW(Server(options_, router_), Error);
}

}  // namespace
}  // namespace parley::http
