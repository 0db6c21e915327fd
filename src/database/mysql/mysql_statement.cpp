#include "database/mysql/mysql_statement.h"

#include <mysql.h>

#include "base/check.h"
#include "base/text.h"
#include "database/failure.h"
#include "database/mysql/mysql_value.h"

namespace parley::database {
namespace {

constexpr unsigned kCannotBePrepared = 1295;    // ER_UNSUPPORTED_PS
constexpr unsigned kColumnsHaveChanged = 2057;  // CR_NEW_STMT_METADATA

// A result of rows counts as changed rows when a RETURNING clause made it.
bool is_write(std::string_view sql) {
  const std::string_view word = trim(sql).substr(0, 6);
  return equals_ignoring_case(word, "insert") || equals_ignoring_case(word, "delete") ||
         equals_ignoring_case(word, "replac") || equals_ignoring_case(word, "update");
}

}  // namespace

void FreeMysqlResult::operator()(st_mysql_res* result) const { mysql_free_result(result); }

void MysqlStatement::Close::operator()(st_mysql_stmt* statement) const {
  mysql_stmt_close(statement);
}

MysqlStatement::MysqlStatement(MysqlSession& session, std::string_view sql)
    : session_(session), sql_(sql) {
  session_.require_usable(sql_);
  prepare();
}

void MysqlStatement::prepare() {
  statement_.reset(mysql_stmt_init(session_.handle()));
  PARLEY_CHECK(statement_ != nullptr);
  if (mysql_stmt_prepare(statement_.get(), sql_.data(), static_cast<unsigned long>(sql_.size())) ==
      0) {
    return;
  }
  if (mysql_stmt_errno(statement_.get()) != kCannotBePrepared) {
    session_.fail_now(statement_.get(), sql_);
  }
  is_text_only_ = true;
  statement_.reset();
}

void MysqlStatement::forget_plan() {
  reset();
  statement_.reset();
}

void MysqlStatement::execute(std::span<const Value> parameters) {
  session_.require_usable(sql_);
  reset();
  if (statement_ == nullptr && !is_text_only_) prepare();
  if (is_text_only_) {
    PARLEY_CHECK(parameters.empty());
    run_as_text();
  } else {
    run_prepared(parameters);
  }
}

void MysqlStatement::run_prepared(std::span<const Value> parameters) {
  PARLEY_CHECK(parameters.size() == mysql_stmt_param_count(statement_.get()));
  MysqlParameters bound(parameters);
  if (!send(bound)) {
    // `SELECT *` after a column was added: the server has answered, but the library, which counted
    // the columns when it prepared, cannot read it. A write would happen twice.
    forget_plan();
    if (is_write(sql_)) fail(ErrorCode::DatabaseFailure, "the columns have changed", sql_);
    prepare();
    if (!send(bound)) session_.fail_now(statement_.get(), sql_);
  }
  MYSQL_STMT* statement = statement_.get();
  columns_ = static_cast<int>(mysql_stmt_field_count(statement));
  if (columns_ > 0) store_rows();
  affected_rows_ = columns_ == 0 || is_write(sql_)
                       ? static_cast<std::int64_t>(mysql_stmt_affected_rows(statement))
                       : 0;
}

bool MysqlStatement::send(MysqlParameters& parameters) {
  MYSQL_STMT* statement = statement_.get();
  if (mysql_stmt_bind_param(statement, parameters.binds()) == 0 &&
      mysql_stmt_execute(statement) == 0) {
    return true;
  }
  if (mysql_stmt_errno(statement) == kColumnsHaveChanged) return false;
  session_.fail_now(statement, sql_);
}

void MysqlStatement::store_rows() {
  MYSQL_STMT* statement = statement_.get();
  // INSERT … RETURNING: a constraint error arrives with the rows, after a successful execute.
  if (mysql_stmt_store_result(statement) != 0) session_.fail_now(statement, sql_);
  result_.reset(mysql_stmt_result_metadata(statement));
  has_rows_ = true;
}

void MysqlStatement::run_as_text() {
  MYSQL* handle = session_.handle();
  if (mysql_real_query(handle, sql_.data(), static_cast<unsigned long>(sql_.size())) != 0) {
    session_.fail_now(sql_);
  }
  result_.reset(mysql_store_result(handle));
  if (mysql_errno(handle) != 0) session_.fail_now(sql_);
  has_rows_ = result_ != nullptr;
  columns_ = static_cast<int>(mysql_field_count(handle));
  affected_rows_ = has_rows_ ? 0 : static_cast<std::int64_t>(mysql_affected_rows(handle));
}

bool MysqlStatement::next() {
  if (!has_rows_) return false;
  if (is_text_only_) {
    text_row_ = mysql_fetch_row(result_.get());
    if (text_row_ != nullptr) return true;
  } else {
    const int outcome = mysql_stmt_fetch(statement_.get());
    if (outcome == 0 || outcome == MYSQL_DATA_TRUNCATED) return true;
    if (outcome != MYSQL_NO_DATA) session_.fail_now(statement_.get(), sql_);
  }
  reset();
  return false;
}

std::string MysqlStatement::column_name(int column) const {
  PARLEY_CHECK(result_ != nullptr && column >= 0 && column < columns_);
  return mysql_fetch_field_direct(result_.get(), static_cast<unsigned>(column))->name;
}

Value MysqlStatement::value(int column) const {
  PARLEY_CHECK(has_rows_ && column >= 0 && column < columns_);
  const auto position = static_cast<unsigned>(column);
  const MysqlKind kind = kind_of(*mysql_fetch_field_direct(result_.get(), position));
  if (!is_text_only_) return fetch_value(statement_.get(), position, kind);
  PARLEY_CHECK(text_row_ != nullptr);
  const char* text = text_row_[position];
  if (text == nullptr) return Null{};
  return value_in_text({text, mysql_fetch_lengths(result_.get())[position]}, kind);
}

void MysqlStatement::reset() {
  if (statement_ != nullptr && has_rows_) mysql_stmt_free_result(statement_.get());
  has_rows_ = false;
  text_row_ = nullptr;
  result_.reset();
}

}  // namespace parley::database
