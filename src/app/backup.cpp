#include "app/backup.h"

#include <algorithm>
#include <filesystem>

#include "base/clock.h"

namespace parley::app {

std::string back_up_beside(database::Connection& connection) {
  const database::Url& url = connection.url();
  if (url.engine != database::Engine::Sqlite || url.database == ":memory:") return "";
  std::string stamp = format_sql(SystemClock().now()).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  std::ranges::replace(stamp, ' ', '_');
  const std::filesystem::path file = url.database;
  const std::string name = file.stem().string() + "_backup_" + stamp;
  std::filesystem::path copy = file.parent_path() / (name + ".db");
  for (int i = 2; std::filesystem::exists(copy); ++i) {
    copy = file.parent_path() / (name + "_" + std::to_string(i) + ".db");
  }
  connection.prepare("VACUUM INTO ?").execute({copy.string()});
  return copy.string();
}

}  // namespace parley::app
