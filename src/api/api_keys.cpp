#include "api/api_keys.h"

#include <utility>

#include "base/crypto.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/text.h"
#include "store/query.h"

namespace parley::api {
namespace {

using store::ApiKeyRow;
using store::equals;
using store::set;

constexpr std::string_view kPrefix = "pk_";
constexpr std::size_t kRandomBytes = 32;
/// Beyond it all are forgotten, which costs a look-up each.
constexpr std::size_t kKnownMax = 1000;

std::string hash_of(std::string_view key) { return to_hex(sha256(key)); }

http::Problem unusable_key() {
  return http::unauthenticated("The API key is unknown or was revoked");
}

std::string_view bearer_key(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view header = trim(request.header("Authorization"));
  if (!equals_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return {};
  const std::string_view token = trim(header.substr(kScheme.size()));
  return token.starts_with(kPrefix) ? token : std::string_view();
}

}  // namespace

Scopes Scopes::all() {
  Scopes scopes;
  scopes.has_.fill(true);
  return scopes;
}

std::optional<Scopes> Scopes::parse(std::string_view text) {
  Scopes scopes;
  for (const std::string& each : split(std::string(text), ',')) {
    const auto scope = parse_word<Scope>(trim(each));
    if (!scope) return std::nullopt;
    scopes.has_.at(static_cast<std::size_t>(*scope)) = true;
  }
  return scopes;
}

std::string Scopes::text() const {
  std::vector<std::string> words;
  for (const Scope each : {Scope::Read, Scope::Write, Scope::Admin}) {
    if (has(each)) words.push_back(word(each));
  }
  return join(words, ",");
}

CreatedApiKey create_api_key(database::Connection& connection, const NewApiKey& wanted,
                             Timestamp now) {
  CreatedApiKey created{.row = {}, .key = std::string(kPrefix) + random_hex(kRandomBytes)};
  created.row = {.key_hash = hash_of(created.key),
                 .user_id = wanted.user_id,
                 .label = wanted.label,
                 .scopes = wanted.scopes.text(),
                 .created_at = now,
                 .last_used_at = std::nullopt,
                 .revoked_at = std::nullopt,
                 .tenant = wanted.tenant};
  created.row.id = store::insert(connection, created.row);
  return created;
}

std::vector<ApiKeyRow> list_api_keys(database::Connection& connection) {
  return store::select<ApiKeyRow>().order_by<&ApiKeyRow::id>().all(connection);
}

bool revoke_api_key(database::Connection& connection, std::int64_t id, Timestamp now) {
  return store::update(connection, equals<&ApiKeyRow::id>(id),
                       store::set_if_null<&ApiKeyRow::revoked_at>(now)) == 1;
}

std::optional<std::string> api_key_hash_in(const http::Request& request) {
  std::string_view key = trim(request.header("X-API-Key"));
  if (key.empty()) key = bearer_key(request);
  return key.empty() ? std::nullopt : std::optional(hash_of(key));
}

ApiKeys::ApiKeys(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {
  loop_.emplace(
      "noting the use of API keys",
      [this] {
        note_uses();
        return false;
      },
      kUseNotedEvery);
}

ApiKeys::~ApiKeys() {
  loop_.reset();
  try {
    note_uses();
  } catch (const std::exception& error) {
    log::warning("When API keys were used could not be noted: {}", error.what());
  }
}

ApiKeyRow ApiKeys::use(database::Connection& connection, const std::string& hash) {
  const Timestamp now = clock_.now();
  std::optional<ApiKeyRow> row = known(hash, now);
  if (!row) {
    row = store::select<ApiKeyRow>().where(equals<&ApiKeyRow::key_hash>(hash)).first(connection);
    if (!row || !equal_constant_time(row->key_hash, hash)) throw unusable_key();
    remember(*row, now);
  }
  if (row->revoked_at) throw unusable_key();
  const std::scoped_lock lock(mutex_);
  used_[row->id] = now;
  return *std::move(row);
}

std::optional<ApiKeyRow> ApiKeys::known(const std::string& hash, Timestamp now) {
  const std::scoped_lock lock(mutex_);
  const auto found = known_.find(hash);
  if (found == known_.end() || now - found->second.read_at >= kRemembered) return std::nullopt;
  return found->second.row;
}

void ApiKeys::remember(const ApiKeyRow& row, Timestamp now) {
  const std::scoped_lock lock(mutex_);
  if (known_.size() >= kKnownMax) known_.clear();
  known_[row.key_hash] = {row, now};
}

void ApiKeys::note_uses() {
  std::map<std::int64_t, Timestamp> used;
  {
    const std::scoped_lock lock(mutex_);
    used.swap(used_);
  }
  if (used.empty()) return;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    for (const auto& [id, at] : used) {
      store::update(unit.connection, equals<&ApiKeyRow::id>(id), set<&ApiKeyRow::last_used_at>(at));
    }
  });
}

}  // namespace parley::api
