#pragma once

// What the module is told from outside. Values; any thread.

#include <chrono>
#include <optional>
#include <string>

namespace parley::live_agent {

/// The account that POST /auth/seed-admin may create. No built-in credentials exist.
struct SeedAdmin {
  std::string email;
  std::string password;
};

/// How often a client may ask in a minute; 0 is as often as it likes.
struct Limits {
  int logins_per_minute = 10;     ///< Per address and e-mail.
  int sessions_per_minute = 30;   ///< Opened per account.
  int requests_per_minute = 600;  ///< All others, per token.
};

/// Where pushes go to: a URL that takes signed webhooks.
struct WebhookSettings {
  std::string url;
  std::string secret;                          ///< `whsec_…`; see http/webhook_signature.h.
  std::chrono::milliseconds look_every{1000};  ///< For what is due again.
};

struct Settings {
  std::string jwt_secret;            ///< Signs and verifies this module's tokens; not empty.
  bool allow_missing_issuer = true;  ///< Accept tokens without `iss`, as portals make them.
  bool dev_open = false;  ///< Loopback requests without a token are a read-only supervisor's.
  std::optional<SeedAdmin> seed_admin;
  Limits limits;
  std::optional<WebhookSettings> notifier;  ///< Absent: nobody is notified.
};

}  // namespace parley::live_agent
