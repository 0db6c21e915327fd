#include "api/housekeeping.h"

#include "base/log.h"
#include "store/event_log.h"
#include "store/idempotency.h"

namespace parley::api {
namespace {

/// Events of one write: other writes wait for it.
constexpr std::int64_t kEventsAtOnce = 2000;

}  // namespace

std::int64_t keep_house(store::Store& store, Timestamp now, std::chrono::hours keep_events) {
  std::int64_t gone = 0;
  std::int64_t events = 0;
  do {
    store.write_and_wait([&](store::UnitOfWork& unit) {
      events = store::prune_events(unit.connection, now - keep_events, kEventsAtOnce);
    });
    gone += events;
  } while (events > 0);
  store.write_and_wait([&](store::UnitOfWork& unit) {
    gone += store::forget_answers(unit.connection, now - store::kIdempotencyLifetime);
  });
  return gone;
}

Housekeeping::Housekeeping(store::Store& store, const Clock& clock, std::chrono::hours keep_events,
                           std::chrono::minutes every)
    : store_(store), clock_(clock), keep_events_(keep_events), every_(every) {
  thread_ = std::thread([this] { run(); });
}

Housekeeping::~Housekeeping() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Housekeeping::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    lock.unlock();
    try {
      const std::int64_t gone = keep_house(store_, clock_.now(), keep_events_);
      if (gone > 0) log::debug("{} old events and answers were deleted", gone);
    } catch (const std::exception& error) {
      log::warning("old events could not be deleted, which is tried again: {}", error.what());
    }
    lock.lock();
    changed_.wait_for(lock, every_, [this] { return is_ending_; });
  }
}

}  // namespace parley::api
