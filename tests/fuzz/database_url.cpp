// A URL is refused, or read into what can be printed without its password.

#include "database/url.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using parley::database::Url;
  using parley::fuzz::require;
  Url url;
  const auto read = [&] { url = Url::parse(parley::fuzz::text_of(data, size)); };
  if (!parley::fuzz::succeeds(read, {parley::ErrorCode::InvalidArgument})) return 0;
  const std::string printed = url.redacted();
  Url other = url;
  if (!url.password.empty()) other.password = "another";
  require(other.redacted() == printed, "nothing printed comes from the password");
  // SQLite's path is printed as it is, and blanks at its end would not be part of a URL.
  if (url.engine == parley::database::Engine::Sqlite) url = Url::parse(printed);
  const Url again = Url::parse(printed);
  require(again.engine == url.engine && again.user == url.user && again.host == url.host &&
              again.port == url.port && again.database == url.database,
          "what is printed names the same place");
  return 0;
}
