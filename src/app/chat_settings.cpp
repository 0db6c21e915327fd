#include "app/chat_settings.h"

#include <algorithm>

#include "app/data_directory.h"
#include "base/error.h"
#include "base/text.h"

namespace parley::app {
namespace {

constexpr std::int64_t kPerMinuteMax = 1'000'000;
constexpr std::int64_t kHistoryMax = 1000;
constexpr std::int64_t kThreadsMax = 256;
constexpr std::int64_t kHoldMax = 3600;
constexpr std::int64_t kMinutesMax = 24 * 60;

int limit_of(const Configuration& configuration, std::string_view setting) {
  return static_cast<int>(configuration.number(setting, 0, kPerMinuteMax));
}

/// Texts separated by commas.
std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> list;
  for (const std::string& each : split(text, ',')) {
    if (const auto trimmed = trim(each); !trimmed.empty()) list.emplace_back(trimmed);
  }
  return list;
}

std::optional<chat::MailerSettings> mailer(const Configuration& configuration) {
  const std::string kind = configuration.text("chat.mailer.kind");
  if (kind == "none") return std::nullopt;
  if (kind != "webhook") {
    throw Error(ErrorCode::InvalidConfiguration,
                "chat.mailer.kind is '" + kind + "', which is no kind of mailer",
                "Set it to none or webhook.");
  }
  if (!configuration.is_set("chat.mailer.url") || !configuration.is_set("chat.mailer.secret")) {
    throw Error(ErrorCode::InvalidConfiguration,
                "chat.mailer of kind webhook needs both a url and a secret",
                "Set both. A secret: echo \"whsec_$(openssl rand -base64 32)\"");
  }
  return chat::MailerSettings{.url = configuration.text("chat.mailer.url"),
                              .secret = configuration.text("chat.mailer.secret")};
}

void require_verification(const chat::Settings& settings) {
  if (!settings.sign_up.is_enabled || settings.sign_up.auto_verify || settings.mailer) return;
  throw Error(ErrorCode::InvalidConfiguration,
              "chat.signup.enabled is on, but nobody can verify an e-mail address",
              "Set chat.mailer, or switch chat.signup.auto_verify on.");
}

std::string without_final_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

chat::Settings chat_settings(const Configuration& configuration) {
  chat::Settings settings;
  settings.jwt_secret = configuration.is_set("chat.jwt.secret")
                            ? configuration.text("chat.jwt.secret")
                            : secret_of(configuration.data_directory(), "chat");
  settings.accepted_issuers = list_of(configuration.text("chat.jwt.accepted_issuers"));
  settings.sign_up = {.is_enabled = configuration.truth("chat.signup.enabled"),
                      .auto_verify = configuration.truth("chat.signup.auto_verify")};
  settings.mailer = mailer(configuration);
  settings.history_messages = configuration.number("chat.history_messages", 0, kHistoryMax);
  settings.app_base_url = without_final_slash(configuration.text("chat.app_base_url"));
  settings.embed_requires_token = configuration.truth("chat.embed.require_token");
  settings.limits = {
      .logins_per_minute = limit_of(configuration, "chat.limits.logins_per_minute"),
      .messages_per_minute = limit_of(configuration, "chat.limits.messages_per_minute"),
      .embed_per_minute = limit_of(configuration, "chat.limits.embed_per_minute")};
  settings.runs.threads =
      static_cast<int>(configuration.number("chat.runs.threads", 1, kThreadsMax));
  settings.runs.hold =
      std::chrono::seconds(configuration.number("chat.runs.hold_seconds", 1, kHoldMax));
  settings.runs.give_up_after =
      std::chrono::minutes(configuration.number("chat.runs.give_up_after_minutes", 1, kMinutesMax));
  require_verification(settings);
  return settings;
}

}  // namespace parley::app
