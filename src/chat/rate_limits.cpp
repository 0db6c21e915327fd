#include "chat/rate_limits.h"

#include <fmt/format.h>

namespace parley::chat {
namespace {

constexpr std::chrono::seconds kMinute{60};

void set_up(std::optional<http::RateLimiter>& limiter, int per_minute, const Clock& clock) {
  if (per_minute > 0) limiter.emplace(http::Rate{.count = per_minute, .per = kMinute}, clock);
}

}  // namespace

RateLimits::RateLimits(const Limits& limits, const Clock& clock) {
  set_up(logins_, limits.logins_per_minute, clock);
  set_up(messages_, limits.messages_per_minute, clock);
  set_up(embed_, limits.embed_per_minute, clock);
  set_up(mails_, 1, clock);
}

void RateLimits::count_login(std::string_view address, std::string_view email) {
  count(logins_, fmt::format("{}\n{}", address, email));
}
void RateLimits::count_message(std::string_view user_id) { count(messages_, user_id); }
void RateLimits::count_embed(std::string_view address) { count(embed_, address); }
void RateLimits::count_mail(std::string_view purpose, std::string_view email) {
  count(mails_, fmt::format("{}\n{}", purpose, email));
}

void RateLimits::count(Limiter& limiter, std::string_view key) {
  if (!limiter) return;
  if (const auto wait = limiter->take(key)) throw http::too_many_requests(*wait);
}

}  // namespace parley::chat
