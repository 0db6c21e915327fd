#include <gtest/gtest.h>
#include <sys/resource.h>

#include <condition_variable>
#include <thread>

#include "base/log.h"
#include "http/channel.h"
#include "http/server.h"
#include "http/websocket_frame.h"
#include "support/event_stream_client.h"
#include "support/http_client.h"
#include "support/websocket_client.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using test::client_close;
using test::client_frame;
using test::client_text;
using test::EventStreamClient;
using test::HttpAnswer;
using test::HttpClient;
using test::kFinal;
using test::WebSocketClient;
namespace opcode = test::opcode;

constexpr auto kPatience = 10s;

/// What an application under test has seen of all of its channels.
class Application {
 public:
  std::shared_ptr<ChannelListener> open(std::shared_ptr<Channel> channel);

  void count(int Application::* what) {
    const std::lock_guard lock(mutex_);
    ++(this->*what);
    changed_.notify_all();
  }

  bool comes_to(int Application::* what, int number) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return this->*what >= number; });
  }

  /// The n-th channel that was opened; waits for it.
  std::shared_ptr<Channel> channel(int n = 0) {
    EXPECT_TRUE(comes_to(&Application::opened, n + 1));
    const std::lock_guard lock(mutex_);
    return channels_.at(static_cast<std::size_t>(n));
  }

  std::vector<std::shared_ptr<Channel>> channels() {
    const std::lock_guard lock(mutex_);
    return channels_;
  }

  int opened = 0;
  int drained = 0;
  int closed = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Channel>> channels_;
};

/// Sends every text back, and obeys a few.
class Echo : public ChannelListener {
 public:
  Echo(Application& application, std::shared_ptr<Channel> channel)
      : application_(application), channel_(std::move(channel)) {}

  void on_text(std::string_view text) override {
    if (text == "throw") throw std::runtime_error("as told");
    if (text == "leave") return channel_->close(4001, "bye");
    channel_->send(PushMessage::make(text), Importance::Durable);
  }
  void on_drained() override { application_.count(&Application::drained); }
  void on_closed() override { application_.count(&Application::closed); }

 private:
  Application& application_;
  std::shared_ptr<Channel> channel_;
};

std::shared_ptr<ChannelListener> Application::open(std::shared_ptr<Channel> channel) {
  {
    const std::lock_guard lock(mutex_);
    channels_.push_back(channel);
  }
  count(&Application::opened);
  return std::make_shared<Echo>(*this, std::move(channel));
}

Response one_line_style(const Problem& problem, const Request&) {
  Response response;
  response.status = problem.status;
  response.content_type = "text/plain";
  response.body = "one line: " + problem.code;
  response.headers = problem.headers;
  return response;
}

class ChannelSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::Off);
    const auto offer = [this](ChannelKind kind) {
      return [this, kind](auto, Responder responder) {
        const auto open = [this](auto channel) { return application_.open(std::move(channel)); };
        responder(Response::channel({kind, open}));
      };
    };
    router_.add_group(
        "", {{"GET", "/socket", offer(ChannelKind::WebSocket)},
             {"GET", "/events", offer(ChannelKind::EventStream)},
             {"GET", "/word", [](auto, auto responder) { responder(Response::json(200, "word")); }},
             {"GET", "/secret", [](auto, auto) { throw unauthenticated("Log in first."); }},
             {"GET", "/broken", [](auto, auto responder) {
                responder(Response::channel(
                    {ChannelKind::WebSocket,
                     [](auto) -> std::shared_ptr<ChannelListener> { throw std::bad_alloc(); }}));
              }}});
    router_.add_group("/lines", {{"GET", "/lines/socket", offer(ChannelKind::WebSocket)}},
                      one_line_style);
    options_.port = 0;
  }

  void TearDown() override {
    server_.reset();
    log::set_level(log::Level::Info);
  }

  void start() {
    server_.emplace(options_, router_);
    server_->start();
  }

  WebSocketClient connect() { return WebSocketClient(server_->port(), "/socket"); }
  EventStreamClient listen() { return EventStreamClient(server_->port(), "/events"); }

  /// The code that the server closes with when it is sent these bytes.
  std::uint16_t close_code_after(std::string_view bytes) {
    WebSocketClient client = connect();
    client.send(bytes);
    return client.receive_close();
  }

  Application application_;
  Router router_;
  ServerOptions options_;
  std::optional<Server> server_;
};

void send(const std::shared_ptr<Channel>& channel, std::string_view text,
          Importance importance = Importance::Durable) {
  channel->send(PushMessage::make(text), importance);
}

TEST_F(ChannelSessionTest, CarriesTextsBothWays) {
  start();
  WebSocketClient client = connect();
  client.send_text("hello");
  EXPECT_EQ(client.receive_text(), "hello");
  send(application_.channel(), "news");
  EXPECT_EQ(client.receive_text(), "news");
  client.close();
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
}

