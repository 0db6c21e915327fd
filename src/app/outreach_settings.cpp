#include "app/outreach_settings.h"

#include "app/outreach_channels.h"
#include "app/outreach_maintenance.h"
#include "base/time_zone.h"
#include "database/url.h"

namespace parley::app {
namespace {

int limit_of(const Configuration& configuration, std::string_view setting) {
  return static_cast<int>(configuration.number(setting, 0, 1'000'000));
}

/// Empty where the namespace is no file.
std::string database_file(const Configuration& configuration) {
  if (configuration.is_set("database.outreach")) {
    const auto url = database::Url::parse(configuration.text("database.outreach"));
    return url.engine == database::Engine::Sqlite ? url.database : std::string();
  }
  if (configuration.is_set("database.url")) return {};
  return (configuration.data_directory() / "outreach.db").string();
}

}  // namespace

outreach::Settings outreach_settings(const Configuration& configuration) {
  const std::string zone = configuration.text("outreach.legacy_timezone");
  if (!zone.empty()) use_local_time_of(zone);
  return {
      .limits = {.requests_per_minute =
                     limit_of(configuration, "outreach.limits.requests_per_minute"),
                 .heavy_per_minute = limit_of(configuration, "outreach.limits.heavy_per_minute")},
      .open_on_loopback = configuration.truth("outreach.open_on_loopback"),
      .sending = sending_settings(configuration),
      .system_log_days =
          static_cast<int>(configuration.number("outreach.system_log_days", 1, 36500)),
      .database_file = database_file(configuration),
      .maintenance = outreach_maintenance(configuration)};
}

}  // namespace parley::app
