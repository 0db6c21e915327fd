#include "http/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "base/error.h"
#include "base/log.h"
#include "http/channel.h"
#include "http/server.h"
#include "support/certificate.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/websocket_client.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A blocking client that trusts one certificate.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::string& trusted, int version = TLS1_3_VERSION,
            std::string_view protocols = {})
      : stream_(io_, context_) {
    context_.add_certificate_authority(asio::buffer(trusted));
    stream_.set_verify_mode(asio::ssl::verify_peer);
    SSL_set_max_proto_version(stream_.native_handle(), version);
    // Old versions are refused by the client itself at the default security level.
    SSL_set_security_level(stream_.native_handle(), 0);
    if (!protocols.empty()) {
      SSL_set_alpn_protos(stream_.native_handle(),
                          reinterpret_cast<const unsigned char*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
    }
    stream_.next_layer().connect({asio::ip::address_v4::loopback(), port});
  }

  void shake_hands() { stream_.handshake(asio::ssl::stream_base::client); }

  std::string protocol() {
    const unsigned char* name = nullptr;
    unsigned bytes = 0;
    SSL_get0_alpn_selected(stream_.native_handle(), &name, &bytes);
    return {reinterpret_cast<const char*>(name), bytes};
  }

  void send(std::string_view bytes) { asio::write(stream_, asio::buffer(bytes)); }

  /// All bytes up to and with `end`.
  std::string read_to(std::string_view end) {
    const std::size_t bytes = asio::read_until(stream_, asio::dynamic_buffer(unread_), end);
    std::string read = unread_.substr(0, bytes);
    unread_.erase(0, bytes);
    return read;
  }

  /// What ends the connection; eof when the server has said goodbye (close_notify).
  ErrorOfIo end() {
    ErrorOfIo error;
    char byte = 0;
    while (!error) stream_.read_some(asio::buffer(&byte, 1), error);
    return error;
  }

 private:
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream_;
  std::string unread_;
};

/// Sends every text back.
class Echo : public ChannelListener {
 public:
  explicit Echo(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  void on_text(std::string_view text) override {
    channel_->send(PushMessage::make(text), Importance::Durable);
  }
  void on_closed() override {}

 private:
  std::shared_ptr<Channel> channel_;
};

Response open_echo() {
  return Response::channel({ChannelKind::WebSocket, [](std::shared_ptr<Channel> channel) {
                              return std::make_shared<Echo>(std::move(channel));
                            }});
}

class TlsServer : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::Off);
    router_.add_group("", {{"POST", "/echo", [](auto request, auto respond) {
                              Response response;
                              response.content_type = "text/plain";
                              response.body = request->body + "|";
                              respond(std::move(response));
                            }}});
    options_.port = 0;
    options_.tls_certificate = write("certificate.pem", certificate_.certificate);
    options_.tls_key = write("key.pem", certificate_.key);
  }
  void TearDown() override {
    server_.reset();
    log::set_level(log::Level::Info);
  }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  void start() {
    server_.emplace(options_, router_);
    server_->start();
  }

  TlsClient connect(int version = TLS1_3_VERSION, std::string_view protocols = {}) {
    return TlsClient(server_->port(), certificate_.certificate, version, protocols);
  }

  static std::string echo(std::string_view body, std::string_view headers = {}) {
    return fmt::format("POST /echo HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", headers,
                       body.size(), body);
  }

  std::string why_it_does_not_start() {
    try {
      const Server server(options_, router_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
      EXPECT_THAT(error.hint(), HasSubstr("tls.certificate"));
      return error.what();
    }
    return "it starts";
  }

  test::Certificate certificate_ = test::make_certificate();
  test::TemporaryDirectory directory_;
  Router router_;
  ServerOptions options_;
  std::optional<Server> server_;
};

TEST_F(TlsServer, AnswersOverOneConnection) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client = connect(version);
    client.shake_hands();
    client.send(echo("first"));
    EXPECT_THAT(client.read_to("|"), HasSubstr("first|"));
    const std::string large(900'000, 'x');
    client.send(echo(large));
    EXPECT_THAT(client.read_to("|"), HasSubstr(large));
  }
}

TEST_F(TlsServer, SaysGoodbyeBeforeItCloses) {
  start();
  TlsClient client = connect();
  client.shake_hands();
  client.send(echo("last", "Connection: close\r\n"));
  EXPECT_THAT(client.read_to("|"), HasSubstr("last|"));
  EXPECT_EQ(client.end(), asio::error::eof);
}

