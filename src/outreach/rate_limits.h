#pragma once

// How often clients of this module may ask. Any thread.

#include <string_view>

#include "base/clock.h"
#include "http/rate_limit.h"
#include "outreach/settings.h"

namespace parley::outreach {

class RateLimits {
 public:
  /// `clock` outlives the limits.
  RateLimits(const Limits& limits, const Clock& clock);

  // Each counts one and throws the 429 problem with Retry-After when it was one too many.

  /// `caller` is a key, or an address where there is none.
  void count_request(std::string_view caller);
  /// A request that keeps the database busy.
  void count_heavy(std::string_view caller);

 private:
  http::PerMinute requests_;
  http::PerMinute heavy_;
};

}  // namespace parley::outreach
