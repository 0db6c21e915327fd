#pragma once

// What goes on beside the requests: follow-ups that come due, and sessions that were silent for too
// long. Made, started and stopped by one thread.

#include <memory>

#include "api/loop.h"
#include "leads/settings.h"
#include "store/store.h"

namespace parley::leads {

class Upkeep {
 public:
  /// `store` outlives the upkeep.
  Upkeep(store::Store& store, const Settings& settings) : store_(store), settings_(settings) {}

  void start();

  /// Waits for the round under way.
  void stop();

 private:
  store::Store& store_;
  const Settings settings_;
  std::unique_ptr<api::Loop> follow_ups_;
  std::unique_ptr<api::Loop> time_outs_;
};

}  // namespace parley::leads
