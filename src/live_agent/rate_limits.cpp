#include "live_agent/rate_limits.h"

#include <fmt/format.h>

namespace parley::live_agent {

RateLimits::RateLimits(const Limits& limits, const Clock& clock)
    : logins_(limits.logins_per_minute, clock),
      sessions_(limits.sessions_per_minute, clock),
      requests_(limits.requests_per_minute, clock) {}

void RateLimits::count_login(std::string_view address, std::string_view email) {
  logins_.count(fmt::format("{}\n{}", address, email));
}
void RateLimits::count_session(std::string_view account) { sessions_.count(account); }
void RateLimits::count_request(std::string_view caller) { requests_.count(caller); }

}  // namespace parley::live_agent
