// What a hostile client may put on the wire: requests that two readers could understand
// differently, bytes that would become headers of an answer, and clients that never finish.

#include <gtest/gtest.h>

#include "base/log.h"
#include "http/server.h"
#include "support/http_client.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using test::HttpAnswer;
using test::HttpClient;

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

class Hostile : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::Off);
    const auto secret = [](auto, const auto& respond) { respond(text("secret")); };
    const auto echo = [](auto request, const auto& respond) { respond(text(request->body)); };
    const auto header = [](auto request, const auto& respond) {
      respond(text(std::string(request->header("X"))));
    };
    const auto mirror = [](auto request, const auto& respond) {
      Response response = text("mirrored");
      response.headers.emplace_back("X-Mirror", request->query["x"]);
      respond(std::move(response));
    };
    router_.add_group("", {{"GET", "/secret", secret},
                           {"GET", "/header", header},
                           {"GET", "/mirror", mirror},
                           {"POST", "/echo", echo}});
    options_.port = 0;
    options_.header_bytes_max = 4096;
  }

  void TearDown() override {
    server_.reset();
    log::set_level(log::Level::Info);
  }

  HttpClient connect() {
    if (!server_) {
      server_.emplace(options_, router_);
      server_->start();
    }
    return HttpClient(server_->port());
  }

  /// The one answer to `bytes`, behind which the server closes.
  int only_status_of(std::string_view bytes) {
    HttpClient client = connect();
    client.send(bytes);
    const HttpAnswer answer = client.read();
    EXPECT_EQ(answer.header("Connection"), "close") << bytes;
    EXPECT_NE(answer.body, "secret") << bytes;
    client.finish_sending();
    EXPECT_TRUE(client.is_closed_by_server()) << bytes;
    return answer.status;
  }

  static std::string post(std::string_view fields, std::string_view rest) {
    return fmt::format("POST /echo HTTP/1.1\r\nHost: h\r\n{}\r\n{}", fields, rest);
  }

  Router router_;
  ServerOptions options_;
  std::optional<Server> server_;
};

constexpr std::string_view kHidden = "GET /secret HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(Hostile, AmbiguousLengthsAreRefused) {
  const std::string hidden = fmt::format("0\r\n\r\n{}", kHidden);
  for (const std::string_view fields : {
           "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
           "Content-Length: 4\r\nContent-Length: 5\r\n",
           "Content-Length: 4, 5\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length:\r\n",
           "Content-Length: 99999999999999999999999\r\n",
           "Content-Length : 5\r\n",
           "Transfer-Encoding : chunked\r\n",
           "Transfer-Encoding: chunked\r\n Content-Length: 5\r\n",
       }) {
    const int status = only_status_of(post(fields, hidden));
    EXPECT_TRUE(status == 400 || status == 501) << fields << status;
  }
}

