#pragma once

// Verifies the tokens of one module (http/jwt.h) and remembers the ones that were good: a client
// sends the same token with every request, and its signature need not be worked out again. What is
// remembered is the token's digest and its claims; their times are looked at every time, so that a
// token ends when it says. A token that was not good is never remembered. Any thread.

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "base/clock.h"
#include "base/json.h"
#include "http/jwt.h"

namespace parley::http {

struct VerifiedToken {
  std::shared_ptr<const JsonObject> claims;
  std::string digest;  ///< SHA-256 of the token: a short name for it that gives nothing away.
};

class TokenVerifier {
 public:
  /// Remembers at most `kept_max` tokens, ≥ 1; the longest unused ones go first. Requires: `secret`
  /// is not empty.
  explicit TokenVerifier(std::string secret, std::size_t kept_max = 16384);

  /// As `verify_jwt`.
  std::variant<VerifiedToken, JwtRefusal> verify(std::string_view token, Timestamp now);

  /// How many tokens are remembered.
  std::size_t kept() const;

 private:
  struct HashOfDigest {
    std::size_t operator()(const std::string& digest) const;
  };
  using Tokens = std::unordered_map<std::string, std::shared_ptr<const JsonObject>, HashOfDigest>;

  /// Two generations of tokens. When the younger is full, the older is dropped and takes its place;
  /// a token of the older that is used becomes one of the younger.
  struct Shard {
    mutable std::mutex mutex;
    Tokens recent;
    Tokens older;
  };

  Shard& shard_of(const std::string& digest);
  std::shared_ptr<const JsonObject> find(const std::string& digest);
  void keep(const std::string& digest, std::shared_ptr<const JsonObject> claims);
  void add(Shard& shard, const std::string& digest, std::shared_ptr<const JsonObject> claims);

  static constexpr std::size_t kShards = 16;

  const std::string secret_;
  const std::size_t tokens_per_generation_;
  std::array<Shard, kShards> shards_;
};

}  // namespace parley::http
