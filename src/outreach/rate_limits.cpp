#include "outreach/rate_limits.h"

namespace parley::outreach {

RateLimits::RateLimits(const Limits& limits, const Clock& clock)
    : requests_(limits.requests_per_minute, clock), heavy_(limits.heavy_per_minute, clock) {}

void RateLimits::count_request(std::string_view caller) { requests_.count(caller); }
void RateLimits::count_heavy(std::string_view caller) { heavy_.count(caller); }

}  // namespace parley::outreach