TEST_F(ChannelSessionTest, AnswersTheHandshakeWithItsHeaders) {
  start();
  HttpClient client(server_->port());
  EXPECT_EQ(client.call("GET", "/word").status, 200);
  const HttpAnswer answer = test::open_websocket(client, "/socket", test::websocket_headers());
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.header("Upgrade"), "websocket");
  EXPECT_EQ(answer.header("Connection"), "Upgrade");
  EXPECT_EQ(answer.header("Content-Length"), "");
  EXPECT_EQ(answer.header("Sec-WebSocket-Extensions"), "");
}

TEST_F(ChannelSessionTest, RefusesAWrongHandshakeInTheStyleOfThePath) {
  start();
  const HttpAnswer answer = test::http_call(server_->port(), "GET", "/socket");
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.header("Upgrade"), "websocket");
  EXPECT_EQ(answer.header("Connection"), "Upgrade");
  EXPECT_EQ(answer.json().at("code"), "upgrade_required");
  EXPECT_EQ(test::http_call(server_->port(), "GET", "/lines/socket").body,
            "one line: upgrade_required");
  EXPECT_EQ(application_.opened, 0);
}

TEST_F(ChannelSessionTest, RefusesAWebSocketOverHttp10) {
  start();
  HttpClient client(server_->port());
  client.send(
      "GET /socket HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(client.read().status, 400);
}

TEST_F(ChannelSessionTest, KeepsTheConnectionAfterARefusal) {
  start();
  HttpClient client(server_->port());
  EXPECT_EQ(client.call("GET", "/socket").status, 426);
  EXPECT_EQ(client.call("GET", "/word").status, 200);
}

TEST_F(ChannelSessionTest, AnAnswerWithoutChannelIsOrdinary) {
  start();
  HttpClient client(server_->port());
  EXPECT_EQ(test::open_websocket(client, "/secret", test::websocket_headers()).status, 401);
  EXPECT_EQ(client.call("GET", "/word").status, 200);
}

TEST_F(ChannelSessionTest, ReadsWhatComesRightBehindTheHandshake) {
  start();
  HttpClient client(server_->port());
  std::string request = "GET /socket HTTP/1.1\r\nHost: x\r\n";
  for (const auto& [name, value] : test::websocket_headers()) {
    request += fmt::format("{}: {}\r\n", name, value);
  }
  client.send(request.append("\r\n").append(client_text("early")));
  EXPECT_EQ(client.read().status, 101);
  EXPECT_EQ(client.take(7),
            "\x81\x05"
            "early");
}

TEST_F(ChannelSessionTest, AnswersPings) {
  start();
  WebSocketClient client = connect();
  client.send(client_frame(kFinal | opcode::kPing, "are you there"));
  const test::WebSocketFrame frame = client.receive();
  EXPECT_EQ(frame.opcode, opcode::kPong);
  EXPECT_EQ(frame.payload, "are you there");
}

TEST_F(ChannelSessionTest, AnswersTheLatestOfManyPings) {
  start();
  WebSocketClient client = connect();
  std::string pings;
  for (int i = 0; i < 100; ++i) pings += client_frame(kFinal | opcode::kPing, std::to_string(i));
  client.send(pings);
  test::WebSocketFrame frame = client.receive();
  while (frame.payload != "99") frame = client.receive();
  EXPECT_EQ(frame.opcode, opcode::kPong);
}

TEST_F(ChannelSessionTest, ClosesWithTheCodeOfTheViolation) {
  options_.channels.text_bytes_max = 1000;
  start();
  EXPECT_EQ(close_code_after("\x81\x05Hello"), close_code::kProtocolError);
  EXPECT_EQ(close_code_after(client_frame(kFinal | opcode::kBinary, "x")),
            close_code::kUnsupportedData);
  EXPECT_EQ(close_code_after(client_text("\xff")), close_code::kInvalidText);
  EXPECT_EQ(close_code_after(client_text(std::string(1001, 'x'))), close_code::kMessageTooBig);
  EXPECT_TRUE(application_.comes_to(&Application::closed, 4));
}

TEST_F(ChannelSessionTest, TakesTextsUpToTheLimit) {
  start();
  WebSocketClient client = connect();
  const std::string text(options_.channels.text_bytes_max, 'x');
  client.send_text(text);
  EXPECT_EQ(client.receive_text(), text);
}

TEST_F(ChannelSessionTest, AnswersACloseWithoutCode) {
  start();
  WebSocketClient client = connect();
  client.send(client_frame(kFinal | opcode::kClose, ""));
  EXPECT_EQ(client.receive().close_code(), close_code::kNormal);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ChannelSessionTest, HearsOfAClientThatDrops) {
  start();
  WebSocketClient client = connect();
  const auto channel = application_.channel();
  client.drop();
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
  EXPECT_FALSE(channel->is_open());
  send(channel, "to nobody");
  EXPECT_EQ(channel->waiting_bytes(), 0u);
}

TEST_F(ChannelSessionTest, ClosesBehindWhatWasSent) {
  start();
  WebSocketClient client = connect();
  client.send(client_text("last") + client_text("leave") + client_text("unheard"));
  EXPECT_EQ(client.receive_text(), "last");
  EXPECT_EQ(client.receive_close(), 4001);
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
}

TEST_F(ChannelSessionTest, DropsAClientThatDoesNotAnswerTheClose) {
  options_.channels.close_within = 20ms;
  start();
  WebSocketClient client = connect();
  client.send_text("leave");
  EXPECT_EQ(client.receive().close_code(), 4001);
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ChannelSessionTest, ClosesWhenTheListenerThrows) {
  start();
  EXPECT_EQ(close_code_after(client_text("throw")), close_code::kInternalError);
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
  EXPECT_EQ(WebSocketClient(server_->port(), "/broken").receive_close(),
            close_code::kInternalError);
}

TEST_F(ChannelSessionTest, PingsAClientThatIsSilent) {
  options_.channels.ping_after = 10ms;
  start();
  WebSocketClient client = connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.receive().opcode, opcode::kPing);
    client.send(client_frame(kFinal | opcode::kPong, ""));
  }
  client.send_text("still here");
  EXPECT_EQ(client.receive_text(), "still here");
}

