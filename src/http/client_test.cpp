#include "http/client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <thread>

#include "http/server.h"
#include "support/certificate.h"
#include "support/databases.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::future<ClientOutcome> begin(Client& client, ClientRequest request) {
  const auto promise = std::make_shared<std::promise<ClientOutcome>>();
  client.send(std::move(request),
              [promise](ClientOutcome outcome) { promise->set_value(std::move(outcome)); });
  return promise->get_future();
}

ClientOutcome call(Client& client, ClientRequest request) {
  return begin(client, std::move(request)).get();
}

ClientAnswer answer_to(Client& client, ClientRequest request) {
  const ClientOutcome outcome = call(client, std::move(request));
  const auto* error = std::get_if<Error>(&outcome);
  if (error == nullptr) return std::get<ClientAnswer>(outcome);
  ADD_FAILURE() << error->what();
  return {};
}

Error error_of(const ClientOutcome& outcome) {
  if (const auto* error = std::get_if<Error>(&outcome)) return *error;
  ADD_FAILURE() << "answered with " << std::get<ClientAnswer>(outcome).status;
  return {ErrorCode::Internal, ""};
}

/// The real server, which tells what it was asked.
class ClientOfServer : public testing::Test {
 protected:
  ClientOfServer() {
    router_.add_group("",
                      {{"POST", "/echo", echo}, {"GET", "/echo", echo}, {"HEAD", "/echo", echo}});
  }

  static void echo(const std::shared_ptr<Request>& request, const Responder& respond) {
    Response response = Response::of_text(request->method == "GET" ? 404 : 201, request->body);
    response.headers.emplace_back("X-Query", request->query["q"]);
    response.headers.emplace_back("X-Sent", std::string(request->header("X-Mine")));
    respond(std::move(response));
  }

  void start() {
    options_.port = 0;
    server_.emplace(options_, router_);
    server_->start();
  }
  std::string url(std::string_view rest, std::string_view origin = "http://127.0.0.1") const {
    return fmt::format("{}:{}{}", origin, server_->port(), rest);
  }

  Router router_;
  ServerOptions options_;
  std::optional<Server> server_;
};

TEST_F(ClientOfServer, SendsARequestAndReadsTheAnswer) {
  start();
  Client client;
  const ClientAnswer answer = answer_to(client, {.method = "POST",
                                                 .url = url("/echo?q=a%20b"),
                                                 .headers = {{"X-Mine", "yes"}},
                                                 .body = "{\"a\":1}"});
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(answer.is_success());
  EXPECT_EQ(answer.body, "{\"a\":1}");
  EXPECT_EQ(answer.header("x-query"), "a b");
  EXPECT_EQ(answer.header("X-Sent"), "yes");
  EXPECT_EQ(answer.header("X-Absent"), "");
}

TEST_F(ClientOfServer, ReadsAnAnswerOfAnyStatus) {
  start();
  Client client;
  EXPECT_EQ(answer_to(client, {.url = url("/echo")}).status, 404);
  EXPECT_EQ(answer_to(client, {.url = url("/nowhere")}).status, 404);
  EXPECT_EQ(answer_to(client, {.method = "HEAD", .url = url("/echo")}).body, "");
}

TEST_F(ClientOfServer, RefusesAnAddressOfAnOwnNetworkWhereOnlyPublicOnesMayBeReached) {
  start();
  Client client;
  for (const char* origin : {"http://127.0.0.1", "http://localhost", "http://[::ffff:127.0.0.1]"}) {
    const Error error =
        error_of(call(client, {.url = url("/echo", origin), .reach = Reach::PublicOnly}));
    EXPECT_EQ(error.code(), ErrorCode::CannotConnect);
    EXPECT_THAT(error.what(), HasSubstr("not a public one"));
  }
}

