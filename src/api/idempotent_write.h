#pragma once

// Requests that may be sent again: a write whose request carries `Idempotency-Key` happens once,
// and its repetitions get the answer of the first time (IETF draft "The Idempotency-Key HTTP Header
// Field"). Shared by all modules.

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "store/idempotency.h"
#include "store/store.h"

namespace parley::api {

inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;

/// The keys whose first request is still being worked on in this process. Any thread.
class KeysUnderWay {
 public:
  /// Holds a key until it is destroyed.
  class Hold {
   public:
    Hold(KeysUnderWay& keys, std::string id) : keys_(keys), id_(std::move(id)) {}
    ~Hold() { keys_.leave(id_); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    KeysUnderWay& keys_;
    const std::string id_;
  };

  /// Null when the key is held already.
  std::unique_ptr<Hold> enter(const std::string& id);

 private:
  void leave(const std::string& id);

  std::mutex mutex_;
  std::set<std::string> ids_;
};

/// The key of the request, when it has one. `owner` says whose it is: an account, never a token,
/// which may be renewed between the attempts. Throws the 422 problem for a key that is too long.
std::optional<store::RequestKey> request_key_of(const http::Request& request,
                                                std::string_view owner);

/// The answer of the first time, with `Idempotent-Replayed: true`. Throws the 422 problem
/// `idempotency_mismatch` when the key was used for another request.
http::Response replayed(const store::KeptAnswer& kept, const store::RequestKey& key);

/// Hands `work`, which makes `*answer`, to the store. A request with a key runs it only when no
/// answer is kept, and keeps what it answers. Throws the 409 problem with Retry-After while the
/// same key is being worked on; on other nodes that is found out by the database. Everything
/// referred to outlives the store's threads.
void write_once(store::Store& store, KeysUnderWay& under_way, const Clock& clock,
                const http::Request& request, std::string_view owner,
                std::shared_ptr<http::Response> answer, store::Work work, store::Done done);

}  // namespace parley::api