TEST_F(ChannelSessionTest, DropsAClientThatDoesNotAnswerPings) {
  options_.channels.ping_after = 10ms;
  options_.channels.pong_within = 10ms;
  start();
  WebSocketClient client = connect();
  EXPECT_EQ(client.receive().opcode, opcode::kPing);
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
}

// More than the network between two sockets holds, so that some of it must wait.
constexpr int kManyMessages = 48;
constexpr std::size_t kLongText = 1 << 20;

TEST_F(ChannelSessionTest, ASlowClientMissesTransientMessagesOnly) {
  options_.channels.waiting_bytes_hard = 100 << 20;
  start();
  WebSocketClient client = connect();
  const auto channel = application_.channel();
  const SharedMessage long_message = PushMessage::make(std::string(kLongText, 'x'));
  for (int i = 0; i < kManyMessages; ++i) channel->send(long_message, Importance::Durable);
  EXPECT_GT(channel->waiting_bytes(), options_.channels.waiting_bytes_soft);
  send(channel, "typing", Importance::Transient);
  send(channel, "last", Importance::Durable);
  for (int i = 0; i < kManyMessages; ++i) EXPECT_EQ(client.receive_text().size(), kLongText);
  EXPECT_EQ(client.receive_text(), "last");
  EXPECT_TRUE(application_.comes_to(&Application::drained, 1));
  send(channel, "typing again", Importance::Transient);
  EXPECT_EQ(client.receive_text(), "typing again");
}

TEST_F(ChannelSessionTest, AClientThatIsTooSlowIsInvitedToResume) {
  start();
  WebSocketClient client = connect();
  const auto channel = application_.channel();
  const SharedMessage long_message = PushMessage::make(std::string(kLongText, 'x'));
  int sent = 0;
  for (; sent < kManyMessages && channel->is_open(); ++sent) {
    channel->send(long_message, Importance::Durable);
  }
  EXPECT_LT(sent, kManyMessages);
  EXPECT_EQ(client.receive_close(), close_code::kResume);
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
  EXPECT_EQ(long_message.use_count(), 1);
}

TEST_F(ChannelSessionTest, ABacklogIsSentInParts) {
  start();
  WebSocketClient client = connect();
  const auto channel = application_.channel();
  constexpr int kParts = 100;
  std::thread sender([&] {
    for (int part = 0; part < kParts; ++part) {
      std::vector<Delivery> deliveries;
      for (int i = 0; i < 100; ++i) {
        deliveries.push_back({channel, PushMessage::make(std::to_string(part * 100 + i))});
      }
      deliver(deliveries);
      EXPECT_TRUE(application_.comes_to(&Application::drained, part + 1));
    }
  });
  for (int i = 0; i < kParts * 100; ++i) ASSERT_EQ(client.receive_text(), std::to_string(i));
  sender.join();
}

