#pragma once

// The connection under one channel, from the answer that opens it to its end. It has taken over the
// stream of an HTTP connection, which is gone by then, and holds little while nothing happens: a
// small buffer to read into, one timer, one coroutine that reads. Writing needs a coroutine of its
// own only while the client is slow or with TLS. Lives on one I/O thread.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/channel.h"
#include "http/connection_count.h"
#include "http/io_types.h"
#include "http/message.h"
#include "http/stream.h"
#include "http/websocket_frame.h"

namespace parley::http {

struct IoThread;

/// What the HTTP connection knows of the channel to open.
struct ChannelOpening {
  ChannelOffer offer;
  std::string head;    ///< Of the answer, not written yet.
  std::string unread;  ///< Bytes that came behind the request.
};

class ChannelSession : public ChannelConnection,
                       public std::enable_shared_from_this<ChannelSession> {
 public:
  /// `place` is that of the connection. All references outlive the session.
  ChannelSession(Stream stream, IoThread& io, const ChannelOptions& options,
                 ConnectionCount::Place place, ChannelOpening opening);
  ~ChannelSession() override;
  ChannelSession(const ChannelSession&) = delete;
  ChannelSession& operator=(const ChannelSession&) = delete;

  /// The life of a session; never throws. To be spawned on its I/O thread.
  static Awaitable<void> serve(std::shared_ptr<ChannelSession> session);

  void flush() override;

  /// Closes the channel with 1001.
  void drain();

 private:
  /// Bytes on their way to the client. They stay where they are while a write is under way.
  struct Output {
    std::vector<SharedMessage> messages;
    std::string control;  ///< Behind the messages: control frames, heartbeats.
    std::size_t unwritten = 0;
    bool is_last = false;  ///< Nothing will follow.
  };
  class Buffers;

  Awaitable<void> run();
  Awaitable<bool> open();
  static Awaitable<void> write_rest(std::shared_ptr<ChannelSession> session);

  void receive(std::string_view bytes);
  void on_text(std::string_view text);
  void on_client_closes(const CloseReceived& closing);
  void on_violation(const ProtocolViolation& violation);

  void begin_closing();
  bool write_what_fits();
  bool refill_output();
  Buffers unwritten() const;
  std::string_view bytes_of(const PushMessage& message) const;
  void finish_sending();

  void act_on_deadline();
  void keep_alive();
  void ping();
  void send_heartbeat();
  void set_deadline(std::chrono::milliseconds from_now);
  void wait_for_deadline();
  void end();

  template <class Call>
  void tell_listener(const Call& call);

  Stream stream_;
  IoThread& io_;
  const ChannelOptions& options_;
  ConnectionCount::Place place_;
  const ChannelKind kind_;
  std::unique_ptr<ChannelOpening> opening_;  ///< Until it is open.
  const std::shared_ptr<Channel> channel_;
  std::shared_ptr<ChannelListener> listener_;
  WebSocketParser parser_;

  Output output_;
  std::string control_;  ///< For the next output.
  std::string pong_;     ///< The answer to the latest ping, for the next output.
  bool is_writing_ = false;
  bool has_sent_ = false;    ///< Something since the listener was told that all is sent.
  bool is_closing_ = false;  ///< The channel is to end by the deadline.
  bool is_deaf_ = false;     ///< What the client says does not matter any more.
  bool has_client_closed_ = false;
  bool is_end_sent_ = false;  ///< The last byte has been taken by the network.
  bool is_ended_ = false;
  bool is_ping_unanswered_ = false;
  SteadyClock::time_point heard_at_;

  Timer deadline_timer_;
  SteadyClock::time_point deadline_;
  std::array<char, 1024> input_;
};

}  // namespace parley::http