TEST_F(ClientOfServer, MakesManyCallsAtOnce) {
  start();
  Client client;
  std::vector<std::future<ClientOutcome>> calls;
  for (int i = 0; i < 50; ++i) {
    calls.push_back(begin(
        client, {.method = "POST", .url = url("/echo"), .headers = {}, .body = std::to_string(i)}));
  }
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(std::get<ClientAnswer>(calls.at(static_cast<std::size_t>(i)).get()).body,
              std::to_string(i));
  }
}

TEST_F(ClientOfServer, RefusesAnAnswerThatIsTooLarge) {
  start();
  Client client({.authorities_file = {}, .answer_bytes_max = 100});
  const auto post = [&](std::size_t bytes) {
    return call(
        client,
        {.method = "POST", .url = url("/echo"), .headers = {}, .body = std::string(bytes, 'x')});
  };
  EXPECT_EQ(std::get<ClientAnswer>(post(100)).body.size(), 100U);
  EXPECT_EQ(error_of(post(101)).code(), ErrorCode::PayloadTooLarge);
}

class ClientWithTls : public ClientOfServer {
 protected:
  void SetUp() override {
    options_.tls_certificate = write("certificate.pem", certificate_.certificate);
    options_.tls_key = write("key.pem", certificate_.key);
    start();
  }
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  test::Certificate certificate_ = test::make_certificate();
  test::TemporaryDirectory directory_;
};

TEST_F(ClientWithTls, TrustsTheGivenAuthorities) {
  Client client({.authorities_file = options_.tls_certificate});
  const std::string body(100'000, 'x');
  EXPECT_EQ(
      answer_to(
          client,
          {.method = "POST", .url = url("/echo", "https://localhost"), .headers = {}, .body = body})
          .body,
      body);
}

TEST_F(ClientWithTls, TrustsTheAuthoritiesOfTheSystem) {
  // Where OpenSSL looks for them; read by each client for itself.
  ::setenv("SSL_CERT_FILE", options_.tls_certificate.c_str(), 1);
  Client client;
  for (int i = 0; i < 2; ++i) {
    const std::string where = url("/echo", "https://localhost");
    EXPECT_EQ(answer_to(client, {.method = "POST", .url = where}).status, 201);
  }
  ::unsetenv("SSL_CERT_FILE");
}

TEST_F(ClientWithTls, RefusesACertificateThatNobodyKnows) {
  Client client;
  const Error error = error_of(call(client, {.url = url("/echo", "https://localhost")}));
  EXPECT_EQ(error.code(), ErrorCode::CannotConnect);
  EXPECT_THAT(error.what(), HasSubstr("certificate verify failed"));
}

TEST_F(ClientWithTls, RefusesTheCertificateOfAnotherHost) {
  Client client({.authorities_file = options_.tls_certificate});
  EXPECT_EQ(error_of(call(client, {.url = url("/echo", "https://127.0.0.1")})).code(),
            ErrorCode::CannotConnect);
}

TEST_F(ClientWithTls, NamesTheFileOfAuthoritiesThatItCannotUse) {
  try {
    Client client({.authorities_file = directory_.path() + "/missing.pem"});
    FAIL() << "it was made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
    EXPECT_THAT(error.what(), HasSubstr("missing.pem"));
  }
}

/// A socket that listens, and says what a test gives it to the first who connects.
class OddServer {
 public:
  OddServer() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t bytes = sizeof address;
    auto* const general = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, general, bytes) != 0 || ::listen(socket_, 8) != 0 ||
        ::getsockname(socket_, general, &bytes) != 0) {
      throw std::runtime_error("no socket to listen on");
    }
    port_ = ntohs(address.sin_port);
  }
  ~OddServer() {
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  OddServer(const OddServer&) = delete;
  OddServer& operator=(const OddServer&) = delete;

  /// Answers one request with these pieces, then, once `wait` is over, with the rest; and closes.
  void say(std::vector<std::string> pieces, std::shared_future<void> wait = {},
           const std::string& rest = {}) {
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread([this, pieces = std::move(pieces), wait = std::move(wait), rest] {
      const int other = ::accept(socket_, nullptr, nullptr);
      std::string request(4096, '\0');
      (void)::recv(other, request.data(), request.size(), 0);
      for (const std::string& piece : pieces) {
        (void)::send(other, piece.data(), piece.size(), MSG_NOSIGNAL);
      }
      if (wait.valid()) {
        wait.wait();
        (void)::send(other, rest.data(), rest.size(), MSG_NOSIGNAL);
      }
      ::shutdown(other, SHUT_WR);
      while (::recv(other, request.data(), request.size(), 0) > 0) continue;
      ::close(other);
    });
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/secret", port_); }

 private:
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(Client, ReadsEveryFormOfAnAnswer) {
  OddServer server;
  Client client;
  struct Form {
    std::vector<std::string> pieces;
    std::string body;
  };
  for (const auto& [pieces, body] : std::vector<Form>{
           {{"HTTP/1.1 200 OK\r\n\r\nto the ", "end"}, "to the end"},
           {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "2\r\nde\r\n0",
             "\r\n", "\r\n"},
            "abcde"},
           {{"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n",
             "Content-Length: 2\r\n\r\nok"},
            "ok"},
           {{"HTTP/1.0 204 No Content\r\n\r\n"}, ""},
       }) {
    server.say(pieces);
    EXPECT_EQ(answer_to(client, {.url = server.url()}).body, body) << pieces.front();
  }
}

TEST(Client, HandsTheBodyOnAsItComes) {
  OddServer server;
  Client client;
  server.say({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
              "2\r\nde\r\n0\r\n\r\n"});
  std::string body;
  const ClientAnswer answer = answer_to(
      client, {.url = server.url(), .on_body = [&](std::string_view piece) { body += piece; }});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body, "abcde");
  EXPECT_EQ(answer.body, "");
}

