#pragma once

// Remembers whether the times of the database can be compared as they stand, which is asked once:
// this program writes only times that can. Any thread.

#include <atomic>

#include "outreach/queries.h"
#include "store/store.h"

namespace parley::outreach {

class KnownTimes {
 public:
  explicit KnownTimes(const store::Store& store)
      : known_(store.dialect().capabilities().times_are_text
                   ? kUnknown
                   : static_cast<int>(Times::Comparable)) {}

  Times in(database::Connection& connection) const {
    int known = known_;
    if (known == kUnknown) known_ = known = static_cast<int>(times_in(connection));
    return static_cast<Times>(known);
  }

 private:
  static constexpr int kUnknown = -1;

  mutable std::atomic<int> known_;
};

}  // namespace parley::outreach
