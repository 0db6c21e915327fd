#include "outreach/rate_limits.h"

namespace parley::outreach {
namespace {

void set_up(std::optional<http::RateLimiter>& limiter, int per_minute, const Clock& clock) {
  if (per_minute > 0) {
    limiter.emplace(http::Rate{.count = per_minute, .per = std::chrono::seconds(60)}, clock);
  }
}

}  // namespace

RateLimits::RateLimits(const Limits& limits, const Clock& clock) {
  set_up(requests_, limits.requests_per_minute, clock);
  set_up(heavy_, limits.heavy_per_minute, clock);
}

void RateLimits::count_request(std::string_view caller) { count(requests_, caller); }
void RateLimits::count_heavy(std::string_view caller) { count(heavy_, caller); }

void RateLimits::count(Limiter& limiter, std::string_view key) {
  if (!limiter) return;
  if (const auto wait = limiter->take(key)) throw http::too_many_requests(*wait);
}

}  // namespace parley::outreach
