#pragma once

// Remembers whether the times of the database can be compared as they stand, which is asked once:
// this program writes only times that can. Any thread.

#include <atomic>

#include "outreach/queries.h"

namespace parley::outreach {

class KnownTimes {
 public:
  Times in(database::Connection& connection) const {
    int known = known_;
    if (known == kUnknown) known_ = known = static_cast<int>(times_in(connection));
    return static_cast<Times>(known);
  }

 private:
  static constexpr int kUnknown = -1;

  mutable std::atomic<int> known_ = kUnknown;
};

}  // namespace parley::outreach
