#include "api/idempotent_write.h"

#include <fmt/format.h>

#include "base/error.h"

namespace parley::api {
namespace {

http::Problem still_running() {
  http::Problem problem = http::conflict(
      "idempotency_in_progress", "The first request with this Idempotency-Key is still running");
  problem.headers.emplace_back("Retry-After", "1");
  return problem;
}

/// What must be the same when a key is used again.
std::string content_of(const http::Request& request) {
  std::string content = request.method + ' ' + request.path;
  for (const auto& [name, value] : request.query) content += fmt::format("&{}={}", name, value);
  return content + '\n' + request.body;
}

/// The work, when its key has no answer yet.
void run_once(store::UnitOfWork& unit, const store::RequestKey& key, Timestamp now,
              http::Response& answer, const store::Work& work) {
  const Timestamp not_before = now - store::kIdempotencyLifetime;
  if (const auto kept = store::find_answer(unit.connection, key.id, not_before)) {
    answer = replayed(*kept, key);
    return;
  }
  work(unit);
  if (answer.status >= 300) return;
  try {
    store::keep_answer(unit.connection, key, answer.status, answer.body, now, not_before);
  } catch (const Error& error) {
    // Another node was faster: its answer is there in a moment.
    if (error.code() == ErrorCode::UniqueViolation) throw still_running();
    throw;
  }
}

}  // namespace

std::unique_ptr<KeysUnderWay::Hold> KeysUnderWay::enter(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  if (!ids_.insert(id).second) return nullptr;
  return std::make_unique<Hold>(*this, id);
}

void KeysUnderWay::leave(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  ids_.erase(id);
}

std::optional<store::RequestKey> request_key_of(const http::Request& request,
                                                std::string_view owner) {
  const std::string_view key = request.header("Idempotency-Key");
  if (key.empty()) return std::nullopt;
  if (key.size() > kIdempotencyKeyBytesMax) {
    http::Problem problem =
        http::invalid_field("", "too_long", "Idempotency-Key has at most 255 characters");
    problem.errors.clear();
    throw problem;
  }
  return store::request_key(owner, key, content_of(request));
}

http::Response replayed(const store::KeptAnswer& kept, const store::RequestKey& key) {
  if (kept.request_hash != key.request_hash) {
    http::Problem problem =
        http::invalid_field("", "", "This Idempotency-Key was used for another request");
    problem.code = "idempotency_mismatch";
    problem.errors.clear();
    throw problem;
  }
  http::Response response;
  response.status = static_cast<int>(kept.status);
  response.body = kept.body;
  response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

void write_once(store::Store& store, KeysUnderWay& under_way, const Clock& clock,
                const http::Request& request, std::string_view owner,
                std::shared_ptr<http::Response> answer, store::Work work, store::Done done) {
  const auto key = request_key_of(request, owner);
  if (!key) return store.write(std::move(work), std::move(done));
  std::shared_ptr<KeysUnderWay::Hold> hold = under_way.enter(key->id);
  if (!hold) throw still_running();
  store.write([key = *key, &clock, answer = std::move(answer), work = std::move(work)](
                  store::UnitOfWork& unit) { run_once(unit, key, clock.now(), *answer, work); },
              [hold, done = std::move(done)](std::exception_ptr error) mutable {
                hold.reset();
                done(error);
              });
}

}  // namespace parley::api