TEST(Client, HandsAPieceOnBeforeTheAnswerEnds) {
  OddServer server;
  Client client;
  std::promise<void> first_piece;
  server.say({"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"}, first_piece.get_future(), "cd");
  std::string body;
  const auto take = [&](std::string_view piece) {
    if (body.empty()) first_piece.set_value();
    body += piece;
  };
  answer_to(client, {.url = server.url(), .on_body = take});
  EXPECT_EQ(body, "abcd");
}

TEST(Client, KeepsTheBodyOfAnErrorTogether) {
  OddServer server;
  Client client;
  server.say({"HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nwhat"});
  const ClientAnswer answer =
      answer_to(client, {.url = server.url(), .on_body = [](std::string_view) { FAIL(); }});
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "what");
}

TEST(Client, LimitsABodyThatIsHandedOn) {
  OddServer server;
  Client client({.authorities_file = {}, .answer_bytes_max = 100});
  server.say({"HTTP/1.1 200 OK\r\n\r\n", std::string(80, 'x'), std::string(80, 'x')});
  EXPECT_EQ(
      error_of(call(client, {.url = server.url(), .on_body = [](std::string_view) {}})).code(),
      ErrorCode::PayloadTooLarge);
}

TEST(Client, EndsACallWhoseReceiverFails) {
  OddServer server;
  Client client;
  server.say({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  const auto fail = [](std::string_view) { throw std::runtime_error("no room"); };
  const Error error = error_of(call(client, {.url = server.url(), .on_body = fail}));
  EXPECT_EQ(error.code(), ErrorCode::Internal);
  EXPECT_THAT(error.what(), HasSubstr("no room"));
}

TEST(Client, GivesUpWhenAStreamFallsSilent) {
  OddServer server;
  Client client;
  std::promise<void> never;
  server.say({"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"}, never.get_future(), "cd");
  const Error error = error_of(
      call(client, {.url = server.url(), .timeout = 30ms, .on_body = [](std::string_view) {}}));
  EXPECT_EQ(error.code(), ErrorCode::Unavailable);
  never.set_value();
}

TEST(Client, EndsACallThatIsCancelled) {
  const OddServer silent;
  Client client;
  const Cancellation cancellation;
  auto open = begin(client, {.url = silent.url(), .cancellation = cancellation});
  auto waiting = begin(client, {.url = silent.url(), .delay = 1h, .cancellation = cancellation});
  cancellation.cancel();
  EXPECT_THAT(error_of(open.get()).what(), HasSubstr("cancelled"));
  EXPECT_THAT(error_of(waiting.get()).what(), HasSubstr("cancelled"));
  EXPECT_THAT(error_of(call(client, {.url = silent.url(), .cancellation = cancellation})).what(),
              HasSubstr("cancelled"));
}

TEST(Client, BeginsACallLater) {
  OddServer server;
  Client client;
  server.say({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(answer_to(client, {.url = server.url(), .delay = 20ms}).body, "ok");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST(Client, RefusesAnAnswerThatIsBroken) {
  OddServer server;
  Client client;
  for (const std::vector<std::string>& pieces : std::vector<std::vector<std::string>>{
           {},
           {"HTTP/1.1 200 OK\r\nContent-Le"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyzxyz\r\n"},
           {"SSH-2.0-OpenSSH_9.2\r\n"},
       }) {
    server.say(pieces);
    const Error error = error_of(call(client, {.url = server.url()}));
    EXPECT_EQ(error.code(), ErrorCode::ConnectionLost) << error.what();
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  }
}

TEST(Client, RefusesAHeaderWithoutEnd) {
  OddServer server;
  Client client;
  for (const std::string& start :
       {std::string("HTTP/1.1 200 OK\r\nX: "),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")}) {
    server.say({start + std::string(200'000, 'x')});
    EXPECT_EQ(error_of(call(client, {.url = server.url()})).code(), ErrorCode::PayloadTooLarge);
  }
}

TEST(Client, GivesUpInTime) {
  const OddServer silent;  // The system accepts the connection, and nobody answers.
  Client client;
  const Error error =
      error_of(call(client, {.url = silent.url(), .headers = {}, .body = {}, .timeout = 30ms}));
  EXPECT_EQ(error.code(), ErrorCode::Unavailable);
  EXPECT_THAT(error.what(), HasSubstr("30 ms"));
}

TEST(Client, SaysThatNobodyListens) {
  std::string url;
  {
    const OddServer gone;
    url = gone.url();
  }
  Client client;
  const Error error = error_of(call(client, {.url = url}));
  EXPECT_EQ(error.code(), ErrorCode::CannotConnect);
  EXPECT_THAT(error.what(), HasSubstr("refused"));
}

TEST(Client, LimitsTheCallsAtOnce) {
  const OddServer silent;
  Client client({.authorities_file = {}, .calls_max = 1});
  auto first = begin(client, {.url = silent.url()});
  EXPECT_THAT(error_of(call(client, {.url = silent.url()})).what(), HasSubstr("too many calls"));
  client.stop();
  EXPECT_THAT(error_of(first.get()).what(), HasSubstr("stopped"));
}

TEST(Client, StopsWithCallsUnderWay) {
  const OddServer silent;
  std::future<ClientOutcome> open;
  std::future<ClientOutcome> late;
  {
    Client client;
    open = begin(client, {.url = silent.url()});
    client.stop();
    late = begin(client, {.url = silent.url()});
  }
  EXPECT_EQ(error_of(open.get()).code(), ErrorCode::Unavailable);
  EXPECT_EQ(error_of(late.get()).code(), ErrorCode::Unavailable);
}

TEST(Client, RefusesWhatCannotBeSent) {
  Client client;
  const auto ignore = [](const ClientOutcome&) {};
  EXPECT_THROW(client.send({.url = "ftp://h/"}, ignore), Error);
  EXPECT_THROW(client.send({.method = "GET /", .url = "http://h/"}, ignore), Error);
  EXPECT_THROW(client.send({.url = "http://h/", .headers = {{"A", "b\r\nC: d"}}}, ignore), Error);
  EXPECT_THROW(client.send({.url = "http://h/", .headers = {{"A:", "b"}}}, ignore), Error);
}

}  // namespace
}  // namespace parley::http
