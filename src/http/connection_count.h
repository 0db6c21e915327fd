#pragma once

// How many connections a server has open, in all and from each address: to refuse more than it may
// have, and to wait for the last one to close. Any thread.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace parley::http {

class ConnectionCount {
 public:
  /// `per_address_max` 0: an address may have any number.
  ConnectionCount(std::size_t max, std::size_t per_address_max)
      : max_(max), per_address_max_(per_address_max) {}

  /// Counts one more from `address`; false, and not counted, when that would be too many.
  [[nodiscard]] bool enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (open_ >= max_) return false;
    if (per_address_max_ > 0) {
      std::size_t& from_there = by_address_[address];
      if (from_there >= per_address_max_) return false;
      ++from_there;
    }
    ++open_;
    return true;
  }

  /// Requires: `address` has entered.
  void leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (per_address_max_ > 0) {
      const auto from_there = by_address_.find(address);
      if (--from_there->second == 0) by_address_.erase(from_there);
    }
    if (--open_ == 0) none_.notify_all();
  }

  std::size_t open() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

  /// Waits until none is open, at most `timeout`.
  void wait_for_none(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, timeout, [this] { return open_ == 0; });
  }

 private:
  const std::size_t max_;
  const std::size_t per_address_max_;
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;  ///< Empty without a limit.
};

}  // namespace parley::http
