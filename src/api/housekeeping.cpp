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
    : loop_(
          "the deletion of old events",
          [&store, &clock, keep_events] {
            const std::int64_t gone = keep_house(store, clock.now(), keep_events);
            if (gone > 0) log::debug("{} old events and answers were deleted", gone);
            return false;
          },
          every) {}

}  // namespace parley::api
