#include "database/sqlite/sqlite_statement.h"

#include <sqlite3.h>

#include "base/check.h"
#include "base/overloaded.h"
#include "database/failure.h"

namespace parley::database {

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(SqliteSession& session, std::string_view sql)
    : session_(session), sql_(sql) {
  std::string_view rest;
  statement_.reset(session_.compile(sql_, SQLITE_PREPARE_PERSISTENT, rest));
  if (statement_ == nullptr) fail(ErrorCode::SyntaxError, "there is no statement", sql_);
  std::string_view nothing;
  const Handle second(session_.compile(rest, 0, nothing));
  if (second != nullptr) {
    fail(ErrorCode::SyntaxError, "only one statement can be prepared at a time", sql_);
  }
}

void SqliteStatement::execute(std::span<const Value> parameters) {
  PARLEY_CHECK(parameters.size() ==
               static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_.get())));
  reset();
  const bool is_write = sqlite3_stmt_readonly(statement_.get()) == 0;
  // A write has run to its end when this function returns, so that it may read from the caller's.
  const auto lifetime = is_write ? SQLITE_STATIC : SQLITE_TRANSIENT;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    bind(static_cast<int>(i) + 1, parameters[i], lifetime);
  }
  if (is_write) {
    finish_write();
  } else if (session_.step(statement_.get(), sql_)) {
    rows_ = Rows::FirstIsReady;
  } else {
    // A statement that is done takes no new parameters before it is reset.
    sqlite3_reset(statement_.get());
  }
}

void SqliteStatement::finish_write() {
  const std::int64_t changes_before = sqlite3_total_changes64(session_.handle());
  while (session_.step(statement_.get(), sql_)) {
    Row& row = buffer_.emplace_back();
    for (int column = 0; column < column_count(); ++column) row.push_back(stepped_value(column));
  }
  sqlite3_reset(statement_.get());
  // sqlite3_changes keeps its old value when a statement counts nothing (CREATE TABLE).
  const bool has_changed = sqlite3_total_changes64(session_.handle()) != changes_before;
  affected_rows_ = has_changed ? sqlite3_changes64(session_.handle()) : 0;
  if (!buffer_.empty()) rows_ = Rows::Buffered;
}

bool SqliteStatement::next() {
  switch (rows_) {
    case Rows::None: return false;
    case Rows::FirstIsReady: rows_ = Rows::Stepping; return true;
    case Rows::Stepping:
      if (session_.step(statement_.get(), sql_)) return true;
      reset();
      return false;
    case Rows::Buffered:
      if (buffer_next_ < buffer_.size()) return ++buffer_next_, true;
      reset();
      return false;
  }
  return false;
}

int SqliteStatement::column_count() const { return sqlite3_column_count(statement_.get()); }

std::string SqliteStatement::column_name(int column) const {
  return sqlite3_column_name(statement_.get(), column);
}

Value SqliteStatement::value(int column) const {
  PARLEY_CHECK(column >= 0 && column < column_count());
  if (rows_ == Rows::Stepping) return stepped_value(column);
  PARLEY_CHECK(rows_ == Rows::Buffered && buffer_next_ > 0);
  return buffer_[buffer_next_ - 1][static_cast<std::size_t>(column)];
}

void SqliteStatement::reset() {
  if (rows_ == Rows::FirstIsReady || rows_ == Rows::Stepping) sqlite3_reset(statement_.get());
  rows_ = Rows::None;
  buffer_.clear();
  buffer_next_ = 0;
}

void SqliteStatement::bind(int position, const Value& value, void (*lifetime)(void*)) {
  sqlite3_stmt* to = statement_.get();
  const int result = std::visit(
      overloaded{[&](Null) { return sqlite3_bind_null(to, position); },
                 [&](bool truth) { return sqlite3_bind_int(to, position, truth ? 1 : 0); },
                 [&](std::int64_t number) { return sqlite3_bind_int64(to, position, number); },
                 [&](double number) { return sqlite3_bind_double(to, position, number); },
                 [&](const std::string& text) {
                   return sqlite3_bind_text64(to, position, text.data(), text.size(), lifetime,
                                              SQLITE_UTF8);
                 },
                 [&](const Blob& blob) {
                   return sqlite3_bind_blob64(to, position, blob.bytes.data(), blob.bytes.size(),
                                              lifetime);
                 }},
      value);
  if (result != SQLITE_OK) session_.fail_now(sql_);
}

Value SqliteStatement::stepped_value(int column) const {
  sqlite3_stmt* from = statement_.get();
  switch (sqlite3_column_type(from, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(from, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(from, column);
    case SQLITE_NULL: return Null{};
    default: break;
  }
  // The pointer comes first: asking for it may convert, which changes the size.
  const char* bytes = static_cast<const char*>(sqlite3_column_blob(from, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(from, column));
  std::string content = size == 0 ? std::string() : std::string(bytes, size);
  if (sqlite3_column_type(from, column) == SQLITE_BLOB) return Blob{std::move(content)};
  return content;
}

}  // namespace parley::database
