// Bodies that are made while they are sent, and routes that take larger ones.

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "base/log.h"
#include "http/server.h"
#include "support/http_client.h"

namespace parley::http {
namespace {

using test::HttpAnswer;
using test::HttpClient;

/// Gives `pieces` pieces of `size` bytes, each from a thread of its own, and then what `at_end`
/// does.
class Pieces : public std::enable_shared_from_this<Pieces> {
 public:
  enum class AtEnd { Ends, Drops, Throws };

  Pieces(int pieces, std::size_t size, AtEnd at_end)
      : left_(pieces), size_(size), at_end_(at_end) {}
  ~Pieces() {
    for (std::thread& thread : threads_) thread.join();
  }

  BodySource source() {
    return [self = shared_from_this()](GivePiece give) { self->next(std::move(give)); };
  }

 private:
  void next(GivePiece give) {
    if (left_-- > 0) {
      threads_.emplace_back(
          [give = std::move(give), size = size_] { give(std::string(size, 'x')); });
      return;
    }
    if (at_end_ == AtEnd::Throws) throw std::runtime_error("no more");
    if (at_end_ == AtEnd::Ends) give({});
  }

  int left_;
  const std::size_t size_;
  const AtEnd at_end_;
  std::vector<std::thread> threads_;
};

class BodySourceTest : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::Off);
    const auto streams = [](int pieces, std::size_t size, Pieces::AtEnd at_end) {
      return [=](std::shared_ptr<Request>, const Responder& responder) {
        Response response;
        response.content_type = "text/plain";
        response.body_source = std::make_shared<Pieces>(pieces, size, at_end)->source();
        responder(response);
      };
    };
    const auto echo_size = [](std::shared_ptr<Request> request, const Responder& responder) {
      responder(Response::json(200, JsonObject{{"size", request->body.size()}}));
    };
    router_.add_group("", {{"GET", "/some", streams(3, 1000, Pieces::AtEnd::Ends)},
                           {"GET", "/none", streams(0, 1000, Pieces::AtEnd::Ends)},
                           {"GET", "/much", streams(200, 1'000'000, Pieces::AtEnd::Ends)},
                           {"GET", "/dropped", streams(1, 5, Pieces::AtEnd::Drops)},
                           {"GET", "/thrown", streams(1, 5, Pieces::AtEnd::Throws)},
                           {"POST", "/usual", echo_size},
                           {.method = "POST",
                            .pattern = "/large/{id}",
                            .handler = echo_size,
                            .body_bytes_max = 5000}});
    server_.emplace(ServerOptions{.port = 0, .threads = 1, .body_bytes_max = 1000}, router_);
    server_->start();
  }
  void TearDown() override {
    server_.reset();
    log::set_level(log::Level::Info);
  }

  HttpAnswer post(const std::string& path, std::size_t size) {
    return test::http_call(server_->port(), "POST", path, {}, std::string(size, 'x'));
  }

  Router router_;
  std::optional<Server> server_;
};

TEST_F(BodySourceTest, IsSentInChunksAndKeepsTheConnection) {
  HttpClient client(server_->port());
  for (int i = 0; i < 2; ++i) {
    const HttpAnswer answer = client.call("GET", "/some");
    EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
    EXPECT_EQ(answer.header("Content-Length"), "");
    EXPECT_EQ(answer.body, std::string(3000, 'x'));
  }
  EXPECT_EQ(client.call("GET", "/none").body, "");
}

TEST_F(BodySourceTest, EndsWithTheConnectionOnHttp10) {
  HttpClient client(server_->port());
  client.send("GET /some HTTP/1.0\r\n\r\n");
  const HttpAnswer head = client.read();
  EXPECT_EQ(head.header("Transfer-Encoding"), "");
  EXPECT_EQ(client.take(3000), std::string(3000, 'x'));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(BodySourceTest, IsNotAskedForTheAnswerToHead) {
  HttpClient client(server_->port());
  const HttpAnswer head = client.call("HEAD", "/some");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(client.call("GET", "/some").body.size(), 3000U);
}

TEST_F(BodySourceTest, ThatGivesUpCutsTheAnswerOff) {
  for (const char* path : {"/dropped", "/thrown"}) {
    HttpClient client(server_->port());
    EXPECT_ANY_THROW(client.call("GET", path)) << path;
  }
}

TEST_F(BodySourceTest, WaitsForAClientThatIsSlow) {
  HttpClient client(server_->port());
  client.send("GET /much HTTP/1.1\r\nHost: x\r\n\r\n");
  // Another request of the same thread is answered meanwhile.
  EXPECT_EQ(test::http_call(server_->port(), "GET", "/none").status, 200);
  EXPECT_EQ(client.read().body.size(), 200'000'000U);
}

TEST_F(BodySourceTest, OfALeavingClientIsLetGo) {
  {
    HttpClient client(server_->port());
    client.send("GET /much HTTP/1.1\r\nHost: x\r\n\r\n");
    client.take(1000);
  }
  EXPECT_EQ(test::http_call(server_->port(), "GET", "/some").status, 200);
}

TEST_F(BodySourceTest, RoutesMayTakeLargerBodiesThanOthers) {
  EXPECT_EQ(post("/usual", 1000).status, 200);
  EXPECT_EQ(post("/usual", 1001).status, 413);
  EXPECT_EQ(post("/large/1", 5000).status, 200);
  EXPECT_EQ(post("/large/1", 5001).status, 413);
  EXPECT_EQ(post("/elsewhere", 5000).status, 413);
  HttpClient client(server_->port());
  const std::string chunk = "5dc\r\n" + std::string(1500, 'x') + "\r\n";
  const auto chunked = [&](const std::string& path) {
    HttpClient sender(server_->port());
    sender.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                chunk + "0\r\n\r\n");
    return sender.read().status;
  };
  EXPECT_EQ(chunked("/large/1"), 200);
  EXPECT_EQ(chunked("/usual"), 413);
}

}  // namespace
}  // namespace parley::http
