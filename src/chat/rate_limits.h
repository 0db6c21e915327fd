#pragma once

// How often clients of this module may ask. Any thread.

#include <string_view>

#include "base/clock.h"
#include "chat/settings.h"
#include "http/rate_limit.h"

namespace parley::chat {

class RateLimits {
 public:
  /// `clock` outlives the limits.
  RateLimits(const Limits& limits, const Clock& clock);

  // Each counts one and throws the 429 problem with Retry-After when it was one too many.

  void count_login(std::string_view address, std::string_view email);
  void count_message(std::string_view user_id);
  void count_embed(std::string_view address);

  /// A mail with a link, whether or not the address is known: one a minute for each purpose.
  void count_mail(std::string_view purpose, std::string_view email);

 private:
  http::PerMinute logins_;
  http::PerMinute messages_;
  http::PerMinute embed_;
  http::PerMinute mails_;
};

}  // namespace parley::chat