TEST_F(TlsServer, TheAnswerToALargeBodyIsNotLost) {
  options_.body_bytes_max = 3;
  start();
  TlsClient client = connect();
  client.shake_hands();
  client.send(echo(std::string(100'000, 'x')));
  EXPECT_THAT(client.read_to("\r\n"), HasSubstr(" 413 "));
}

TEST_F(TlsServer, ChoosesHttp11) {
  start();
  TlsClient client = connect(TLS1_3_VERSION, "\x02h2\x08http/1.1");
  client.shake_hands();
  EXPECT_EQ(client.protocol(), "http/1.1");
  EXPECT_THROW(connect(TLS1_3_VERSION, "\x02h2").shake_hands(), boost::system::system_error);
}

TEST_F(TlsServer, RefusesOldVersions) {
  start();
  EXPECT_THROW(connect(TLS1_1_VERSION).shake_hands(), boost::system::system_error);
}

TEST_F(TlsServer, AnswersPlainHttpWithARefusal) {
  start();
  test::HttpClient client(server_->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json().at("code"), "tls_required");
  client.finish_sending();
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(TlsServer, EndsAHandshakeThatDoesNotArrive) {
  options_.request_timeout = 50ms;
  start();
  test::HttpClient client(server_->port());
  client.send("\x16\x03\x01");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(TlsServer, StopsWhileAHandshakeIsUnderWay) {
  options_.threads = 1;
  start();
  test::HttpClient silent(server_->port());
  TlsClient other = connect();
  other.shake_hands();
  server_->stop(60s);
  EXPECT_TRUE(silent.is_closed_by_server());
}

TEST_F(TlsServer, NamesTheFileThatItCannotUse) {
  options_.tls_key = directory_.path() + "/missing.pem";
  EXPECT_THAT(why_it_does_not_start(),
              testing::AllOf(HasSubstr("key in " + options_.tls_key), HasSubstr("No such file")));
  options_.tls_key = "";
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("key"));
  options_.tls_key = write("other.pem", test::make_certificate().key);
  EXPECT_THAT(why_it_does_not_start(),
              testing::AllOf(HasSubstr(options_.tls_key), HasSubstr("mismatch")));
  options_.tls_certificate = write("no-certificate.pem", "hello");
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("certificate in " + options_.tls_certificate));
}

TEST_F(TlsServer, TakesARenewedCertificateWithoutLosingConnections) {
  start();
  TlsClient before = connect();
  before.shake_hands();
  const test::Certificate old = std::exchange(certificate_, test::make_certificate());
  write("certificate.pem", certificate_.certificate);
  write("key.pem", certificate_.key);
  server_->renew_certificate();
  connect().shake_hands();
  EXPECT_THROW(TlsClient(server_->port(), old.certificate).shake_hands(),
               boost::system::system_error);
  before.send(echo("still here"));
  EXPECT_THAT(before.read_to("|"), HasSubstr("still here|"));
}

TEST_F(TlsServer, KeepsItsCertificateWhenTheNewOneCannotBeUsed) {
  start();
  write("key.pem", test::make_certificate().key);
  EXPECT_THROW(server_->renew_certificate(), Error);
  connect().shake_hands();
}

TEST_F(TlsServer, CarriesWebSockets) {
  router_.add_group("/socket",
                    {{"GET", "/socket", [](auto, auto respond) { respond(open_echo()); }}});
  start();
  TlsClient client = connect();
  client.shake_hands();
  std::string request = "GET /socket HTTP/1.1\r\nHost: h\r\n";
  for (const auto& [name, value] : test::websocket_headers()) {
    request += fmt::format("{}: {}\r\n", name, value);
  }
  client.send(request.append("\r\n"));
  EXPECT_THAT(client.read_to("\r\n\r\n"), testing::StartsWith("HTTP/1.1 101 "));
  const std::string long_text = std::string(50'000, 'x') + "!";
  client.send(test::client_text("short?") + test::client_text(long_text));
  EXPECT_EQ(client.read_to("?"), "\x81\x06short?");
  EXPECT_EQ(client.read_to("!"), std::string("\x81\x7e\xc3\x51", 4) + long_text);
  client.send(test::client_close(1000));
  EXPECT_EQ(client.read_to("\xe8"), "\x88\x02\x03\xe8");
}

}  // namespace
}  // namespace parley::http
