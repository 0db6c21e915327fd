#include "chat/rate_limits.h"

#include <fmt/format.h>

namespace parley::chat {

RateLimits::RateLimits(const Limits& limits, const Clock& clock)
    : logins_(limits.logins_per_minute, clock),
      messages_(limits.messages_per_minute, clock),
      embed_(limits.embed_per_minute, clock),
      mails_(1, clock) {}

void RateLimits::count_login(std::string_view address, std::string_view email) {
  logins_.count(fmt::format("{}\n{}", address, email));
}
void RateLimits::count_message(std::string_view user_id) { messages_.count(user_id); }
void RateLimits::count_embed(std::string_view address) { embed_.count(address); }
void RateLimits::count_mail(std::string_view purpose, std::string_view email) {
  mails_.count(fmt::format("{}\n{}", purpose, email));
}

}  // namespace parley::chat
