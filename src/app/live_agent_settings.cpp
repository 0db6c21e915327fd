#include "app/live_agent_settings.h"

#include "app/data_directory.h"
#include "base/error.h"

namespace parley::app {
namespace {

std::optional<live_agent::SeedAdmin> seed_admin(const Configuration& configuration) {
  const std::string email = configuration.text("live_agent.seed_admin.email");
  const std::string password = configuration.text("live_agent.seed_admin.password");
  if (email.empty() != password.empty()) {
    throw Error(ErrorCode::InvalidConfiguration,
                "live_agent.seed_admin needs both an email and a password",
                "Set both, or neither.");
  }
  if (email.empty()) return std::nullopt;
  return live_agent::SeedAdmin{.email = email, .password = password};
}

int limit_of(const Configuration& configuration, std::string_view setting) {
  return static_cast<int>(configuration.number(setting, 0, 1'000'000));
}

std::optional<live_agent::WebhookSettings> notifier(const Configuration& configuration) {
  const std::string kind = configuration.text("live_agent.notifier.kind");
  if (kind == "none") return std::nullopt;
  if (kind != "webhook") {
    throw Error(ErrorCode::InvalidConfiguration,
                "live_agent.notifier.kind is '" + kind + "', which is no kind of notifier",
                "Set it to none or webhook.");
  }
  if (!configuration.is_set("live_agent.notifier.url") ||
      !configuration.is_set("live_agent.notifier.secret")) {
    throw Error(ErrorCode::InvalidConfiguration,
                "live_agent.notifier of kind webhook needs both a url and a secret",
                "Set both. A secret: echo \"whsec_$(openssl rand -base64 32)\"");
  }
  return live_agent::WebhookSettings{.url = configuration.text("live_agent.notifier.url"),
                                     .secret = configuration.text("live_agent.notifier.secret")};
}

}  // namespace

live_agent::Settings live_agent_settings(const Configuration& configuration) {
  live_agent::Settings settings;
  settings.jwt_secret = configuration.is_set("live_agent.jwt.secret")
                            ? configuration.text("live_agent.jwt.secret")
                            : secret_of(configuration.data_directory(), "live_agent");
  settings.allow_missing_issuer = configuration.truth("live_agent.jwt.allow_missing_issuer");
  settings.dev_open = configuration.truth("live_agent.dev_open");
  settings.seed_admin = seed_admin(configuration);
  settings.limits = {
      .logins_per_minute = limit_of(configuration, "live_agent.limits.logins_per_minute"),
      .sessions_per_minute = limit_of(configuration, "live_agent.limits.sessions_per_minute"),
      .requests_per_minute = limit_of(configuration, "live_agent.limits.requests_per_minute")};
  settings.notifier = notifier(configuration);
  return settings;
}

}  // namespace parley::app
