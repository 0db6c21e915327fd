#include "database/mysql/mysql_connect.h"

#include <mysql.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/check.h"
#include "database/failure.h"
#include "database/mysql/mysql_error.h"

namespace parley::database {
namespace {

constexpr unsigned kConnectTimeout = 5;  // seconds

// What SQLAlchemy's URLs carry for the Python drivers and what has one value here.
constexpr auto kIgnoredOptions =
    std::to_array<std::string_view>({"charset", "use_unicode", "autocommit", "binary_prefix"});

unsigned seconds_in(const std::string& option, std::string_view text) {
  unsigned seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stop != end) {
    fail(ErrorCode::InvalidArgument, "the URL option " + option + " is not a number of seconds");
  }
  return seconds;
}

void set_option(MYSQL* handle, const std::string& name, const std::string& value) {
  if (name == "connect_timeout") {
    const unsigned seconds = seconds_in(name, value);
    mysql_optionsv(handle, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  } else if (name == "ssl_ca") {
    mysql_optionsv(handle, MYSQL_OPT_SSL_CA, value.c_str());
  } else if (name == "ssl_cert") {
    mysql_optionsv(handle, MYSQL_OPT_SSL_CERT, value.c_str());
  } else if (name == "ssl_key") {
    mysql_optionsv(handle, MYSQL_OPT_SSL_KEY, value.c_str());
  } else if (name == "ssl_verify_cert") {
    const my_bool verify = value == "true" || value == "1" ? 1 : 0;
    mysql_optionsv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  } else if (name != "unix_socket" &&
             std::ranges::find(kIgnoredOptions, name) == kIgnoredOptions.end()) {
    fail(ErrorCode::InvalidArgument, "MySQL does not know the URL option " + name, {},
         "Known are connect_timeout, unix_socket, ssl_ca, ssl_cert, ssl_key and ssl_verify_cert.");
  }
}

void set_options(MYSQL* handle, const Url& url) {
  const my_bool no = 0;
  const unsigned protocol =
      url.options.contains("unix_socket") ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  // Left alone, the library would take a socket for "localhost" and forget about the port.
  mysql_optionsv(handle, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(handle, MYSQL_OPT_CONNECT_TIMEOUT, &kConnectTimeout);
  mysql_optionsv(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(handle, MYSQL_REPORT_DATA_TRUNCATION, &no);
  mysql_optionsv(handle, MYSQL_OPT_LOCAL_INFILE, &no);
  for (const auto& [name, value] : url.options) set_option(handle, name, value);
}

st_mysql* new_handle() {
  // mysql_init alone is not safe on several threads (MariaDB Connector/C, mysql_library_init).
  static const int library = mysql_library_init(0, nullptr, nullptr);
  PARLEY_CHECK(library == 0);
  MYSQL* handle = mysql_init(nullptr);
  PARLEY_CHECK(handle != nullptr);
  return handle;
}

[[noreturn]] void fail_to_connect(st_mysql* handle, const Url& url) {
  const ErrorCode code = classify_mysql(mysql_errno(handle));
  const bool is_answer = code == ErrorCode::PermissionDenied || code == ErrorCode::UnknownDatabase;
  fail(is_answer ? code : ErrorCode::CannotConnect,
       "cannot connect to " + url.redacted() + ": " + mysql_error(handle));
}

}  // namespace

void MysqlHandleDeleter::operator()(st_mysql* handle) const { mysql_close(handle); }

MysqlHandle connect_mysql(const Url& url, unsigned long flags,
                          const std::function<void(st_mysql*)>& prepare) {
  MysqlHandle handle(new_handle());
  set_options(handle.get(), url);
  if (prepare) prepare(handle.get());
  const auto socket = url.options.find("unix_socket");
  const char* const database = url.database.empty() ? nullptr : url.database.c_str();
  if (mysql_real_connect(
          handle.get(), url.host.empty() ? "127.0.0.1" : url.host.c_str(), url.user.c_str(),
          url.password.c_str(), database, static_cast<unsigned>(url.port),
          socket == url.options.end() ? nullptr : socket->second.c_str(), flags) == nullptr) {
    fail_to_connect(handle.get(), url);
  }
  return handle;
}

}  // namespace parley::database
