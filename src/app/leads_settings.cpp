#include "app/leads_settings.h"

#include "app/ai_settings.h"
#include "app/http_settings.h"
#include "base/error.h"
#include "base/text.h"

namespace parley::app {
namespace {

constexpr std::size_t kKeyCharactersMin = 16;
constexpr std::int64_t kWaitSecondsMax = 300;

std::vector<std::string> api_keys(const Configuration& configuration) {
  std::vector<std::string> keys;
  for (const std::string& each : split(configuration.text("leads.api_keys"), ',')) {
    const std::string key(trim(each));
    if (key.empty()) continue;
    if (key.size() < kKeyCharactersMin) {
      throw Error(ErrorCode::InvalidConfiguration,
                  "leads.api_keys has a key of less than 16 characters, which can be guessed",
                  "Make one: openssl rand -hex 32");
    }
    keys.push_back(key);
  }
  return keys;
}

}  // namespace

leads::Settings leads_settings(const Configuration& configuration) {
  const ai::Settings ai = ai_settings(configuration);
  leads::Settings settings;
  settings.api_keys = api_keys(configuration);
  settings.is_open = listens_on_loopback(configuration);
  settings.requests_per_minute =
      static_cast<int>(configuration.number("leads.limits.requests_per_minute", 0, 1'000'000));
  settings.webhooks = {.secret = configuration.text("leads.webhooks.secret"),
                       .require_signature = configuration.truth("leads.webhooks.require_signature"),
                       .dedupe_identical = configuration.truth("leads.webhooks.dedupe_identical")};
  if (settings.webhooks.require_signature && settings.webhooks.secret.empty()) {
    throw Error(ErrorCode::InvalidConfiguration,
                "leads.webhooks.require_signature needs leads.webhooks.secret", "Set both.");
  }
  settings.calls_private_addresses = configuration.truth("webhooks.allow_private");
  settings.replies.model = ai.model;
  settings.replies.fallback_on_error = ai.fallback_on_error;
  settings.replies.wait =
      std::chrono::seconds(configuration.number("leads.reply_wait_seconds", 0, kWaitSecondsMax));
  return settings;
}

}  // namespace parley::app
