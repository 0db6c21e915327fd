#include "live_agent/rate_limits.h"

#include <fmt/format.h>

namespace parley::live_agent {
namespace {

constexpr std::chrono::seconds kMinute{60};

void set_up(std::optional<http::RateLimiter>& limiter, int per_minute, const Clock& clock) {
  if (per_minute > 0) limiter.emplace(http::Rate{.count = per_minute, .per = kMinute}, clock);
}

}  // namespace

RateLimits::RateLimits(const Limits& limits, const Clock& clock) {
  set_up(logins_, limits.logins_per_minute, clock);
  set_up(sessions_, limits.sessions_per_minute, clock);
  set_up(requests_, limits.requests_per_minute, clock);
}

void RateLimits::count_login(std::string_view address, std::string_view email) {
  count(logins_, fmt::format("{}\n{}", address, email));
}
void RateLimits::count_session(std::string_view account) { count(sessions_, account); }
void RateLimits::count_request(std::string_view caller) { count(requests_, caller); }

void RateLimits::count(Limiter& limiter, std::string_view key) {
  if (!limiter) return;
  if (const auto wait = limiter->take(key)) throw http::too_many_requests(*wait);
}

}  // namespace parley::live_agent
