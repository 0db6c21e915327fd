#pragma once

// How many connections a server has open, in all and from each address: to refuse more than it may
// have, and to wait for the last one to close. Any thread.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "http/metrics.h"

namespace parley::http {

class ConnectionCount {
 public:
  /// One connection's place in the count, free again when this object goes. Can be handed on.
  class Place {
   public:
    Place(Place&& other) noexcept
        : count_(std::exchange(other.count_, nullptr)), address_(std::move(other.address_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (count_ != nullptr) count_->leave(address_);
    }

   private:
    friend class ConnectionCount;
    Place(ConnectionCount& count, std::string address)
        : count_(&count), address_(std::move(address)) {}

    ConnectionCount* count_;
    std::string address_;
  };

  /// `per_address_max` 0: an address may have any number. `metrics`, unless null, is told, and
  /// outlives the count.
  ConnectionCount(std::size_t max, std::size_t per_address_max, Metrics* metrics)
      : max_(max), per_address_max_(per_address_max), metrics_(metrics) {}

  /// A place for one more from `address`; nothing when that would be too many. The count outlives
  /// the place.
  [[nodiscard]] std::optional<Place> enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (open_ >= max_) return std::nullopt;
    if (per_address_max_ > 0) {
      std::size_t& from_there = by_address_[address];
      if (from_there >= per_address_max_) return std::nullopt;
      ++from_there;
    }
    ++open_;
    if (metrics_ != nullptr) metrics_->connection_opened();
    return Place(*this, address);
  }

  /// Waits until none is open, at most `timeout`.
  void wait_for_none(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, timeout, [this] { return open_ == 0; });
  }

 private:
  void leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (per_address_max_ > 0) {
      const auto from_there = by_address_.find(address);
      if (--from_there->second == 0) by_address_.erase(from_there);
    }
    if (metrics_ != nullptr) metrics_->connection_closed();
    if (--open_ == 0) none_.notify_all();
  }

  const std::size_t max_;
  const std::size_t per_address_max_;
  Metrics* const metrics_;
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;  ///< Empty without a limit.
};

}  // namespace parley::http
