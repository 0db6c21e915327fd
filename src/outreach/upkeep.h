#pragma once

// What goes on beside the requests: statistics for the planner after many writes, room given back
// when nobody writes, old lines of the system log deleted. A thread of its own, mostly asleep.

#include <cstdint>
#include <optional>

#include "api/loop.h"
#include "base/clock.h"
#include "outreach/settings.h"
#include "outreach/trouble_log.h"
#include "store/store.h"

namespace parley::outreach {

class Upkeep {
 public:
  /// Everything referred to outlives it.
  Upkeep(const Settings& settings, store::Store& store, const Clock& clock, TroubleLog& trouble);

  /// One look at what is to be done. For the thread, and for tests.
  void round();

  void start();
  /// Waits for the round under way.
  void stop() { loop_.reset(); }

 private:
  void forget_old_lines(Timestamp now);

  const Settings& settings_;
  store::Store& store_;
  const Clock& clock_;
  TroubleLog& trouble_;
  std::uint64_t analyzed_at_ = 0;    ///< Writes when the tables were last looked at…
  std::uint64_t writes_before_ = 0;  ///< …and when the round before was.
  std::optional<Timestamp> compacted_at_;
  std::optional<Timestamp> forgotten_at_;
  std::optional<api::Loop> loop_;
};

}  // namespace parley::outreach
