// The half of a connection that answers: from a request that was read, or refused, to its answer,
// to the lines and counts about it, or to the channel that takes the stream over.

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cerrno>
#include <exception>
#include <utility>

#include "base/log.h"
#include "http/channel_session.h"
#include "http/connection.h"
#include "http/target.h"
#include "http/websocket_handshake.h"

namespace parley::http {
namespace {

constexpr std::size_t kIdleBufferBytes = 16 << 10;
constexpr std::size_t kRequestIdBytesMax = 128;
constexpr auto kNoDeadline = SteadyClock::time_point::max();

bool is_usable_request_id(std::string_view id) {
  return !id.empty() && id.size() <= kRequestIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

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
  const AfterAnswer after = after_answer(response, goes_on);
  const std::string head = head_of(response, after);
  const bool without_body = request.method == "HEAD" || has_no_body(response.status);
  const std::string_view body = without_body ? std::string_view() : response.body;
  const bool had_gone = response.on_undelivered && has_client_gone();
  bool is_written = co_await write(head, body);
  if (is_written && response.body_source && !without_body) {
    const auto framing = after == AfterAnswer::Stream ? Framing::None : Framing::Chunks;
    is_written = co_await write_pieces(response, framing);
  }
  if (response.on_undelivered && (had_gone || !is_written)) response.on_undelivered();
  record(response);
  if (buffer_.size() == 0 && buffer_.capacity() > kIdleBufferBytes) buffer_.shrink_to_fit();
  co_return is_written&& goes_on&& after != AfterAnswer::Stream;
}

/// A body of unknown length is sent in chunks, which HTTP/1.0 does not know.
AfterAnswer Connection::after_answer(const Response& response, bool goes_on) const {
  if (!response.body_source) return goes_on ? AfterAnswer::KeepOpen : AfterAnswer::Close;
  if (!parser_->is_http_1_1()) return AfterAnswer::Stream;
  return goes_on ? AfterAnswer::Chunked : AfterAnswer::ChunkedClose;
}

std::shared_ptr<Exchange> Connection::ask_for_piece(const BodySource& next) {
  auto exchange = std::make_shared<Exchange>();
  const Responder responder = io_.mailbox->responder_for(exchange);
  try {
    next([responder](std::string piece) {
      Response carrier;
      carrier.body = std::move(piece);
      responder(std::move(carrier));
    });
  } catch (const std::exception& error) {
    log::error("Request {} was cut off while its answer was made: {}", parser_->request()->id,
               error.what());
  }
  return exchange;
}

/// Writes what the source gives, until its end. False when it gave up or the client has gone.
Awaitable<bool> Connection::write_pieces(const Response& response, Framing framing) {
  while (true) {
    deadline_ = kNoDeadline;
    const auto exchange = ask_for_piece(response.body_source);
    if (!exchange->is_answered) co_await wait_for(*exchange);
    if (!exchange->response) co_return false;
    std::string piece = std::move(exchange->response->body);
    const bool is_end = piece.empty();
    streamed_bytes_ += piece.size();
    std::string size;
    if (framing == Framing::Chunks) {
      size = fmt::format("{:x}\r\n", piece.size());
      piece += "\r\n";
    }
    const bool is_written = co_await write(size, piece);
    if (!is_written || is_end) co_return is_written;
  }
}

/// True when the client has ended its side: a write would still succeed, into the void.
bool Connection::has_client_gone() {
  char byte = 0;
  const auto read =
      ::recv(stream_.socket().native_handle(), &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT);
  return read == 0 || (read < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
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

void Connection::record(const Response& response) {
  now_ = SteadyClock::now();
  log_access(response);
  const std::size_t bytes = response.body.size() + std::exchange(streamed_bytes_, 0);
  io_.request_metrics.count(*parser_->request(), response, bytes, now_ - begun_);
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
      {"bytes", static_cast<std::int64_t>(response.body.size() + streamed_bytes_)},
      {"microseconds", took.count()},
      {"peer", peer_.address},
      {"id", request.id},
  }};
  log::write(level, "request", fields);
}

}  // namespace parley::http
