#include "database/mysql/mysql_version.h"

#include <charconv>

namespace parley::database {
namespace {

constexpr std::string_view kReplicationPrefix = "5.5.5-";

// The number that `text` begins with, cut off together with the dot behind it.
int take_number(std::string_view& text) {
  int number = 0;
  const char* end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) text.remove_prefix(1);
  return number;
}

}  // namespace

ServerVersion parse_mysql_version(std::string_view text) {
  ServerVersion version;
  const bool is_mariadb = text.find("MariaDB") != std::string_view::npos;
  version.product = is_mariadb ? "MariaDB" : "MySQL";
  if (is_mariadb && text.starts_with(kReplicationPrefix)) {
    text.remove_prefix(kReplicationPrefix.size());
  }
  version.major = take_number(text);
  version.minor = take_number(text);
  version.patch = take_number(text);
  return version;
}

}  // namespace parley::database
