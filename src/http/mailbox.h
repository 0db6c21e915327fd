#pragma once

// How answers come back to the thread of a connection. Waking an I/O thread costs about 20 µs, so
// answers are collected and one wake-up is under way at a time: a commit group that finishes 200
// requests wakes it once or twice. A mailbox outlives its I/O context, because responders may be
// called at any later time.

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "http/io_types.h"
#include "http/router.h"

namespace parley::http {

/// One request under way: where its answer is put and who waits for it. Belongs to the I/O thread.
struct Exchange {
  bool is_answered = false;
  std::optional<Response> response;  ///< Nothing when the handler dropped its responder.
  Timer* waiting = nullptr;          ///< Cancelled when the answer is there.
};

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  explicit Mailbox(Executor executor) : executor_(executor) {}

  /// Says that the caller is the thread which runs the I/O context. Called before the first
  /// `deliver`.
  void settle_on_this_thread();

  /// Completes the exchange on the I/O thread: at once when this is it, else with the next batch.
  /// Does nothing after `close`. Any thread.
  void deliver(std::shared_ptr<Exchange> exchange, std::optional<Response> response);

  /// From now on answers are dropped, and the I/O context may go. Any thread.
  void close();

  /// A responder for one exchange; see `Responder` for what it promises.
  Responder responder_for(std::shared_ptr<Exchange> exchange);

 private:
  struct Letter {
    std::shared_ptr<Exchange> exchange;
    std::optional<Response> response;
  };

  void deliver_waiting();

  const Executor executor_;
  std::mutex mutex_;
  std::thread::id thread_;
  std::vector<Letter> letters_;
  bool is_wake_up_posted_ = false;
  bool is_closed_ = false;
};

}  // namespace parley::http
