#include "http/rate_limit.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "base/error.h"

namespace parley::http {
namespace {

Problem too_many_requests(std::chrono::seconds retry_after) {
  const ErrorFacts& facts = facts_of(ErrorCode::TooManyRequests);
  return {facts.http_status,
          std::string(facts.name),
          "Too many requests. Try again later.",
          {},
          {{"Retry-After", std::to_string(retry_after.count())}}};
}

}  // namespace

static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == sizeof(std::uint64_t));

RateLimiter::RateLimiter(const Rate& rate, const Clock& clock, std::size_t keys_max)
    : interval_(std::chrono::microseconds(rate.per) / std::max(rate.count, 1)),
      window_(interval_ * rate.count),
      clock_(clock),
      keys_per_map_(std::max<std::size_t>(keys_max / kShards / 2, 1)) {
  PARLEY_CHECK(rate.count >= 1 && rate.per.count() >= 1 && keys_max >= 1);
  PARLEY_CHECK(sodium_init() >= 0);
  crypto_shorthash_keygen(secret_.data());
}

std::optional<std::chrono::seconds> RateLimiter::take(std::string_view key) {
  const HashOfKey hash = hash_of(key);
  Shard& shard = shards_[hash % kShards];
  const Timestamp now = clock_.now();
  const std::lock_guard lock(shard.mutex);
  Timestamp& full = full_at(shard, hash);
  // At most an empty bucket: so a clock that was set back locks nobody out for longer.
  full = std::clamp(full, now, now + window_);
  if (full + interval_ > now + window_) {
    const auto wait = full + interval_ - now - window_;
    return std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(1));
  }
  full += interval_;
  return std::nullopt;
}

RateLimiter::HashOfKey RateLimiter::hash_of(std::string_view key) const {
  HashOfKey hash = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                   reinterpret_cast<const unsigned char*>(key.data()), key.size(), secret_.data());
  return hash;
}

Timestamp& RateLimiter::full_at(Shard& shard, HashOfKey key) const {
  const auto known = shard.recent.find(key);
  if (known != shard.recent.end()) return known->second;
  if (shard.recent.size() >= keys_per_map_) {
    shard.older = std::move(shard.recent);
    shard.recent.clear();
  }
  const auto before = shard.older.find(key);
  const Timestamp full = before == shard.older.end() ? Timestamp() : before->second;
  return shard.recent.emplace(key, full).first->second;
}

PerMinute::PerMinute(int count, const Clock& clock) {
  if (count > 0) limiter_.emplace(Rate{.count = count, .per = std::chrono::minutes(1)}, clock);
}

void PerMinute::count(std::string_view key) {
  if (!limiter_) return;
  if (const auto wait = limiter_->take(key)) throw too_many_requests(*wait);
}

}  // namespace parley::http