TEST_F(Hostile, OtherTransferEncodingsAreRefused) {
  for (const std::string_view coding : {"gzip, chunked", "chunked, chunked", "xchunked", "identity",
                                        "\vchunked", "chunked;q=1", "\"chunked\""}) {
    const int status = only_status_of(post(fmt::format("Transfer-Encoding: {}\r\n", coding),
                                           fmt::format("0\r\n\r\n{}", kHidden)));
    EXPECT_TRUE(status == 400 || status == 501) << coding << status;
  }
  EXPECT_EQ(only_status_of("POST /echo HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "0\r\n\r\n"),
            400);
}

TEST_F(Hostile, BareLineFeedsEndNothing) {
  EXPECT_EQ(only_status_of("GET /header HTTP/1.1\nHost: h\n\n"), 400);
  EXPECT_EQ(only_status_of("GET /header HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"), 400);
  EXPECT_EQ(only_status_of("GET /header HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n"), 400);
  options_.request_timeout = 100ms;
  server_.reset();
  EXPECT_EQ(only_status_of(post("Transfer-Encoding: chunked\r\n", "1\na\n0\n\n")), 408);
}

TEST_F(Hostile, NulBytesAndNonsenseInTheHeaderAreRefused) {
  const std::string nul(1, '\0');
  for (const std::string& field :
       {"X: a" + nul + "b", "X" + nul + ": a", std::string("X Y: a"), std::string(": a"),
        std::string("X\x7f: a"), std::string("no colon")}) {
    EXPECT_EQ(only_status_of("GET /header HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n"), 400)
        << field;
  }
  EXPECT_EQ(only_status_of("GET /header HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n"), 400);
  EXPECT_EQ(only_status_of("GET  /header HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(only_status_of("GET /header  HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(only_status_of("GET /header\r\n\r\n"), 400);
  EXPECT_EQ(only_status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
}

TEST_F(Hostile, AFoldedFieldIsOneFieldOrRefused) {
  HttpClient client = connect();
  client.send("GET /header HTTP/1.1\r\nHost: h\r\nX: a\r\n  Authorization: b\r\n\r\n");
  const HttpAnswer answer = client.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "a Authorization: b");
}

TEST_F(Hostile, ChunksThatAreNoneAreRefused) {
  for (const std::string_view body :
       {"g\r\nx\r\n0\r\n\r\n", "-1\r\nx\r\n0\r\n\r\n", "0x1\r\nx\r\n0\r\n\r\n",
        "1\r\nxx\r\n0\r\n\r\n", " 1\r\nx\r\n0\r\n\r\n", "1 1\r\nx\r\n0\r\n\r\n",
        "\r\n0\r\n\r\n00000", "1\rx\r\n0\r\n\r\n"}) {
    EXPECT_EQ(only_status_of(post("Transfer-Encoding: chunked\r\n", body)), 400) << body;
  }
}

TEST_F(Hostile, AChunkLargerThanMemoryIsRefusedAtItsHead) {
  for (const std::string_view size : {"FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", "100000001",
                                      "10000000000000000", "00000000000000000000000000200000"}) {
    const int status = only_status_of(
        post("Transfer-Encoding: chunked\r\n", fmt::format("{}\r\nsome bytes", size)));
    EXPECT_TRUE(status == 400 || status == 413) << size << status;
  }
}

TEST_F(Hostile, ChunkExtensionsAndTrailersAreBounded) {
  HttpClient client = connect();
  client.send(post("Transfer-Encoding: chunked\r\n",
                   "1;name=value\r\na\r\n0\r\nAuthorization: forged\r\n\r\n"));
  EXPECT_EQ(client.read().body, "a");
  std::string extended;
  for (int i = 0; i < 100; ++i) extended += "1;e=" + std::string(100, 'x') + "\r\na\r\n";
  EXPECT_EQ(only_status_of(post("Transfer-Encoding: chunked\r\n", extended)), 431);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 100; ++i) trailers += "X: " + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(only_status_of(post("Transfer-Encoding: chunked\r\n", trailers)), 431);
}

TEST_F(Hostile, HeadersAreBoundedInBytesAndNumber) {
  std::string many;
  for (int i = 0; i < 200; ++i) many += "X: y\r\n";
  EXPECT_EQ(only_status_of("GET /header HTTP/1.1\r\nHost: h\r\n" + many + "\r\n"), 431);
  EXPECT_EQ(only_status_of("GET /header HTTP/1.1\r\nHost: h\r\nX: " + std::string(5000, 'y') +
                           "\r\n\r\n"),
            431);
  EXPECT_EQ(only_status_of("GET /" + std::string(9000, 'y') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
  EXPECT_EQ(only_status_of(std::string(5000, 'G')), 414);
}

TEST_F(Hostile, APathInDisguiseReachesNothingElse) {
  HttpClient client = connect();
  for (const std::string_view path :
       {"//secret", "/./secret", "/x/../secret", "/%2e/secret", "/x/%2e%2e/secret", "/secret/",
        "/SECRET", "/secret;x", "/secret%20", "http://h//secret", "/http://h/secret"}) {
    const HttpAnswer answer = client.call("GET", path);
    EXPECT_EQ(answer.status, 404) << path;
  }
  for (const std::string_view path : {"/%2fsecret", "/x%2f..%2Fsecret", "/secret%00", "/secret%",
                                      "secret", "ftp://h/secret", "/%c0%af"}) {
    EXPECT_EQ(only_status_of(fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", path)), 400) << path;
  }
  EXPECT_EQ(client.call("GET", "http://elsewhere/secret").body, "secret");
  EXPECT_EQ(client.call("GET", "/%73ecret").body, "secret");
}

TEST_F(Hostile, NothingOfTheRequestBecomesAHeaderOfTheAnswer) {
  HttpClient client = connect();
  const HttpAnswer answer = client.call("GET", "/mirror?x=a%0d%0aSet-Cookie:%20forged");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Set-Cookie"), "");
  EXPECT_EQ(answer.header("X-Mirror"), "");
  EXPECT_EQ(client.call("GET", "/mirror?x=fine").header("X-Mirror"), "fine");
  EXPECT_EQ(client.call("GET", "/nothing%0d%0aSet-Cookie:%20forged").header("Set-Cookie"), "");
}

TEST_F(Hostile, WhatComesBehindARefusalIsNotRead) {
  EXPECT_EQ(only_status_of(fmt::format("NONSENSE\r\n\r\n{}{}", kHidden, kHidden)), 400);
  options_.body_bytes_max = 3;
  server_.reset();
  EXPECT_EQ(only_status_of(post("Content-Length: 33\r\n", kHidden)), 413);
}

TEST_F(Hostile, SlowClientsAreEndedInTime) {
  options_.request_timeout = 150ms;
  options_.idle_timeout = 60s;
  for (const std::string_view beginning : {"G", "GET /header HTTP/1.1\r\nHost: h\r\nX: ",
                                           "POST /echo HTTP/1.1\r\nHost: h\r\n"
                                           "Content-Length: 1000\r\n\r\n",
                                           "POST /echo HTTP/1.1\r\nHost: h\r\n"
                                           "Transfer-Encoding: chunked\r\n\r\n3e8\r\n"}) {
    HttpClient client = connect();
    client.send(beginning);
    const auto begin = std::chrono::steady_clock::now();
    while (!client.has_news_within(10ms) && std::chrono::steady_clock::now() - begin < 5s) {
      client.send("x");
    }
    EXPECT_EQ(client.read().status, 408) << beginning;
  }
}

TEST_F(Hostile, AnotherRequestOnTheConnectionGetsItsOwnTime) {
  options_.request_timeout = 200ms;
  options_.idle_timeout = 60s;
  HttpClient client = connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(client.has_news_within(120ms));
    EXPECT_EQ(client.call("GET", "/secret").status, 200);
  }
}

}  // namespace
}  // namespace parley::http
