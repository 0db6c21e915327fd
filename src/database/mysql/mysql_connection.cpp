#include "database/mysql/mysql_connection.h"

#include <mysql.h>

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/crypto.h"
#include "database/failure.h"
#include "database/mysql/mysql_connect.h"
#include "database/mysql/mysql_session.h"
#include "database/mysql/mysql_statement.h"
#include "database/mysql/mysql_version.h"
#include "database/statement_cache.h"

namespace parley::database {
namespace {

std::string quote_identifier(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text += c == '`' ? "``" : std::string(1, c);
  return text + "`";
}

class MysqlConnection final : public Connection {
 public:
  MysqlConnection(MysqlHandle handle, Url url) : session_(handle.release()), url_(std::move(url)) {}

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

}  // namespace

std::unique_ptr<Connection> open_mysql(const Url& url) {
  // FOUND_ROWS: an UPDATE counts the rows it matched, as everywhere else.
  auto connection = std::make_unique<MysqlConnection>(
      connect_mysql(url, CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS), url);
  connection->execute(
      "SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
      "time_zone = '+00:00', autocommit = 1");
  return connection;
}

}  // namespace parley::database
