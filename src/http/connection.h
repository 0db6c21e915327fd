#pragma once

// One client connection: a coroutine that reads a request, has it handled, writes the answer, and
// so on until one side ends it. Lives on one I/O thread and is touched by no other. It waits in
// three places, each bounded: for bytes and for the answer to be taken by the deadline, for the
// handler by the handler's promise to answer. When the answer opens a channel, the stream is handed
// over to a ChannelSession and the connection ends.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>

#include "http/channel_wake_ups.h"
#include "http/compression.h"
#include "http/connection_count.h"
#include "http/io_types.h"
#include "http/mailbox.h"
#include "http/metrics.h"
#include "http/request_ids.h"
#include "http/request_parser.h"
#include "http/response_head.h"
#include "http/server.h"
#include "http/stream.h"

namespace parley::http {

class Connection;
class ChannelSession;
struct ChannelOpening;

/// What the connections of one thread share. The context is destroyed before `connections` and
/// `sessions`, since it owns the coroutines, which own these.
struct IoThread {
  explicit IoThread(Metrics* metrics) : request_metrics(metrics) {}

  std::unordered_set<Connection*> connections;
  std::unordered_set<ChannelSession*> sessions;
  bool is_draining = false;  ///< The server stops: no further requests.
  DateText date;
  RequestIds request_ids;
  Gzip gzip;
  RequestMetrics request_metrics;
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work = asio::make_work_guard(context);
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(context.get_executor());
  std::shared_ptr<ChannelWakeUps> wake_ups =
      std::make_shared<ChannelWakeUps>(context.get_executor());
  std::thread thread;
};

/// The other end.
struct Peer {
  std::string address;
  bool is_loopback = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// All references outlive the connection.
  Connection(Stream stream, Peer peer, ConnectionCount::Place place, IoThread& io,
             const ServerOptions& options, const Router& router);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The life of a connection; never throws. To be spawned on the connection's I/O thread.
  static Awaitable<void> serve(std::shared_ptr<Connection> connection);

  /// Closes the connection when no request has begun on it; else it ends after the answer that is
  /// due.
  void drain();

 private:
  enum class Arrival { Request, Refusal, Nothing };
  enum class Framing { Chunks, None };

  Awaitable<void> run();
  Awaitable<bool> shake_hands();
  Awaitable<Arrival> receive();
  Awaitable<void> wait_for(Exchange& exchange);
  Awaitable<bool> answer();
  bool has_client_gone();
  Awaitable<void> part();
  Awaitable<void> linger();
  Awaitable<bool> write(std::string_view head, std::string_view body);
  Awaitable<bool> write_pieces(const Response& response, Framing framing);

  Arrival read_buffered();
  Arrival give_up_reading();
  void begin_exchange();
  std::optional<Response> answer_at_once() const;
  std::shared_ptr<Exchange> call_handler();
  std::shared_ptr<Exchange> ask_for_piece(const BodySource& next);
  AfterAnswer after_answer(const Response& response, bool goes_on) const;
  Response response_of(Exchange& exchange) const;
  void finish(Response& response);
  void check_channel(Response& response) const;
  void prepare_channel(Response& response);
  void hand_over();
  std::string head_of(const Response& response, AfterAnswer after);
  Response refusal_response(const Problem& problem) const;
  void record(const Response& response);
  void log_access(const Response& response) const;
  void watch_deadline();

  Stream stream_;
  IoThread& io_;
  const ServerOptions& options_;
  const Router& router_;
  const Peer peer_;
  ConnectionCount::Place place_;
  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  std::optional<Problem> refusal_;
  /// When the connection last became idle, the request's first byte came, or its answer was
  /// written: read once for all who ask.
  SteadyClock::time_point now_ = SteadyClock::now();
  SteadyClock::time_point begun_ = now_;     ///< The first byte of the request.
  bool is_idle_ = false;                     ///< Nothing has begun that would be lost by closing.
  std::unique_ptr<ChannelOpening> channel_;  ///< The stream is to become a channel.

  Timer wake_up_;  ///< What the coroutine sleeps on while a handler works.
  /// One timer for all waits. It is moved only when it fires or a deadline comes nearer, not for
  /// every request.
  Timer deadline_timer_;
  SteadyClock::time_point deadline_;
  bool is_timed_out_ = false;
  std::size_t streamed_bytes_ = 0;  ///< Of the answer whose body was made while it was sent.
};

}  // namespace parley::http
