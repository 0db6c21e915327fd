#include "store/idempotency.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "store/query.h"
#include "store/tables.h"

namespace parley::store {
namespace {

/// Each part with its length, so that no two lists of parts are written alike.
std::string hash_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += fmt::format("{}:{}", part.size(), part);
  return to_hex(sha256(text));
}

constexpr std::size_t kFewKeys = 4;

bool is_any_kept(database::Connection& connection, Timestamp not_before) {
  return exists(connection, greater_or_equal<&IdempotencyRow::created_at>(not_before));
}

KeptAnswer answer_of(IdempotencyRow row) {
  return {row.status, std::move(row.response), std::move(row.request_hash)};
}

}  // namespace

std::string request_key_id(std::string_view owner, std::string_view key) {
  return hash_of({owner, key});
}

RequestKey request_key(std::string_view owner, std::string_view key, std::string_view request) {
  return {request_key_id(owner, key), hash_of({request})};
}

std::optional<KeptAnswer> find_answer(database::Connection& connection, const std::string& id,
                                      Timestamp not_before) {
  auto found = find_answers(connection, std::span(&id, 1), not_before);
  if (found.empty()) return std::nullopt;
  return std::move(found.begin()->second);
}

std::map<std::string, KeptAnswer> find_answers(database::Connection& connection,
                                               std::span<const std::string> ids,
                                               Timestamp not_before) {
  std::map<std::string, KeptAnswer> answers;
  // Mostly there is no young answer at all, and one look at the index is enough to know.
  if (ids.empty() || (ids.size() > kFewKeys && !is_any_kept(connection, not_before)))
    return answers;
  for (IdempotencyRow& row :
       select<IdempotencyRow>()
           .where(all_of(one_of<&IdempotencyRow::id>(ids),
                         greater_or_equal<&IdempotencyRow::created_at>(not_before)))
           .all(connection)) {
    std::string id = row.id;
    answers.emplace(std::move(id), answer_of(std::move(row)));
  }
  return answers;
}

void keep_answer(database::Connection& connection, const RequestKey& key, std::int64_t status,
                 std::string body, Timestamp now, Timestamp not_before) {
  erase(connection,
        all_of(equals<&IdempotencyRow::id>(key.id), less<&IdempotencyRow::created_at>(not_before)));
  insert(connection, IdempotencyRow{key.id, key.request_hash, status, std::move(body), now});
}

void change_answer(database::Connection& connection, const std::string& id,
                   const std::string& body) {
  update(connection, equals<&IdempotencyRow::id>(id), set<&IdempotencyRow::response>(body));
}

std::int64_t forget_answers(database::Connection& connection, Timestamp limit) {
  return erase(connection, less<&IdempotencyRow::created_at>(limit));
}

}  // namespace parley::store
