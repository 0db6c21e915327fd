#include "http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "http/channel_session.h"
#include "http/target.h"
#include "http/tls.h"
#include "http/websocket_handshake.h"

namespace parley::http {
namespace {

constexpr std::size_t kHeadReadBytes = 4 << 10;
constexpr std::size_t kBodyReadBytes = 64 << 10;
constexpr std::size_t kIdleBufferBytes = 16 << 10;
constexpr std::size_t kRequestIdBytesMax = 128;
constexpr std::chrono::milliseconds kLingerTime{1000};
constexpr auto kNoDeadline = SteadyClock::time_point::max();
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_usable_request_id(std::string_view id) {
  return !id.empty() && id.size() <= kRequestIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

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
  parser_.emplace(RequestLimits{options_.body_bytes_max, options_.header_bytes_max});
  refusal_ = tls_required();
  co_return true;
}

void Connection::drain() {
  if (is_idle_) stream_.close();
}

Awaitable<Connection::Arrival> Connection::receive() {
  parser_.emplace(RequestLimits{options_.body_bytes_max, options_.header_bytes_max});
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

Awaitable<bool> Connection::answer() {
  begin_exchange();
  std::optional<Response> made = answer_at_once();
  if (!made) {
    deadline_ = kNoDeadline;
    const auto exchange = call_handler();
    if (!exchange->is_answered) co_await wait_for(*exchange);
    made = response_of(*exchange);
  }
  Response& response = *made;
  check_channel(response);
  finish(response);
  if (response.open_channel) {
    prepare_channel(response);
    record(response);
    co_return false;
  }
  const bool goes_on = !refusal_ && parser_->keeps_connection() && !io_.is_draining;
  const Request& request = *parser_->request();
  const std::string head = head_of(response, goes_on ? AfterAnswer::KeepOpen : AfterAnswer::Close);
  const bool without_body = request.method == "HEAD" || has_no_body(response.status);
  const std::string_view body = without_body ? std::string_view() : response.body;
  const bool is_written = co_await write(head, body);
  record(response);
  if (buffer_.size() == 0 && buffer_.capacity() > kIdleBufferBytes) buffer_.shrink_to_fit();
  co_return is_written&& goes_on;
}

std::string Connection::head_of(const Response& response, AfterAnswer after) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return response_head(response, parser_->request()->id, io_.date.at(now), after);
}

/// Makes an ordinary answer of one that cannot open its channel for this request.
void Connection::check_channel(Response& response) const {
  if (!response.open_channel) return;
  const Request& request = *parser_->request();
  if (response.open_channel->kind == ChannelKind::EventStream) {
    if (request.method == "HEAD") response.open_channel.reset();
    return;
  }
  auto problem = handshake_problem(request);
  if (!problem && !parser_->keeps_connection()) {
    problem = bad_request("A WebSocket needs HTTP/1.1 and a connection that is kept.");
  }
  if (problem) response = refusal_response(*problem);
}

void Connection::prepare_channel(Response& response) {
  const bool is_websocket = response.open_channel->kind == ChannelKind::WebSocket;
  if (is_websocket) {
    for (auto& field : handshake_headers(*parser_->request())) {
      response.headers.push_back(std::move(field));
    }
  }
  channel_ = std::make_unique<ChannelOpening>();
  channel_->offer = *std::move(response.open_channel);
  channel_->head = head_of(response, is_websocket ? AfterAnswer::KeepOpen : AfterAnswer::Stream);
  const auto unread = buffer_.cdata();
  channel_->unread.assign(static_cast<const char*>(unread.data()), unread.size());
}

/// The stream and the connection's place in the count go to a session.
void Connection::hand_over() {
  auto session =
      std::make_shared<ChannelSession>(std::exchange(stream_, Stream(Socket(io_.context))), io_,
                                       options_.channels, std::move(place_), std::move(*channel_));
  asio::co_spawn(io_.context, ChannelSession::serve(std::move(session)), asio::detached);
}

void Connection::begin_exchange() {
  Request& request = *parser_->request();
  request.peer = peer_.address;
  request.peer_is_loopback = peer_.is_loopback;
  const std::string_view id = request.header("X-Request-Id");
  request.id = is_usable_request_id(id) ? std::string(id) : io_.request_ids.next();
}

/// The answer that needs no handler; nothing when a handler must make it.
std::optional<Response> Connection::answer_at_once() const {
  const Request& request = *parser_->request();
  if (refusal_) return refusal_response(*refusal_);
  if (options_.cors.is_preflight(request)) return options_.cors.answer_preflight(request);
  return std::nullopt;
}

std::shared_ptr<Exchange> Connection::call_handler() {
  auto exchange = std::make_shared<Exchange>();
  router_.handle(parser_->request(), io_.mailbox->responder_for(exchange));
  return exchange;
}

Awaitable<void> Connection::wait_for(Exchange& exchange) {
  ErrorOfIo ignored;
  auto token = asio::redirect_error(kAwait, ignored);
  while (!exchange.is_answered) {
    wake_up_.expires_at(SteadyClock::time_point::max());
    exchange.waiting = &wake_up_;
    co_await wake_up_.async_wait(token);
  }
  exchange.waiting = nullptr;
}

Response Connection::response_of(Exchange& exchange) const {
  if (exchange.response) return std::move(*exchange.response);
  const Request& request = *parser_->request();
  log::error("Request {} {} {} was given up by its handler without an answer", request.id,
             request.method, request.path);
  const ErrorFacts& facts = facts_of(ErrorCode::Internal);
  return refusal_response(
      {facts.http_status, std::string(facts.name), std::string(facts.public_text), {}, {}});
}

void Connection::finish(Response& response) {
  const Request& request = *parser_->request();
  options_.cors.add_headers(request, response);
  compress_body(io_.gzip, request, response, options_.gzip_bytes_min);
}

Response Connection::refusal_response(const Problem& problem) const {
  const Request& request = *parser_->request();
  return router_.style_of(request.path)(problem, request);
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

void Connection::record(const Response& response) {
  now_ = SteadyClock::now();
  log_access(response);
  io_.request_metrics.count(*parser_->request(), response, now_ - begun_);
}

void Connection::log_access(const Response& response) const {
  const auto level = options_.logs_access ? log::Level::Info : log::Level::Debug;
  if (!log::is_enabled(level)) return;
  const Request& request = *parser_->request();
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now_ - begun_);
  const std::array<log::Field, 7> fields{{
      {"method", request.method},
      {"path", raw_path(parser_->target())},
      {"status", response.status},
      {"bytes", static_cast<std::int64_t>(response.body.size())},
      {"microseconds", took.count()},
      {"peer", peer_.address},
      {"id", request.id},
  }};
  log::write(level, "request", fields);
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
