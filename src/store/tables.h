#pragma once

// The tables that the store itself keeps in the namespace of every module: the event log and the
// keys of repeated requests. They belong to the module's support history. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "schema/declare.h"

namespace parley::store {

/// One event of the log, in the order of its offset.
struct EventRow {
  std::int64_t offset = 0;
  std::string kind;
  std::string topic;
  std::string audience;  ///< JSON, as text: nobody asks the database what is in it.
  std::string data;      ///< The same.
  Timestamp created_at{};
};

/// The one row that says where the log ends.
struct EventLogRow {
  std::int64_t id = 1;
  std::string epoch;  ///< Another one when offsets are given out anew.
  std::int64_t last_offset = 0;
};

/// The answer to a request that may be repeated.
struct IdempotencyRow {
  std::string id;            ///< SHA-256 of whose key it is and the key, in hexadecimal.
  std::string request_hash;  ///< SHA-256 of the request that it was used with.
  std::int64_t status = 0;
  std::string response;
  Timestamp created_at{};
};

/// A key with which a program acts as an account. It belongs to the modules that accept keys.
struct ApiKeyRow {
  std::int64_t id = 0;
  std::string key_hash;  ///< SHA-256 in hexadecimal; the key itself is nowhere.
  std::string user_id;   ///< The account, as its module names it.
  std::optional<std::string> label;
  std::string scopes;  ///< `read,write`; see api/api_keys.h.
  Timestamp created_at{};
  std::optional<Timestamp> last_used_at;
  std::optional<Timestamp> revoked_at;
  std::optional<std::string> tenant;  ///< The only one that the key reaches; absent: all.
};

/// Those of every module, in order of creation.
std::vector<schema::Table> store_tables();

}  // namespace parley::store

namespace parley::schema {

template <>
inline constexpr auto declaration<store::EventRow> = table<store::EventRow>(
    "events",
    columns(column<&store::EventRow::offset>("event_offset", word::big_integer()).primary_key(),
            column<&store::EventRow::kind>("kind", word::string(64)),
            column<&store::EventRow::topic>("topic", word::string(64)),
            column<&store::EventRow::audience>("audience", word::text(1 << 20)),
            column<&store::EventRow::data>("data", word::text(1 << 20)),
            column<&store::EventRow::created_at>("created_at", word::instant())));

template <>
inline constexpr auto declaration<store::EventLogRow> = table<store::EventLogRow>(
    "event_log",
    columns(column<&store::EventLogRow::id>("id", word::integer()).primary_key(),
            column<&store::EventLogRow::epoch>("epoch", word::string(36)),
            column<&store::EventLogRow::last_offset>("last_offset", word::big_integer())));

template <>
inline constexpr auto declaration<store::IdempotencyRow> = table<store::IdempotencyRow>(
    "idempotency_keys",
    columns(column<&store::IdempotencyRow::id>("id", word::string(64)).primary_key(),
            column<&store::IdempotencyRow::request_hash>("request_hash", word::string(64)),
            column<&store::IdempotencyRow::status>("status", word::integer()),
            column<&store::IdempotencyRow::response>("response", word::text(1 << 22)),
            column<&store::IdempotencyRow::created_at>("created_at", word::instant())),
    index<&store::IdempotencyRow::created_at>("idx_idempotency_created"));

template <>
inline constexpr auto declaration<store::ApiKeyRow> = table<store::ApiKeyRow>(
    "api_keys",
    columns(column<&store::ApiKeyRow::id>("id", word::integer()).primary_key().auto_increment(),
            column<&store::ApiKeyRow::key_hash>("key_hash", word::string(64)).unique().off_wire(),
            column<&store::ApiKeyRow::user_id>("user_id", word::text(255)),
            nullable<&store::ApiKeyRow::label>("label", word::text(1'000'000)),
            column<&store::ApiKeyRow::scopes>("scopes", word::string(100)),
            column<&store::ApiKeyRow::created_at>("created_at", word::instant()).default_to(now),
            nullable<&store::ApiKeyRow::last_used_at>("last_used_at", word::instant()),
            nullable<&store::ApiKeyRow::revoked_at>("revoked_at", word::instant()),
            nullable<&store::ApiKeyRow::tenant>("tenant", word::string(255))));

}  // namespace parley::schema
