#include "app/ai_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "http/url.h"

namespace parley::app {
namespace {

constexpr std::int64_t kTimeoutMax = 3600;
constexpr std::int64_t kRetriesMax = 10;

bool is_printable(char letter) { return letter > ' ' && letter <= '~'; }

void check_url(const ai::Settings& settings) {
  if (settings.is_offline()) return;
  try {
    http::parse_url(settings.base_url);
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("ai.base_url cannot be used: {}", error.what()),
                "Write it like https://api.openai.com/v1; /chat/completions is added.");
  }
}

void check_key(const ai::Settings& settings) {
  if (std::ranges::all_of(settings.api_key, is_printable)) return;
  throw Error(ErrorCode::InvalidConfiguration, "ai.api_key has characters that no key has",
              "Look for line breaks and blanks in it.");
}

}  // namespace

ai::Settings ai_settings(const Configuration& configuration) {
  ai::Settings settings;
  settings.base_url = configuration.text("ai.base_url");
  settings.api_key = trim(configuration.text("ai.api_key"));
  settings.model = configuration.text("ai.model");
  settings.key_required = configuration.truth("ai.key_required");
  settings.fallback_on_error = configuration.truth("ai.fallback_on_error");
  settings.timeout =
      std::chrono::seconds(configuration.number("ai.timeout_seconds", 1, kTimeoutMax));
  settings.retries = static_cast<int>(configuration.number("ai.retries", 0, kRetriesMax));
  check_url(settings);
  check_key(settings);
  return settings;
}

}  // namespace parley::app
