#pragma once

// The quick figures of a user: the last thirty days at a glance. Functions run inside a transaction
// given by the store. The connection's thread.

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "outreach/queries.h"
#include "store/connection.h"

namespace parley::outreach {

struct QuickStats {
  std::int64_t messages = 0;
  double success_rate = 0;
  std::string most_used_channel = "None";
  std::int64_t sessions = 0;
  bool has_open_session = false;
};

QuickStats quick_stats(database::Connection& connection, Times times, const std::string& user_id,
                       Timestamp now);

}  // namespace parley::outreach
