#include "http/token_verifier.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/crypto.h"

namespace parley::http {

TokenVerifier::TokenVerifier(std::string secret, std::size_t kept_max)
    : secret_(std::move(secret)),
      tokens_per_generation_(std::max<std::size_t>(kept_max / kShards / 2, 1)) {
  PARLEY_CHECK(!secret_.empty() && kept_max >= 1);
}

std::variant<VerifiedToken, JwtRefusal> TokenVerifier::verify(std::string_view token,
                                                              Timestamp now) {
  std::string digest = sha256(token);
  if (auto known = find(digest)) {
    if (const auto refusal = refusal_in_time(*known, now)) return *refusal;
    return VerifiedToken{std::move(known), std::move(digest)};
  }
  auto verified = verify_jwt(token, secret_, now);
  if (const auto* refusal = std::get_if<JwtRefusal>(&verified)) return *refusal;
  auto claims = std::make_shared<const JsonObject>(std::get<JsonObject>(std::move(verified)));
  keep(digest, claims);
  return VerifiedToken{std::move(claims), std::move(digest)};
}

std::size_t TokenVerifier::kept() const {
  std::size_t count = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    count += shard.recent.size() + shard.older.size();
  }
  return count;
}

std::size_t TokenVerifier::HashOfDigest::operator()(const std::string& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

/// By the last byte, so that the tokens of a shard still differ in those that its maps go by.
TokenVerifier::Shard& TokenVerifier::shard_of(const std::string& digest) {
  return shards_[static_cast<unsigned char>(digest.back()) % kShards];
}

std::shared_ptr<const JsonObject> TokenVerifier::find(const std::string& digest) {
  Shard& shard = shard_of(digest);
  const std::lock_guard lock(shard.mutex);
  if (const auto found = shard.recent.find(digest); found != shard.recent.end())
    return found->second;
  const auto found = shard.older.find(digest);
  if (found == shard.older.end()) return nullptr;
  std::shared_ptr<const JsonObject> claims = std::move(found->second);
  shard.older.erase(found);
  add(shard, digest, claims);
  return claims;
}

void TokenVerifier::keep(const std::string& digest, std::shared_ptr<const JsonObject> claims) {
  Shard& shard = shard_of(digest);
  const std::lock_guard lock(shard.mutex);
  add(shard, digest, std::move(claims));
}

void TokenVerifier::add(Shard& shard, const std::string& digest,
                        std::shared_ptr<const JsonObject> claims) {
  if (shard.recent.size() >= tokens_per_generation_) {
    shard.older = std::move(shard.recent);
    shard.recent.clear();
  }
  shard.recent.insert_or_assign(digest, std::move(claims));
}

}  // namespace parley::http
