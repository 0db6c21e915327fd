#pragma once

// How often somebody may do something: a token bucket per key (an address, an account, a token). A
// bucket is full at first and refills evenly. Memory is bounded whatever keys come: the keys unused
// for longest are forgotten, which means a full bucket for them. Any thread.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "http/message.h"

namespace parley::http {

/// `count` at once, and again as many in each `per`.
struct Rate {
  int count = 1;
  std::chrono::seconds per{60};
};

class RateLimiter {
 public:
  /// `clock` must outlive the limiter. At most about `keys_max` keys are remembered, in 16 to 40
  /// bytes each. Requires: rate.count ≥ 1, rate.per ≥ 1 s, keys_max ≥ 1.
  RateLimiter(const Rate& rate, const Clock& clock, std::size_t keys_max = 100'000);

  /// Takes one of `key`'s tokens: nothing when there was one; else, and then none is taken, how
  /// long it is until there is one, at least a second.
  std::optional<std::chrono::seconds> take(std::string_view key);

 private:
  using HashOfKey = std::uint64_t;
  /// When the bucket of each key will be full again.
  using FullAt = std::unordered_map<HashOfKey, Timestamp>;
  struct Shard {
    std::mutex mutex;
    FullAt recent;
    FullAt older;  ///< What `recent` was when it became full.
  };
  static constexpr std::size_t kShards = 16;

  HashOfKey hash_of(std::string_view key) const;
  Timestamp& full_at(Shard& shard, HashOfKey key) const;

  const std::chrono::microseconds interval_;  ///< Between two tokens.
  const std::chrono::microseconds window_;    ///< From empty to full.
  const Clock& clock_;
  const std::size_t keys_per_map_;
  std::array<unsigned char, 16> secret_;  ///< So that nobody can make keys collide.
  std::array<Shard, kShards> shards_;
};

/// A limit of requests as the configuration states it.
class PerMinute {
 public:
  /// So many for each key; 0 or less: any number. `clock` must outlive the limit.
  PerMinute(int count, const Clock& clock);

  /// Counts one. Throws the 429 problem with `Retry-After` when it was one too many.
  void count(std::string_view key);

 private:
  std::optional<RateLimiter> limiter_;
};

}  // namespace parley::http
