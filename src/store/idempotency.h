#pragma once

// The answers to requests that may be repeated, kept in the transaction of their effect: a request
// that carries a key happens once, however often it is sent. Functions run inside a transaction of
// the caller, on its thread, and throw what the driver throws.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "database/connection.h"

namespace parley::store {

/// How long an answer is kept.
inline constexpr std::chrono::hours kIdempotencyLifetime{24};

/// Which request: who sent it with which key, and what it asked for.
struct RequestKey {
  std::string id;            ///< SHA-256 in hexadecimal.
  std::string request_hash;  ///< The same.
};

/// `owner` keeps the keys of different callers apart; `request` is what must be the same when the
/// key is used again. Pure.
RequestKey request_key(std::string_view owner, std::string_view key, std::string_view request);

/// The `id` alone.
std::string request_key_id(std::string_view owner, std::string_view key);

struct KeptAnswer {
  std::int64_t status = 0;
  std::string body;
  std::string request_hash;
};

/// The answer kept for the key, unless it was made before `not_before`.
std::optional<KeptAnswer> find_answer(database::Connection& connection, const std::string& id,
                                      Timestamp not_before);

/// The same for many keys by one query; keys without an answer are left out.
std::map<std::string, KeptAnswer> find_answers(database::Connection& connection,
                                               std::span<const std::string> ids,
                                               Timestamp not_before);

/// Keeps the answer; an older one of the key is replaced when it was made before `not_before`.
/// Throws Error{UniqueViolation} when there is a younger one.
void keep_answer(database::Connection& connection, const RequestKey& key, std::int64_t status,
                 std::string body, Timestamp now, Timestamp not_before);

/// Puts another body in place of the one that is kept, when one is.
void change_answer(database::Connection& connection, const std::string& id,
                   const std::string& body);

/// Deletes the answers that were made before `limit`; returns how many.
std::int64_t forget_answers(database::Connection& connection, Timestamp limit);

}  // namespace parley::store
