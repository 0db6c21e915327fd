#pragma once

// Keys with which programs call the API in place of a person's token: `pk_` and 256 random bits in
// hexadecimal. A key belongs to an account of its module and may do what that account may, inside
// the key's scopes and, when it is bound to one, inside one tenant. What is kept is its digest; the
// key itself is shown once, when it is made.
//
// Functions run inside a transaction of the caller, on its thread, and throw what the driver
// throws.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/loop.h"
#include "base/clock.h"
#include "base/vocabulary.h"
#include "http/message.h"
#include "store/store.h"
#include "store/tables.h"

namespace parley::api {

/// What a key may be used for. None includes another.
enum class Scope {
  Read,   ///< GET, and listening to events.
  Write,  ///< Everything else but…
  Admin,  ///< …accounts and webhooks, reading them included.
};

class Scopes {
 public:
  static Scopes all();
  /// `read,write`, with blanks or not; nothing when a word is no scope or there is none.
  static std::optional<Scopes> parse(std::string_view text);

  bool has(Scope scope) const { return has_.at(static_cast<std::size_t>(scope)); }
  std::string text() const;

 private:
  std::array<bool, 3> has_{};
};

struct NewApiKey {
  std::string user_id;
  std::optional<std::string> label;
  Scopes scopes;
  std::optional<std::string> tenant;
};

struct CreatedApiKey {
  store::ApiKeyRow row;
  std::string key;  ///< Not to be had again.
};

CreatedApiKey create_api_key(database::Connection& connection, const NewApiKey& wanted,
                             Timestamp now);

/// All of them by id, the revoked ones included.
std::vector<store::ApiKeyRow> list_api_keys(database::Connection& connection);

/// Revokes the key; false when there is none of that id. One that is revoked stays as it is.
bool revoke_api_key(database::Connection& connection, std::int64_t id, Timestamp now);

/// The digest of the key that the request brings, in `X-API-Key` or as a bearer token that begins
/// with `pk_`; nothing when it brings none. A key in either place counts before any other token.
std::optional<std::string> api_key_hash_in(const http::Request& request);

/// The keys of a module in use. Any thread.
class ApiKeys {
 public:
  /// How long a node may go on accepting a key that was revoked elsewhere.
  static constexpr std::chrono::seconds kRemembered{5};
  /// How late `last_used_at` may be.
  static constexpr std::chrono::seconds kUseNotedEvery{30};

  /// Notes in the background when keys were used. Everything referred to outlives it.
  ApiKeys(store::Store& store, const Clock& clock);
  ~ApiKeys();
  ApiKeys(const ApiKeys&) = delete;
  ApiKeys& operator=(const ApiKeys&) = delete;

  /// The key of that digest. Throws the 401 problem when there is none or it was revoked.
  store::ApiKeyRow use(database::Connection& connection, const std::string& hash);

  /// Writes down when keys were used since the last time, all with one write. Not to be called from
  /// a thread of the store.
  void note_uses();

 private:
  struct Known {
    store::ApiKeyRow row;
    Timestamp read_at;
  };
  std::optional<store::ApiKeyRow> known(const std::string& hash, Timestamp now);
  void remember(const store::ApiKeyRow& row, Timestamp now);

  store::Store& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  ///< By digest.
  std::map<std::int64_t, Timestamp> used_;           ///< By id, since they were noted.
  std::optional<Loop> loop_;
};

}  // namespace parley::api

namespace parley {

template <>
inline constexpr auto words_of<api::Scope> =
    std::to_array<std::string_view>({"read", "write", "admin"});

}  // namespace parley
