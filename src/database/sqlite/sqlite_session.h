#pragma once

// The C handle of one SQLite connection, closed with the object, and the one place where statements
// are stepped and failures thrown. Shared by the connection and its statements. One thread.

#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace parley::database {

class SqliteSession {
 public:
  /// Takes the handle over.
  explicit SqliteSession(sqlite3* handle) : handle_(handle) {}
  ~SqliteSession();
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;

  sqlite3* handle() const { return handle_; }

  /// Compiles the first statement of `sql`; `rest` is what follows it. Null for white space and
  /// comments.
  sqlite3_stmt* compile(std::string_view sql, unsigned flags, std::string_view& rest);

  /// True when there is a row, false at the end. On failure the statement is reset before the
  /// throw.
  bool step(sqlite3_stmt* statement, std::string_view sql);

  /// Runs one or more statements and ignores their rows.
  void run(std::string_view sql);

  /// Throws what the handle says is wrong now.
  [[noreturn]] void fail_now(std::string_view sql) const;

  bool in_transaction() const;
  void forget_transaction();  ///< After a rollback.

 private:
  bool has_open_transaction() const;

  sqlite3* handle_;
  bool is_aborted_ =
      false;  ///< SQLite ended the transaction itself; the caller has yet to roll back.
};

}  // namespace parley::database
