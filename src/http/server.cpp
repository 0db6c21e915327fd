#include "http/server.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <optional>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"
#include "http/channel_session.h"
#include "http/connection.h"
#include "http/tls.h"

namespace parley::http {
namespace {

/// After a failed accept, most likely for want of file descriptors: trying at once would only burn
/// the processor.
constexpr std::chrono::milliseconds kAcceptPause{100};

tcp::endpoint endpoint_of(const ServerOptions& options) {
  ErrorOfIo error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    throw Error(ErrorCode::InvalidConfiguration,
                "The address to listen on, \"" + options.address + "\", is not an IP address.",
                "Give one such as 127.0.0.1, 0.0.0.0 or ::1.");
  }
  return {address, options.port};
}

/// Without SO_REUSEPORT on purpose: with it, a second server on the same port would start without a
/// word and take half of the connections.
void listen_on(Acceptor& acceptor, const tcp::endpoint& endpoint) {
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("Cannot listen on {} port {}: {}.", endpoint.address().to_string(),
                            endpoint.port(), error.code().message()),
                "Stop the program that uses this port, or choose another with --listen.");
  }
}

/// An IPv4 client of a socket that listens on `::` is named by its IPv4 address.
Peer peer_of(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) {
    return {address.to_string(), address.is_loopback()};
  }
  const auto v4 = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {v4.to_string(), v4.is_loopback()};
}

/// What a connection too many is told before anything was read from it.
std::string refusal_of_connection() {
  const Problem problem{503,
                        "too_many_connections",
                        "The server has too many connections open.",
                        {},
                        {{"Retry-After", "1"}}};
  const Response response = problem_response(problem, Request{.path = "*"});
  DateText date;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return response_head(response, RequestIds().next(), date.at(now), AfterAnswer::Close) +
         response.body;
}

/// Writes what fits into the empty buffer of a new socket, without waiting.
void send_at_once(Socket& socket, std::string_view text) {
  ErrorOfIo error;
  socket.non_blocking(true, error);
  socket.write_some(asio::buffer(text), error);
  socket.shutdown(Socket::shutdown_send, error);
}

void run_thread(IoThread& io) {
  io.mailbox->settle_on_this_thread();
  while (!io.context.stopped()) {
    try {
      io.context.run();
    } catch (const std::exception& error) {
      log::error("An I/O thread goes on after an error: {}", error.what());
    }
  }
}

void drain_connections(IoThread& io) {
  io.is_draining = true;
  for (Connection* connection : io.connections) connection->drain();
  for (ChannelSession* session : io.sessions) session->drain();
}

}  // namespace

struct Server::State {
  State(ServerOptions given, const Router& routes)
      : options(std::move(given)),
        router(routes),
        count(options.connections_max, options.connections_per_address_max, options.metrics) {
    PARLEY_CHECK(options.threads >= 1);
    if (has_tls()) tls = make_tls_context(tls_files());
    for (int i = 0; i < options.threads; ++i) {
      threads.push_back(std::make_unique<IoThread>(options.metrics));
    }
    acceptor.emplace(threads.front()->context);
    listen_on(*acceptor, endpoint_of(options));
    port = acceptor->local_endpoint().port();
  }

  bool has_tls() const { return !options.tls_certificate.empty() || !options.tls_key.empty(); }
  TlsFiles tls_files() const { return {options.tls_certificate, options.tls_key}; }

  Awaitable<void> accept_connections();
  void welcome(Socket socket, IoThread& io);

  const ServerOptions options;
  const Router& router;
  ConnectionCount count;
  /// Null: without TLS. Belongs to the first thread once started. OpenSSL keeps what connections
  /// were made with for as long as these need it (SSL_new).
  std::shared_ptr<asio::ssl::context> tls;
  std::vector<std::unique_ptr<IoThread>> threads;
  std::optional<Acceptor> acceptor;  ///< Belongs to the first thread once started.
  std::uint16_t port = 0;
};

/// One socket listens and the connections are dealt out in turn, so that every thread has as many
/// as the next.
Awaitable<void> Server::State::accept_connections() {
  ErrorOfIo error;
  auto token = asio::redirect_error(kAwait, error);
  Timer pause(threads.front()->context);
  for (std::size_t turn = 0; acceptor->is_open(); ++turn) {
    IoThread& io = *threads[turn % threads.size()];
    Socket socket(io.context);
    co_await acceptor->async_accept(socket, token);
    if (!error) {
      welcome(std::move(socket), io);
    } else if (acceptor->is_open()) {
      log::warning("A connection could not be accepted: {}", error.message());
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(token);
    }
  }
}

void Server::State::welcome(Socket socket, IoThread& io) {
  ErrorOfIo error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return;  // The client has gone already.
  Peer peer = peer_of(endpoint.address());
  auto place = count.enter(peer.address);
  if (!place) {
    log::debug("A connection from {} was refused: too many are open", peer.address);
    if (!tls) send_at_once(socket, refusal_of_connection());
    return;
  }
  Stream stream = tls ? Stream(std::move(socket), *tls) : Stream(std::move(socket));
  auto connection = std::make_shared<Connection>(std::move(stream), std::move(peer),
                                                 *std::move(place), io, options, router);
  asio::co_spawn(io.context, Connection::serve(std::move(connection)), asio::detached);
}

Server::Server(ServerOptions options, const Router& router)
    : state_(std::make_unique<State>(std::move(options), router)) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return state_->port; }

void Server::start() {
  asio::co_spawn(state_->threads.front()->context, state_->accept_connections(), asio::detached);
  for (auto& io : state_->threads) {
    io->thread = std::thread([&thread = *io] { run_thread(thread); });
  }
}

bool Server::renew_certificate() {
  if (!state_->has_tls()) return false;
  std::shared_ptr<asio::ssl::context> renewed = make_tls_context(state_->tls_files());
  asio::post(state_->threads.front()->context,
             [this, renewed = std::move(renewed)] { state_->tls = renewed; });
  return true;
}

void Server::stop(std::chrono::milliseconds grace) {
  if (state_->threads.empty()) return;
  if (state_->threads.front()->thread.joinable()) {
    asio::post(state_->threads.front()->context, [this] {
      ErrorOfIo ignored;
      state_->acceptor->close(ignored);
    });
    for (auto& io : state_->threads) {
      asio::post(io->context, [&thread = *io] { drain_connections(thread); });
    }
    state_->count.wait_for_none(grace);
  }
  for (auto& io : state_->threads) io->context.stop();
  for (auto& io : state_->threads) {
    if (io->thread.joinable()) io->thread.join();
    io->mailbox->close();
    io->wake_ups->close();
  }
  state_->acceptor.reset();
  state_->threads.clear();
}

}  // namespace parley::http
