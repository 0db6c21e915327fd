#pragma once

// Follows the event log of one namespace and hands every event on, once and in order: what this
// process has committed at once, what other processes have committed by looking at the log every
// now and then. Looking is one row by its key, which every engine and every proxy before it can do
// (docs/decisions/0013). A thread of its own with a connection of its own.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "database/connection.h"
#include "store/event_log.h"

namespace parley::store {

class EventTail {
 public:
  /// Told of events, and of the place in the log that they lead to; on the tail's thread. What it
  /// throws is logged, and the events count as told.
  using Listener = std::function<void(const Cursor& end, std::span<const LoggedEvent>)>;

  struct Options {
    Listener listener;
    /// While it says no, the listener is only told how far the log has come, without events.
    std::function<bool()> is_wanted;
    std::chrono::milliseconds look_every{40};
  };

  /// Begins after the newest event. `open` makes connections, now and when one is lost. Throws what
  /// it throws. Requires: the log has been opened (`open_log`).
  EventTail(std::function<std::unique_ptr<database::Connection>()> open, Options options);
  ~EventTail();
  EventTail(const EventTail&) = delete;
  EventTail& operator=(const EventTail&) = delete;

  /// What this process has just committed. Any thread.
  void committed(std::vector<LoggedEvent> events);

 private:
  void run();
  void tell(const Cursor& end, std::span<const LoggedEvent> events);
  void hand_on(const std::vector<std::vector<LoggedEvent>>& batches);
  void look();
  database::Connection& connection();

  const std::function<std::unique_ptr<database::Connection>()> open_;
  const Options options_;
  std::unique_ptr<database::Connection> connection_;
  Cursor last_;  ///< Everything up to here has been told.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<LoggedEvent>> committed_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace parley::store
