#include "database/mysql/mysql_session.h"

#include <mysql.h>

#include <fmt/format.h>

#include "database/failure.h"
#include "database/mysql/mysql_error.h"
#include "database/socket.h"

namespace parley::database {

MysqlSession::~MysqlSession() { mysql_close(handle_); }

void MysqlSession::require_usable(std::string_view sql) const {
  if (is_aborted_) fail_in_aborted_transaction(ErrorCode::Deadlock, sql);
}

void MysqlSession::run(std::string_view sql) {
  require_usable(sql);
  int failed = mysql_real_query(handle_, sql.data(), static_cast<unsigned long>(sql.size()));
  // The results of all statements must be taken before the next command can be sent.
  for (int statement = 1; failed == 0; ++statement) {
    mysql_free_result(mysql_store_result(handle_));
    if (mysql_errno(handle_) != 0) fail_now(sql, fmt::format("statement {}: ", statement));
    const int next = mysql_next_result(handle_);
    if (next < 0) return;
    if (next > 0) fail_now(sql, fmt::format("statement {}: ", statement + 1));
  }
  fail_now(sql);
}

void MysqlSession::fail_now(std::string_view sql, const std::string& prefix) {
  fail_as(mysql_errno(handle_), prefix + mysql_error(handle_), sql);
}

void MysqlSession::fail_now(st_mysql_stmt* statement, std::string_view sql) {
  fail_as(mysql_stmt_errno(statement), mysql_stmt_error(statement), sql);
}

void MysqlSession::fail_as(unsigned error_number, const std::string& message,
                           std::string_view sql) {
  const ErrorCode code = classify_mysql(error_number);
  if (code == ErrorCode::ConnectionLost) is_lost_ = true;
  // InnoDB has rolled back the whole transaction (MySQL manual, "InnoDB Error Handling"), and an
  // error packet carries no status that would say so.
  if (code == ErrorCode::Deadlock && has_open_transaction()) is_aborted_ = true;
  fail(code, fmt::format("{} [{}]", message, error_number), sql);
}

bool MysqlSession::in_transaction() const {
  return !is_lost_ && (is_aborted_ || has_open_transaction());
}

void MysqlSession::rollback() {
  is_aborted_ = false;
  if (mysql_rollback(handle_) != 0) is_lost_ = true;
}

bool MysqlSession::ping() {
  if (mysql_ping(handle_) != 0) is_lost_ = true;
  return !is_lost_;
}

void MysqlSession::notice_end() {
  // The server sends nothing unasked but its farewell.
  if (!is_lost_ && has_input(static_cast<int>(mysql_get_socket(handle_)))) is_lost_ = true;
}

bool MysqlSession::has_open_transaction() const {
  unsigned status = 0;
  mariadb_get_infov(handle_, MARIADB_CONNECTION_SERVER_STATUS, &status);
  return (status & SERVER_STATUS_IN_TRANS) != 0;
}

}  // namespace parley::database
