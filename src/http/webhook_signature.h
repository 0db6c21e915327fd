#pragma once

// The signature under an outgoing webhook, after Standard Webhooks 1.0.0 (symmetric, `v1`): who
// receives one checks with any library of that standard that it comes from here and is new. A
// value; any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace parley::http {

class WebhookKey {
 public:
  /// Reads a secret, `whsec_` and 24 to 64 bytes in base64; the prefix may be absent. Throws
  /// Error{InvalidConfiguration}, which does not repeat the text, for anything else.
  static WebhookKey parse(std::string_view secret);

  /// The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of a body that is sent
  /// at `now`. `id` is that of the message: the same when it is sent again. Requires: it has no
  /// dot.
  std::vector<std::pair<std::string, std::string>> headers(std::string_view id, Timestamp now,
                                                           std::string_view body) const;

 private:
  explicit WebhookKey(std::string_view bytes) : bytes_(bytes) {}

  std::string bytes_;
};

}  // namespace parley::http
