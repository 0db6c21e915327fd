#include "http/channel_session.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/overloaded.h"
#include "http/connection.h"
#include "http/event_stream.h"

namespace parley::http {
namespace {

/// Asio hands the system at most 64 buffers in one call; one is left for control frames.
constexpr std::size_t kMessagesPerWrite = 63;
constexpr std::string_view kServerStops = "the server stops";

}  // namespace

/// What one write is given.
class ChannelSession::Buffers {
 public:
  void add(std::string_view bytes) {
    if (!bytes.empty()) list_[count_++] = asio::buffer(bytes);
  }
  std::span<const asio::const_buffer> list() const { return {list_.data(), count_}; }

 private:
  std::array<asio::const_buffer, kMessagesPerWrite + 1> list_;
  std::size_t count_ = 0;
};

ChannelSession::ChannelSession(Stream stream, IoThread& io, const ChannelOptions& options,
                               ConnectionCount::Place place, ChannelOpening opening)
    : stream_(std::move(stream)),
      io_(io),
      options_(options),
      place_(std::move(place)),
      kind_(opening.offer.kind),
      opening_(std::make_unique<ChannelOpening>(std::move(opening))),
      channel_(std::make_shared<Channel>(io.wake_ups, options)),
      parser_(options.text_bytes_max),
      deadline_timer_(stream_.executor(), SteadyClock::time_point::max()) {
  io_.sessions.insert(this);
}

ChannelSession::~ChannelSession() {
  end();
  io_.sessions.erase(this);
}

Awaitable<void> ChannelSession::serve(std::shared_ptr<ChannelSession> session) {
  try {
    co_await session->run();
  } catch (const std::exception& error) {
    log::error("A channel was closed by an error: {}", error.what());
  }
  session->end();
}

Awaitable<void> ChannelSession::run() {
  ErrorOfIo error;
  stream_.socket().non_blocking(true, error);
  set_deadline(options_.close_within);
  const bool is_open = co_await open();
  while (is_open && stream_.is_open()) {
    const auto bytes = co_await stream_.read_some(asio::buffer(input_), error);
    if (error) co_return;
    receive({input_.data(), bytes});
  }
}

/// Writes the answer and makes the listener. False when the client has gone meanwhile.
Awaitable<bool> ChannelSession::open() {
  if (kind_ == ChannelKind::EventStream) {
    opening_->head += event_stream_opening(options_.retry_after);
  }
  const std::array<asio::const_buffer, 1> head{asio::buffer(opening_->head)};
  ErrorOfIo error;
  co_await stream_.write(head, error);
  if (error) co_return false;
  const auto opening = std::move(opening_);
  channel_->attach(*this);
  tell_listener([&] { listener_ = opening->offer.open(channel_); });
  set_deadline(kind_ == ChannelKind::WebSocket ? options_.ping_after : options_.heartbeat_every);
  if (io_.is_draining) drain();
  receive(opening->unread);
  // What was sent before `attach` woke nobody.
  flush();
  co_return true;
}

void ChannelSession::drain() { channel_->close(close_code::kGoingAway, std::string(kServerStops)); }

void ChannelSession::receive(std::string_view bytes) {
  heard_at_ = SteadyClock::now();
  if (std::exchange(is_ping_unanswered_, false) && !is_closing_) set_deadline(options_.ping_after);
  while (kind_ == ChannelKind::WebSocket && !is_deaf_) {
    const auto event = parser_.next(bytes);
    if (!event) return;
    std::visit(overloaded{[&](const TextReceived& text) { on_text(text.text); },
                          [&](const PingReceived& ping) {
                            // RFC 6455 section 5.5.3: the latest ping is answered, so that a client
                            // that only asks cannot pile up answers.
                            pong_ = pong_frame(ping.payload);
                            flush();
                          },
                          [](const PongReceived&) {},
                          [&](const CloseReceived& closing) { on_client_closes(closing); },
                          [&](const ProtocolViolation& found) { on_violation(found); }},
               *event);
  }
}

/// Calls the application, whose exceptions end the channel.
template <class Call>
void ChannelSession::tell_listener(const Call& call) {
  try {
    call();
  } catch (const std::exception& error) {
    log::error("A channel is closed, because its listener failed: {}", error.what());
    channel_->close(close_code::kInternalError, "internal error");
  }
}

void ChannelSession::on_text(std::string_view text) {
  if (!listener_ || !channel_->is_open()) return;
  tell_listener([&] { listener_->on_text(text); });
}

void ChannelSession::on_client_closes(const CloseReceived& closing) {
  is_deaf_ = true;
  has_client_closed_ = true;
  if (is_end_sent_) return stream_.close();
  channel_->abandon(closing.code.value_or(close_code::kNormal), {});
}

void ChannelSession::on_violation(const ProtocolViolation& violation) {
  is_deaf_ = true;
  channel_->abandon(violation.code, std::string(violation.reason));
}

void ChannelSession::flush() {
  if (is_end_sent_ || is_ended_) return;
  if (is_writing_) {
    // The writer will take what has come; that the channel is to end cannot wait for it.
    if (!channel_->is_open()) begin_closing();
    return;
  }
  is_writing_ = true;
  if (write_what_fits()) {
    is_writing_ = false;
  } else {
    asio::co_spawn(stream_.executor(), write_rest(shared_from_this()), asio::detached);
  }
}

void ChannelSession::begin_closing() {
  if (std::exchange(is_closing_, true)) return;
  set_deadline(options_.close_within);
}

/// True when nothing is left to write, or nobody to write to.
bool ChannelSession::write_what_fits() {
  while (refill_output()) {
    const Buffers buffers = unwritten();
    ErrorOfIo error;
    output_.unwritten -= stream_.write_now(buffers.list(), error);
    if (error == asio::error::would_block) return false;
    if (error) {
      stream_.close();
      return true;
    }
  }
  return true;
}

Awaitable<void> ChannelSession::write_rest(std::shared_ptr<ChannelSession> session) {
  ErrorOfIo error;
  while (!error && session->refill_output()) {
    const Buffers buffers = session->unwritten();
    const std::size_t bytes = co_await session->stream_.write(buffers.list(), error);
    session->output_.unwritten -= bytes;
  }
  session->is_writing_ = false;
  if (error) session->stream_.close();
}

/// True when there is something to write: what is left, or what has come since.
bool ChannelSession::refill_output() {
  if (is_ended_ || !stream_.is_open()) return false;
  if (output_.unwritten > 0) return true;
  if (output_.is_last) {
    finish_sending();
    return false;
  }
  output_.messages.clear();
  const Channel::Taken taken = channel_->take(output_.messages, kMessagesPerWrite);
  if (taken.is_closing) begin_closing();
  output_.control = std::exchange(control_, {});
  output_.control += std::exchange(pong_, {});
  if (taken.closing) {
    output_.is_last = true;
    if (kind_ == ChannelKind::WebSocket) {
      output_.control += close_frame(taken.closing->code, taken.closing->reason);
    }
  }
  for (const SharedMessage& message : output_.messages) {
    output_.unwritten += bytes_of(*message).size();
  }
  output_.unwritten += output_.control.size();
  has_sent_ = has_sent_ || taken.messages > 0;
  if (output_.unwritten > 0) return true;
  output_.messages = {};
  if (output_.is_last) {
    finish_sending();
  } else if (std::exchange(has_sent_, false) && listener_) {
    tell_listener([&] { listener_->on_drained(); });
  }
  return false;
}

/// The last `output_.unwritten` bytes of the output.
ChannelSession::Buffers ChannelSession::unwritten() const {
  std::size_t total = output_.control.size();
  for (const SharedMessage& message : output_.messages) total += bytes_of(*message).size();
  std::size_t written = total - output_.unwritten;
  Buffers buffers;
  const auto add = [&](std::string_view bytes) {
    const std::size_t skipped = std::min(written, bytes.size());
    written -= skipped;
    buffers.add(bytes.substr(skipped));
  };
  for (const SharedMessage& message : output_.messages) add(bytes_of(*message));
  add(output_.control);
  return buffers;
}

std::string_view ChannelSession::bytes_of(const PushMessage& message) const {
  return kind_ == ChannelKind::WebSocket ? message.websocket_bytes() : message.event_stream_bytes();
}

/// The client sees the end and closes; what it still sends until then is read and dropped, because
/// closing with unread bytes would reset the connection and might lose the last message.
void ChannelSession::finish_sending() {
  is_end_sent_ = true;
  if (has_client_closed_) return stream_.close();
  ErrorOfIo ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
}

void ChannelSession::act_on_deadline() {
  if (opening_ || is_closing_) return stream_.close();
  if (kind_ == ChannelKind::WebSocket) {
    ping();
  } else {
    send_heartbeat();
  }
}

/// Pings a client that has been silent, and gives up one that stayed so.
void ChannelSession::ping() {
  const auto silent_for =
      std::chrono::floor<std::chrono::milliseconds>(SteadyClock::now() - heard_at_);
  if (silent_for < options_.ping_after) return set_deadline(options_.ping_after - silent_for);
  if (is_ping_unanswered_) return stream_.close();
  is_ping_unanswered_ = true;
  control_ += ping_frame({});
  set_deadline(options_.pong_within);
  flush();
}

/// A client that has not taken the heartbeat before is given up.
void ChannelSession::send_heartbeat() {
  if (!control_.empty()) return stream_.close();
  control_ = kEventStreamHeartbeat;
  set_deadline(options_.heartbeat_every);
  flush();
}

void ChannelSession::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = SteadyClock::now() + from_now;
  // A timer that fires too early is set again then.
  if (deadline_ < deadline_timer_.expiry()) wait_for_deadline();
}

void ChannelSession::wait_for_deadline() {
  deadline_timer_.expires_at(deadline_);
  deadline_timer_.async_wait([self = shared_from_this()](const ErrorOfIo& error) {
    if (error || self->is_ended_) return;
    // Not set any more: what is done now may set it.
    self->deadline_timer_.expires_at(SteadyClock::time_point::max());
    if (SteadyClock::now() >= self->deadline_) self->act_on_deadline();
    if (self->deadline_ < self->deadline_timer_.expiry()) self->wait_for_deadline();
  });
}

void ChannelSession::end() {
  if (std::exchange(is_ended_, true)) return;
  stream_.close();
  deadline_timer_.cancel();
  channel_->end();
  const auto listener = std::move(listener_);
  if (!listener) return;
  try {
    listener->on_closed();
  } catch (const std::exception& error) {
    log::error("The end of a channel was not taken in: {}", error.what());
  }
}

}  // namespace parley::http
