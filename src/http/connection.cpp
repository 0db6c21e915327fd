#include "http/connection.h"

#include <algorithm>
#include <array>
#include <exception>

#include "base/log.h"
#include "http/channel_session.h"
#include "http/tls.h"

namespace parley::http {
namespace {

constexpr std::size_t kHeadReadBytes = 4 << 10;
constexpr std::size_t kBodyReadBytes = 64 << 10;
constexpr std::chrono::milliseconds kLingerTime{1000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

Problem request_timeout() {
  return {408, "request_timeout", "The request did not arrive in time.", {}, {}};
}

Problem tls_required() { return {400, "tls_required", "This port speaks HTTPS only.", {}, {}}; }

}  // namespace

Connection::Connection(Stream stream, Peer peer, ConnectionCount::Place place, IoThread& io,
                       const ServerOptions& options, const Router& router)
    : stream_(std::move(stream)),
      io_(io),
      options_(options),
      router_(router),
      peer_(std::move(peer)),
      place_(std::move(place)),
      buffer_(options.header_bytes_max + kBodyReadBytes),
      wake_up_(stream_.executor()),
      deadline_timer_(stream_.executor()) {}

Connection::~Connection() { io_.connections.erase(this); }

Awaitable<void> Connection::serve(std::shared_ptr<Connection> connection) {
  try {
    co_await connection->run();
  } catch (const std::exception& error) {
    log::error("A connection from {} was closed by an error: {}", connection->peer_.address,
               error.what());
  }
  if (connection->channel_) connection->hand_over();
  connection->stream_.close();
  connection->deadline_timer_.cancel();
}

Awaitable<void> Connection::run() {
  if (io_.is_draining) co_return;
  io_.connections.insert(this);
  ErrorOfIo ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
  deadline_ = now_ + (stream_.has_tls() ? options_.request_timeout : options_.idle_timeout);
  watch_deadline();
  bool goes_on = co_await shake_hands();
  while (goes_on) {
    const Arrival arrival = refusal_ ? Arrival::Refusal : co_await receive();
    if (arrival == Arrival::Nothing) co_return;
    goes_on = co_await answer();
  }
  if (!channel_) co_await part();
}

/// True when requests can be read or, without TLS on either side, be refused.
Awaitable<bool> Connection::shake_hands() {
  if (!stream_.has_tls()) co_return true;
  is_idle_ = true;
  ErrorOfIo error;
  co_await stream_.handshake(error);
  is_idle_ = false;
  if (!error) co_return true;
  if (!is_plain_http(error)) co_return false;
  stream_.drop_tls();
  parser_.emplace(RequestLimits{options_.body_bytes_max, options_.header_bytes_max, &router_});
  refusal_ = tls_required();
  co_return true;
}

void Connection::drain() {
  if (is_idle_) stream_.close();
}

Awaitable<Connection::Arrival> Connection::receive() {
  parser_.emplace(RequestLimits{options_.body_bytes_max, options_.header_bytes_max, &router_});
  deadline_ = now_ + options_.idle_timeout;
  ErrorOfIo error;
  while (true) {
    const bool had_begun = parser_->has_begun();
    const Arrival arrival = read_buffered();
    // The time for the request runs from its first byte, not from the end of the one before.
    if (parser_->has_begun() && !had_begun) {
      begun_ = SteadyClock::now();
      deadline_ = begun_ + options_.request_timeout;
    }
    if (arrival != Arrival::Nothing) co_return arrival;
    if (parser_->takes_continue_request()) {
      const bool is_written = co_await write(kContinue, {});
      if (!is_written) co_return Arrival::Nothing;
    }
    is_idle_ = !parser_->has_begun();
    // `drain` may have come while the answer before was written.
    if (is_idle_ && io_.is_draining) co_return Arrival::Nothing;
    const auto space = buffer_.prepare(is_idle_ ? kHeadReadBytes : kBodyReadBytes);
    const std::size_t bytes = co_await stream_.read_some(space, error);
    is_idle_ = false;
    if (is_timed_out_) co_return give_up_reading();
    if (error) co_return Arrival::Nothing;
    buffer_.commit(bytes);
  }
}

/// Nothing when more bytes are needed.
Connection::Arrival Connection::read_buffered() {
  const auto bytes = buffer_.cdata();
  const auto fed = parser_->feed({static_cast<const char*>(bytes.data()), bytes.size()});
  buffer_.consume(fed.consumed);
  if (fed.progress == RequestParser::Progress::NeedsMore) return Arrival::Nothing;
  if (fed.progress == RequestParser::Progress::Complete) return Arrival::Request;
  refusal_ = parser_->problem();
  return Arrival::Refusal;
}

Connection::Arrival Connection::give_up_reading() {
  is_timed_out_ = false;
  if (!parser_->has_begun()) return Arrival::Nothing;
  refusal_ = request_timeout();
  return Arrival::Refusal;
}

Awaitable<bool> Connection::write(std::string_view head, std::string_view body) {
  deadline_ = SteadyClock::now() + options_.request_timeout;
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
  ErrorOfIo error;
  co_await stream_.write(buffers, error);
  co_return !error && !is_timed_out_;
}

/// Ends a connection whose last answer is written. After a refusal, or when TLS has an end of its
/// own, that takes a moment.
Awaitable<void> Connection::part() {
  if (!refusal_ && !stream_.has_tls()) co_return;
  is_idle_ = true;
  deadline_ = SteadyClock::now() + std::min(kLingerTime, options_.request_timeout);
  watch_deadline();
  ErrorOfIo ignored;
  co_await stream_.shutdown_send(ignored);
  if (refusal_) co_await linger();
}

/// Reads on after a refusal: closing with unread bytes would reset the connection, and the client
/// might lose the answer (RFC 9112 section 9.6).
Awaitable<void> Connection::linger() {
  ErrorOfIo error;
  while (!error && !is_timed_out_ && !io_.is_draining) {
    buffer_.clear();
    const auto space = buffer_.prepare(kBodyReadBytes);
    co_await stream_.read_raw(space, error);
  }
}

void Connection::watch_deadline() {
  // No deadline is set nearer than this, so none is noticed late.
  const auto nearest = std::min(options_.idle_timeout, options_.request_timeout);
  deadline_timer_.expires_at(std::min(deadline_, SteadyClock::now() + nearest));
  deadline_timer_.async_wait([self = shared_from_this()](const ErrorOfIo& error) {
    if (error || !self->stream_.is_open()) return;
    if (SteadyClock::now() >= self->deadline_) {
      self->is_timed_out_ = true;
      self->stream_.cancel();
    }
    self->watch_deadline();
  });
}

}  // namespace parley::http
