#include "app/data_source_settings.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "http/url.h"

namespace parley::app {
namespace {

std::vector<std::string> list_in(const Configuration& configuration, std::string_view setting) {
  std::vector<std::string> entries;
  for (const std::string& entry : split(configuration.text(setting), ',')) {
    if (const std::string_view text = trim(entry); !text.empty()) entries.emplace_back(text);
  }
  return entries;
}

std::string url_in(const Configuration& configuration, std::string_view setting) {
  std::string url = configuration.text(setting);
  while (url.ends_with('/')) url.pop_back();
  try {
    http::parse_url(url);
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("{} cannot be used: {}", setting, error.what()));
  }
  return url;
}

void check_directories(const std::vector<std::string>& directories) {
  for (const std::string& directory : directories) {
    if (directory.starts_with('/')) continue;
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("chat.sqlite_dirs has '{}', which is not absolute", directory),
                "Write directories from / on, separated by commas.");
  }
}

}  // namespace

chat::DataSourceSettings data_source_settings(const Configuration& configuration) {
  chat::DataSourceSettings settings;
  settings.sqlite_dirs = list_in(configuration, "chat.sqlite_dirs");
  check_directories(settings.sqlite_dirs);
  settings.allowed_hosts = list_in(configuration, "chat.data_source_allow");
  settings.powerbi_authority_url = url_in(configuration, "powerbi.authority_url");
  settings.powerbi_api_url = url_in(configuration, "powerbi.api_url");
  settings.powerbi_resource = configuration.text("powerbi.resource");
  return settings;
}

}  // namespace parley::app
