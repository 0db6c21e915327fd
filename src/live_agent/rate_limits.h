#pragma once

// How often clients of this module may ask. Any thread.

#include <string_view>

#include "base/clock.h"
#include "http/rate_limit.h"
#include "live_agent/settings.h"

namespace parley::live_agent {

class RateLimits {
 public:
  /// `clock` outlives the limits.
  RateLimits(const Limits& limits, const Clock& clock);

  // Each counts one and throws the 429 problem with Retry-After when it was one too many.

  void count_login(std::string_view address, std::string_view email);
  void count_session(std::string_view account);
  /// Any other request. `caller` is a token, or an address where there is none.
  void count_request(std::string_view caller);

 private:
  http::PerMinute logins_;
  http::PerMinute sessions_;
  http::PerMinute requests_;
};

}  // namespace parley::live_agent
