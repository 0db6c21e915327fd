#pragma once

// Lets go of what the store keeps for a time only: events that are too old to be resumed from, and
// the answers to requests that nobody repeats any more. A thread of its own, mostly asleep.

#include <chrono>

#include "api/loop.h"
#include "base/clock.h"
#include "store/store.h"

namespace parley::api {

/// One round: events created before `now - keep_events`, and answers past their lifetime. Returns
/// how many rows went. Throws what the store throws.
std::int64_t keep_house(store::Store& store, Timestamp now, std::chrono::hours keep_events);

class Housekeeping {
 public:
  /// A round now and then every `every`. Everything referred to outlives it.
  Housekeeping(store::Store& store, const Clock& clock, std::chrono::hours keep_events,
               std::chrono::minutes every = std::chrono::minutes(10));

 private:
  Loop loop_;
};

}  // namespace parley::api
