#pragma once

// The HTTP/1.1 server: sockets, parsing, limits and time-outs, on Boost.Asio and Beast, whose
// headers stay in server.cpp, connection, mailbox and request_parser. One thread per I/O context, a
// coroutine per connection, keep-alive; pipelined requests are answered one after the other, in
// order. What cannot be read (malformed, too large, too slow) is answered in the style of the
// path's group, and the connection is closed.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "http/channel.h"
#include "http/cors.h"
#include "http/router.h"

namespace parley::http {

class Metrics;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;             ///< 0 picks a free one.
  int threads = 2;                       ///< ≥ 1.
  std::size_t body_bytes_max = 1 << 20;  ///< Larger bodies are answered with 413.
  std::size_t header_bytes_max = 16 << 10;
  std::size_t connections_max = 10000;  ///< More are answered with 503, with TLS closed at once.
  std::size_t connections_per_address_max = 0;     ///< The same, of one address; 0: no limit.
  std::chrono::milliseconds idle_timeout{75'000};  ///< Between requests.
  /// For one request to arrive in full from its first byte (408), however it dribbles in, and for
  /// one answer to be taken.
  std::chrono::milliseconds request_timeout{30'000};
  bool logs_access = false;  ///< A line for every request at level info; without, at debug.
  Cors cors;
  std::size_t gzip_bytes_min = 1024;  ///< Smaller answers are never compressed.
  Metrics* metrics = nullptr;         ///< Outlives the server; null: nothing is counted.
  /// PEM files; with them the port speaks TLS only. Both or none.
  std::string tls_certificate;
  std::string tls_key;
  ChannelOptions channels;
};

class Server {
 public:
  /// Binds and listens, so that `port()` is known, but accepts nothing yet. `router` must outlive
  /// the server. Throws Error{InvalidConfiguration} when the address cannot be bound or a TLS file
  /// cannot be used, with the reason.
  Server(ServerOptions options, const Router& router);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;

  /// Starts the threads and returns. Requires: called once, before stop().
  void start();

  /// Reads certificate and key anew; connections that come from now on get them, those that are
  /// open keep theirs. False without TLS, when there is nothing to do. Throws
  /// Error{InvalidConfiguration} as the constructor does, and goes on with what it has. Requires:
  /// start() was called, and not stop().
  bool renew_certificate();

  /// Stops accepting, closes idle connections at once, lets requests that have begun be answered
  /// (at most `grace`), closes channels with 1001, closes the rest, joins. Answers that come later
  /// are dropped. A second call does nothing. Not to be called from a handler.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(10));

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::http