TEST_F(ChannelSessionTest, SendsEventStreams) {
  start();
  EventStreamClient client = listen();
  EXPECT_EQ(client.answer().header("Content-Length"), "");
  EXPECT_EQ(client.answer().header("Connection"), "close");
  EXPECT_EQ(client.answer().header("Cache-Control"), "no-store");
  EXPECT_EQ(client.line(), "retry: 2000");
  const auto channel = application_.channel();
  channel->send(PushMessage::make("{}", "message", "7"), Importance::Durable);
  channel->send(PushMessage::make("a\nb"), Importance::Durable);
  const test::ServerSentEvent first = client.next();
  EXPECT_EQ(first.id, "7");
  EXPECT_EQ(first.event, "message");
  EXPECT_EQ(first.data, "{}");
  EXPECT_EQ(client.next().data, "a\nb");
  channel->close(close_code::kResume, "resume");
  EXPECT_TRUE(client.is_ended());
}

TEST_F(ChannelSessionTest, AnEventStreamHasAHeartbeat) {
  options_.channels.heartbeat_every = 10ms;
  start();
  EventStreamClient client = listen();
  EXPECT_EQ(client.line(), "retry: 2000");
  EXPECT_EQ(client.line(), "");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.line(), ":");
    EXPECT_EQ(client.line(), "");
  }
}

TEST_F(ChannelSessionTest, AnEventStreamThatIsTooSlowEnds) {
  start();
  EventStreamClient client = listen();
  const auto channel = application_.channel();
  const SharedMessage long_message = PushMessage::make(std::string(kLongText, 'x'));
  for (int i = 0; i < kManyMessages; ++i) channel->send(long_message, Importance::Durable);
  EXPECT_FALSE(channel->is_open());
  EXPECT_THROW(
      {
        for (int i = 0; i < kManyMessages; ++i) client.next();
      },
      std::runtime_error);
  client.drop();
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
}

TEST_F(ChannelSessionTest, AHeadRequestOpensNoEventStream) {
  start();
  HttpClient client(server_->port());
  const HttpAnswer answer = client.call("HEAD", "/events");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(application_.opened, 0);
}

TEST_F(ChannelSessionTest, StoppingTheServerSaysGoingAway) {
  start();
  WebSocketClient client = connect();
  EventStreamClient events = listen();
  EXPECT_TRUE(application_.comes_to(&Application::opened, 2));
  std::thread stopping([this] { server_->stop(kPatience); });
  EXPECT_EQ(client.receive_close(), close_code::kGoingAway);
  EXPECT_EQ(events.line(), "retry: 2000");
  EXPECT_EQ(events.line(), "");
  EXPECT_TRUE(events.is_ended());
  events.drop();
  stopping.join();
  EXPECT_EQ(application_.closed, 2);
}

TEST_F(ChannelSessionTest, StoppingAtOnceStillEndsEveryChannelOnce) {
  start();
  WebSocketClient client = connect();
  const auto channel = application_.channel();
  server_->stop(0ms);
  EXPECT_EQ(application_.closed, 1);
  send(channel, "too late");
  server_.reset();
  send(channel, "later still");
  EXPECT_EQ(application_.closed, 1);
}

TEST_F(ChannelSessionTest, CountsChannelsAmongTheConnections) {
  options_.connections_max = 1;
  start();
  WebSocketClient client = connect();
  EXPECT_EQ(HttpClient(server_->port()).read().status, 503);
  client.close();
  EXPECT_TRUE(application_.comes_to(&Application::closed, 1));
}

/// Room for the sockets of both ends.
void allow_many_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

TEST_F(ChannelSessionTest, OneDeliveryReachesAThousandChannels) {
  constexpr int kClients = 1000;
  allow_many_files();
  start();
  std::vector<WebSocketClient> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(connect());
  EXPECT_TRUE(application_.comes_to(&Application::opened, kClients));
  const SharedMessage message = PushMessage::make("to all");
  std::vector<Delivery> deliveries;
  for (const auto& channel : application_.channels()) deliveries.push_back({channel, message});
  deliver(deliveries);
  for (WebSocketClient& client : clients) EXPECT_EQ(client.receive_text(), "to all");
}

TEST_F(ChannelSessionTest, ManyThreadsMaySendWhileClientsComeAndGo) {
  options_.threads = 2;
  start();
  std::atomic<bool> is_over = false;
  std::vector<std::thread> senders;
  for (int i = 0; i < 2; ++i) {
    senders.emplace_back([&] {
      const SharedMessage message = PushMessage::make("news");
      while (!is_over) {
        std::vector<Delivery> deliveries;
        for (const auto& channel : application_.channels()) {
          deliveries.push_back({channel, message, Importance::Transient});
        }
        deliver(deliveries);
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    WebSocketClient client = connect();
    EXPECT_EQ(client.receive_text(), "news");
    if (i % 2 == 0) client.close();
  }
  is_over = true;
  for (auto& sender : senders) sender.join();
  EXPECT_TRUE(application_.comes_to(&Application::closed, 50));
}

}  // namespace
}  // namespace parley::http
