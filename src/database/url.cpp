#include "database/url.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace parley::database {
namespace {

// Not Boost.URL: the URLs people have hold unencoded characters that RFC 3986 refuses (an `@` in a
// password, spaces in a path), and SQLAlchemy takes them.

// No message repeats a part of the text that could be a misplaced password.
[[noreturn]] void refuse(const std::string& what) {
  throw Error(
      ErrorCode::InvalidArgument, "the database URL " + what,
      "Write sqlite:///FILE, postgresql://USER:PASSWORD@HOST:PORT/DATABASE or "
      "mysql://USER:PASSWORD@HOST:PORT/DATABASE; in user and password, write / ? # % @ : as "
      "%2F %3F %23 %25 %40 %3A.");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) refuse("has a % that is not followed by two hexadecimal digits");
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_storable_text(decoded)) refuse("has percent-encoded bytes that are not UTF-8 text");
  return decoded;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kReserved = "/?#%@:&=+ ";
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  std::string encoded;
  for (const char c : text) {
    if (kReserved.find(c) == std::string_view::npos && !is_control(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

// Cuts `text` at the first `separator`; gives what stood behind it.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

Engine engine_of(std::string_view scheme) {
  static constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+_-.";
  if (scheme.empty() || scheme.find_first_not_of(kAllowed) != std::string_view::npos) {
    refuse("does not begin with a scheme such as postgresql://");
  }
  const std::string name = lower(scheme.substr(0, scheme.find('+')));
  if (name == "sqlite") return Engine::Sqlite;
  if (name == "postgresql" || name == "postgres") return Engine::Postgresql;
  if (name == "mysql" || name == "mariadb") return Engine::Mysql;
  refuse(
      fmt::format("begins with {}://, which is not sqlite, postgresql, mysql or mariadb", scheme));
}

int port_in(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) {
    refuse("has a port that is not a number from 1 to 65535");
  }
  return port;
}

// [HOST], [HOST]:PORT for IPv6; HOST, HOST:PORT otherwise.
void read_host(Url& url, std::string_view text) {
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    text.remove_prefix(1);
    port = cut(text, ']');
    if (!port) refuse("has a [ without a ]");
    if (port->empty()) {
      port.reset();
    } else if (!port->starts_with(':')) {
      refuse("has something other than :PORT behind the ]");
    } else {
      port->remove_prefix(1);
    }
  } else {
    port = cut(text, ':');
  }
  url.host = percent_decoded(text);
  if (port && !port->empty()) url.port = port_in(*port);
}

void read_options(Url& url, std::string_view text) {
  for (const std::string& pair : split(text, '&')) {
    if (pair.empty()) continue;
    std::string_view key = pair;
    const std::optional<std::string_view> value = cut(key, '=');
    if (!value || key.empty()) refuse("has an option behind the ? that is not NAME=VALUE");
    url.options[percent_decoded(key)] = percent_decoded(*value);
  }
}

void read_sqlite(Url& url, std::string_view authority, std::string_view path) {
  if (!authority.empty()) {
    refuse("names a host, which SQLite has not: a file needs three slashes, an absolute path four");
  }
  url.database = path.empty() ? ":memory:" : std::string(path);
}

void read_server(Url& url, std::string_view authority, std::string_view path) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    std::string_view user = authority.substr(0, at);
    const std::optional<std::string_view> password = cut(user, ':');
    url.user = percent_decoded(user);
    if (password) url.password = percent_decoded(*password);
    authority.remove_prefix(at + 1);
  }
  read_host(url, authority);
  url.database = percent_decoded(path);
}

std::string_view scheme_of(Engine engine) {
  switch (engine) {
    case Engine::Sqlite: return "sqlite";
    case Engine::Postgresql: return "postgresql";
    case Engine::Mysql: return "mysql";
  }
  return "";
}

std::string redacted_options(const std::map<std::string, std::string>& options) {
  std::string text;
  for (const auto& [key, value] : options) {
    const bool is_secret = lower(key).find("pass") != std::string::npos;
    text += fmt::format("{}{}={}", text.empty() ? '?' : '&', percent_encoded(key),
                        is_secret ? "***" : percent_encoded(value));
  }
  return text;
}

/// A host may be the directory of a socket (`%2Frun%2Fpostgresql`), or an IPv6 address, whose
/// colons are no port's.
std::string encoded_host(const std::string& host) {
  if (host.find(':') == std::string::npos) return percent_encoded(host);
  std::string encoded;
  for (const std::string& part : split(host, ':')) {
    encoded += encoded.empty() ? '[' : ':';
    encoded += percent_encoded(part);
  }
  return encoded + ']';
}

}  // namespace

Url Url::parse(std::string_view text) {
  text = trim(text);
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) refuse("does not begin with a scheme such as postgresql://");
  Url url;
  url.engine = engine_of(text.substr(0, colon));
  std::string_view authority = text.substr(colon + 3);
  const std::optional<std::string_view> options = cut(authority, '?');
  const std::string_view path = cut(authority, '/').value_or("");
  if (url.engine == Engine::Sqlite) {
    read_sqlite(url, authority, path);
  } else {
    read_server(url, authority, path);
  }
  if (options) read_options(url, *options);
  return url;
}

Url Url::sqlite_file(std::string path) {
  Url url;
  url.database = std::move(path);
  return url;
}

std::string Url::redacted() const {
  if (engine == Engine::Sqlite) {
    const std::string path = database == ":memory:" ? "" : "/" + database;
    return "sqlite://" + path + redacted_options(options);
  }
  std::string text = fmt::format("{}://", scheme_of(engine));
  if (!user.empty() || !password.empty()) {
    text += percent_encoded(user) + (password.empty() ? "" : ":***") + "@";
  }
  text += encoded_host(host);
  if (port != 0) text += fmt::format(":{}", port);
  return text + "/" + percent_encoded(database) + redacted_options(options);
}

}  // namespace parley::database
