#pragma once

// What sending is told from outside. Values; any thread.

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "outreach/channels/settings.h"
#include "outreach/quotas.h"

namespace parley::outreach {

/// A provider that calls back (`outreach.webhooks.<source>`).
struct CallbackSource {
  std::string secret;        ///< Signs each callback; empty: none is believed.
  std::string verify_token;  ///< What the subscription check must show; empty: none passes.
};

struct SendingSettings {
  std::vector<ChannelSettings> channels;
  QuotaSettings quotas = default_quotas();
  std::map<std::string, CallbackSource> callbacks;

  /// How often workers look for what others have queued, or what is due again.
  std::chrono::milliseconds look_every{1000};
};

}  // namespace parley::outreach
