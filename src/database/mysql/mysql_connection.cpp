#include "database/mysql/mysql_connection.h"

#include <mysql.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/check.h"
#include "base/crypto.h"
#include "database/failure.h"
#include "database/mysql/mysql_error.h"
#include "database/mysql/mysql_session.h"
#include "database/mysql/mysql_statement.h"
#include "database/mysql/mysql_version.h"
#include "database/statement_cache.h"

namespace parley::database {
namespace {

constexpr unsigned kConnectTimeout = 5;  // seconds

std::string quote_identifier(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text += c == '`' ? "``" : std::string(1, c);
  return text + "`";
}

class MysqlConnection final : public Connection {
 public:
  MysqlConnection(st_mysql* handle, Url url) : session_(handle), url_(std::move(url)) {}

  Statement& prepare(std::string_view sql) override {
    return statements_.find_or_add(sql,
                                   [&] { return std::make_unique<MysqlStatement>(session_, sql); });
  }
  void execute(std::string_view sql) override { session_.run(sql); }

  void begin() override { begin_as("START TRANSACTION"); }
  void begin_read() override { begin_as("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"); }
  void commit() override { session_.run("COMMIT"); }
  void rollback() override { session_.rollback(); }
  bool in_transaction() const override { return session_.in_transaction(); }

  ServerVersion version() const override {
    return parse_mysql_version(mysql_get_server_info(session_.handle()));
  }
  const Url& url() const override { return url_; }
  std::int64_t last_insert_id() override {
    return integer_of(query(*this, "SELECT LAST_INSERT_ID()").at(0).at(0));
  }
  void use_namespace(const std::string& name, Create create) override;
  std::string namespace_in_use() const override { return namespace_; }
  void set_lock_timeout(std::optional<std::chrono::milliseconds> timeout) override;

  bool try_lock(const std::string& name) override;
  void unlock(const std::string& name) override;
  bool is_alive() override { return session_.ping(); }
  bool is_lost() override {
    session_.notice_end();
    return session_.is_lost();
  }

  MysqlSession& session() { return session_; }

 private:
  void begin_as(const char* sql) {
    // START TRANSACTION would commit the open one (MySQL manual, "Statements That Cause an Implicit
    // Commit").
    PARLEY_CHECK(!in_transaction());
    session_.run(sql);
  }

  MysqlSession session_;
  Url url_;
  std::string namespace_;
  StatementCache<MysqlStatement> statements_;
  std::map<std::string, std::string> locks_;  ///< Name to the server-wide name.
};

void MysqlConnection::use_namespace(const std::string& name, Create create) {
  // Asked first, because CREATE … IF NOT EXISTS needs the privilege to create even when it exists.
  const bool exists =
      !query(*this, "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", {name})
           .empty();
  if (!exists && create == Create::IfMissing) {
    session_.run("CREATE DATABASE IF NOT EXISTS " + quote_identifier(name) +
                 " CHARACTER SET utf8mb4");
  }
  session_.run("USE " + quote_identifier(name));
  namespace_ = name;
  statements_.for_each([](MysqlStatement& statement) { statement.forget_plan(); });
}

void MysqlConnection::set_lock_timeout(std::optional<std::chrono::milliseconds> timeout) {
  // The one is for tables (metadata locks), the other for rows.
  const std::string seconds =
      timeout ? std::to_string(std::max<std::int64_t>(1, (timeout->count() + 999) / 1000))
              : "DEFAULT";
  session_.run("SET SESSION lock_wait_timeout = " + seconds +
               ", innodb_lock_wait_timeout = " + seconds);
}

bool MysqlConnection::try_lock(const std::string& name) {
  if (locks_.contains(name)) return true;
  // Lock names belong to the whole server and have 64 characters at most (MySQL manual, GET_LOCK).
  const std::string database = text_of(query(*this, "SELECT DATABASE()").at(0).at(0));
  const std::string server_wide = "parley " + to_hex(sha256(database + "/" + name)).substr(0, 56);
  const std::vector<Row> rows = query(*this, "SELECT GET_LOCK(?, 0)", {server_wide});
  if (!truth_of(rows.at(0).at(0))) return false;
  locks_.emplace(name, server_wide);
  return true;
}

void MysqlConnection::unlock(const std::string& name) {
  const auto lock = locks_.find(name);
  if (lock == locks_.end()) return;
  query(*this, "SELECT RELEASE_LOCK(?)", {lock->second});
  locks_.erase(lock);
}

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

void connect(MysqlSession& session, const Url& url) {
  const auto socket = url.options.find("unix_socket");
  const char* const database = url.database.empty() ? nullptr : url.database.c_str();
  // FOUND_ROWS: an UPDATE counts the rows it matched, as everywhere else.
  if (mysql_real_connect(session.handle(), url.host.empty() ? "127.0.0.1" : url.host.c_str(),
                         url.user.c_str(), url.password.c_str(), database,
                         static_cast<unsigned>(url.port),
                         socket == url.options.end() ? nullptr : socket->second.c_str(),
                         CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS) != nullptr) {
    return;
  }
  const ErrorCode code = classify_mysql(mysql_errno(session.handle()));
  const bool is_answer = code == ErrorCode::PermissionDenied || code == ErrorCode::UnknownDatabase;
  fail(is_answer ? code : ErrorCode::CannotConnect,
       "cannot connect to " + url.redacted() + ": " + mysql_error(session.handle()));
}

}  // namespace

std::unique_ptr<Connection> open_mysql(const Url& url) {
  // mysql_init alone is not safe on several threads (MariaDB Connector/C, mysql_library_init).
  static const int library = mysql_library_init(0, nullptr, nullptr);
  PARLEY_CHECK(library == 0);
  MYSQL* handle = mysql_init(nullptr);
  PARLEY_CHECK(handle != nullptr);
  auto connection = std::make_unique<MysqlConnection>(handle, url);
  set_options(handle, url);
  connect(connection->session(), url);
  connection->execute(
      "SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
      "time_zone = '+00:00', autocommit = 1");
  return connection;
}

}  // namespace parley::database
