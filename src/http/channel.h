#pragma once

// A channel: one client that is told what happens, over a WebSocket or as server-sent events. A
// handler offers one in its response (`Response::open_channel`); the application sends with
// `Channel::send` or, one message to many, with `deliver`, and hears of the client as a
// `ChannelListener`. A message is framed once, whatever the number of receivers, and what waits for
// a client goes out in one write.
//
// A slow client costs little: what waits for it is bounded. Beyond the soft limit transient
// messages are left out; beyond the hard limit the channel is closed with 4008, which invites the
// client to come back with its cursor, and what waited is freed.
//
// Channels may be held and used by any thread, also after the server is gone: a closed channel
// takes nothing in. Listeners are called on the channel's I/O thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// A text with its name and id, immutable, with the bytes that go over either kind of channel.
class PushMessage {
 public:
  /// `event` and `id` are for server-sent events only and may be empty. Requires: `text` is UTF-8;
  /// `event` and `id` are without line breaks and U+0000.
  static std::shared_ptr<const PushMessage> make(std::string_view text, std::string_view event = {},
                                                 std::string_view id = {});

  PushMessage(std::string_view text, std::string_view event, std::string_view id);

  std::string_view text() const;
  std::string_view event() const { return event_; }
  std::string_view id() const { return id_; }

  /// A text frame with the text.
  std::string_view websocket_bytes() const { return websocket_bytes_; }

  /// `id`, `event` and `data` lines. Made by the first call.
  std::string_view event_stream_bytes() const;

 private:
  std::string event_;
  std::string id_;
  std::string websocket_bytes_;
  std::size_t text_begin_;  ///< In the frame.
  mutable std::once_flag event_stream_once_;
  mutable std::string event_stream_bytes_;
};
using SharedMessage = std::shared_ptr<const PushMessage>;

enum class Importance {
  Durable,    ///< Sent, or the channel is closed with 4008.
  Transient,  ///< Typing, presence: left out for a slow client.
};

/// What the application does with one client. Calls come from the channel's I/O thread, one at a
/// time, and must not block. An exception is logged and closes the channel with 1011.
class ChannelListener {
 public:
  virtual ~ChannelListener() = default;

  /// A text message of a WebSocket's client. Its length is bounded (ChannelOptions).
  virtual void on_text(std::string_view text) = 0;

  /// Everything sent so far has been handed to the network. A listener with much to send sends a
  /// part and goes on from here, so that a large backlog does not run into the hard limit.
  virtual void on_drained() {}

  /// The channel has ended, for whatever reason. Called exactly once, as the last call; from the
  /// thread that stops the server when the I/O thread has gone.
  virtual void on_closed() = 0;
};

struct ChannelOptions {
  std::size_t text_bytes_max = 64 << 10;  ///< Of one message of a client; more closes with 1009.
  std::size_t waiting_bytes_soft = 256 << 10;     ///< Beyond it transient messages are left out.
  std::size_t waiting_bytes_hard = 4 << 20;       ///< Beyond it the channel is closed with 4008.
  std::chrono::milliseconds ping_after{30'000};   ///< Of silence on a WebSocket.
  std::chrono::milliseconds pong_within{30'000};  ///< Or the connection is closed.
  std::chrono::milliseconds heartbeat_every{15'000};  ///< Server-sent events.
  std::chrono::milliseconds retry_after{2'000};       ///< What a client of these is told to wait.
  std::chrono::milliseconds close_within{5'000};  ///< For the client to take the rest and leave.
};

class Channel;

/// How a channel says that it has something to send. Implemented by the I/O threads and by tests.
class ChannelWaker {
 public:
  virtual ~ChannelWaker() = default;

  /// `flush` is to be called for each of these channels by the thread they belong to. Any thread.
  virtual void wake(std::span<std::shared_ptr<Channel>> channels) = 0;
};

/// The connection under a channel, on its I/O thread.
class ChannelConnection {
 public:
  virtual ~ChannelConnection() = default;

  /// Takes what waits in the channel and writes it.
  virtual void flush() = 0;
};

/// Why a channel ends: a WebSocket close code with its reason.
struct ChannelClosing {
  std::uint16_t code;
  std::string reason;
};

class Channel : public std::enable_shared_from_this<Channel> {
 public:
  Channel(std::shared_ptr<ChannelWaker> waker, const ChannelOptions& options);

  /// Sends behind everything sent before, or leaves it out: the message when it is transient and
  /// the client slow, any message when the channel is closing. Any thread.
  void send(SharedMessage message, Importance importance);

  /// Ends the channel behind everything sent before; a WebSocket is told code and reason, of which
  /// at most 123 bytes are sent. The client has `close_within` to take the rest. The first call
  /// counts. Requires: `is_close_code(code)`, `reason` is UTF-8. Any thread.
  void close(std::uint16_t code, std::string reason);

  /// False once the channel is closing or closed. Any thread.
  bool is_open() const;

  /// What was sent and not yet handed to the network. Any thread.
  std::size_t waiting_bytes() const;

  // For `deliver` and for the connection under the channel.

  /// As `send`, without waking the connection: true when the caller must.
  [[nodiscard]] bool accept(SharedMessage message, Importance importance);

  /// As `close`, but what waits is thrown away.
  void abandon(std::uint16_t code, std::string reason);

  struct Taken {
    std::size_t messages = 0;
    bool is_closing = false;                ///< The channel is to end soon.
    std::optional<ChannelClosing> closing;  ///< Now: there is nothing behind these messages.
  };
  /// Moves at most `max` waiting messages behind those in `messages`. Those taken before count as
  /// handed to the network from now on. Nothing was taken: the channel wakes its connection again
  /// when there is something. The closing is given once.
  Taken take(std::vector<SharedMessage>& messages, std::size_t max);

  /// From now on `flush` reaches this connection. I/O thread.
  void attach(ChannelConnection& connection) { connection_ = &connection; }

  /// Hands a wake-up on to the connection, if there still is one. I/O thread.
  void flush() {
    if (connection_) connection_->flush();
  }

  /// The connection has gone. I/O thread.
  void end();

  const std::shared_ptr<ChannelWaker>& waker() const { return waker_; }

 private:
  enum class State : std::uint8_t { Open, Closing, Closed };
  enum class Waiting { Send, Drop };

  void begin_closing(std::uint16_t code, std::string reason, Waiting waiting);
  void wake();
  void drop_waiting();
  void forget_taken();

  const std::shared_ptr<ChannelWaker> waker_;
  const std::size_t bytes_soft_;
  const std::size_t bytes_hard_;
  ChannelConnection* connection_ = nullptr;

  mutable std::mutex mutex_;
  std::vector<SharedMessage> waiting_;
  std::size_t first_waiting_ = 0;  ///< Those before it have been taken.
  std::size_t waiting_bytes_ = 0;  ///< With those being written.
  std::size_t being_written_ = 0;  ///< Bytes taken last.
  State state_ = State::Open;
  bool is_awake_ = false;  ///< The connection knows, or will, that something waits.
  std::unique_ptr<ChannelClosing> closing_;
};

struct Delivery {
  std::shared_ptr<Channel> channel;
  SharedMessage message;
  Importance importance = Importance::Durable;
};

/// Sends each message to its channel, in order, and wakes every I/O thread at most once. Any
/// thread.
void deliver(std::span<const Delivery> deliveries);

}  // namespace parley::http
