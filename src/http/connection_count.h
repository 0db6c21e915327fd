#pragma once

// How many connections a server has open: to refuse more than it may have, and to wait for the last
// one to close. Any thread.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace parley::http {

class ConnectionCount {
 public:
  explicit ConnectionCount(std::size_t max) : max_(max) {}

  /// Counts one more; false, and not counted, when `max` are open.
  [[nodiscard]] bool enter() {
    const std::lock_guard lock(mutex_);
    if (open_ >= max_) return false;
    ++open_;
    return true;
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    if (--open_ == 0) none_.notify_all();
  }

  /// Waits until none is open, at most `timeout`.
  void wait_for_none(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, timeout, [this] { return open_ == 0; });
  }

 private:
  const std::size_t max_;
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
};

}  // namespace parley::http
