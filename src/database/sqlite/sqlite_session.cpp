#include "database/sqlite/sqlite_session.h"

#include <sqlite3.h>

#include <memory>

#include "database/failure.h"
#include "database/sqlite/sqlite_error.h"

namespace parley::database {

SqliteSession::~SqliteSession() { sqlite3_close_v2(handle_); }

sqlite3_stmt* SqliteSession::compile(std::string_view sql, unsigned flags, std::string_view& rest) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), flags, &statement,
                         &tail) != SQLITE_OK) {
    fail_now(sql);
  }
  rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  return statement;
}

bool SqliteSession::step(sqlite3_stmt* statement, std::string_view sql) {
  if (is_aborted_) fail_in_aborted_transaction(ErrorCode::DatabaseFailure, sql);
  const bool had_transaction = has_open_transaction();
  const int result = sqlite3_step(statement);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  // A full disk, an I/O error and some others roll the whole transaction back
  // (sqlite.org, "Transactions", section 3: Response To Errors Within A Transaction).
  is_aborted_ = had_transaction && !has_open_transaction();
  sqlite3_reset(statement);
  fail_now(sql);
}

void SqliteSession::run(std::string_view sql) {
  while (!sql.empty()) {
    std::string_view rest;
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(compile(sql, 0, rest),
                                                                          sqlite3_finalize);
    const std::string_view text = sql.substr(0, sql.size() - rest.size());
    while (statement != nullptr && step(statement.get(), text)) {
    }
    sql = rest;
  }
}

void SqliteSession::fail_now(std::string_view sql) const {
  const std::string_view message = sqlite3_errmsg(handle_);
  fail(classify_sqlite(sqlite3_extended_errcode(handle_), message), message, sql);
}

bool SqliteSession::in_transaction() const { return is_aborted_ || has_open_transaction(); }

void SqliteSession::forget_transaction() { is_aborted_ = false; }

bool SqliteSession::has_open_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace parley::database
