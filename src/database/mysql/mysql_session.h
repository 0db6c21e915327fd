#pragma once

// The libmariadb handle of one connection, closed with the object, what is known of its state
// beyond the protocol, and the one place where failures are thrown. Shared by the connection and
// its statements. One thread.

#include <string>
#include <string_view>

struct st_mysql;
struct st_mysql_stmt;

namespace parley::database {

class MysqlSession {
 public:
  /// Takes the handle over.
  explicit MysqlSession(st_mysql* handle) : handle_(handle) {}
  ~MysqlSession();
  MysqlSession(const MysqlSession&) = delete;
  MysqlSession& operator=(const MysqlSession&) = delete;

  st_mysql* handle() const { return handle_; }

  /// Throws when the server has rolled back the transaction that the caller believes to be in.
  void require_usable(std::string_view sql) const;

  /// Runs one or more statements and ignores their rows.
  void run(std::string_view sql);

  /// Throws what the handle, or the statement, says is wrong now. `prefix` goes before the message.
  [[noreturn]] void fail_now(std::string_view sql, const std::string& prefix = {});
  [[noreturn]] void fail_now(st_mysql_stmt* statement, std::string_view sql);

  bool in_transaction() const;
  void rollback();

  bool is_lost() const { return is_lost_; }
  bool ping();        ///< Asks the server.
  void notice_end();  ///< Finds out, without asking, whether the server closed the connection.

 private:
  bool has_open_transaction() const;
  [[noreturn]] void fail_as(unsigned error_number, const std::string& message,
                            std::string_view sql);

  st_mysql* handle_;
  bool is_aborted_ = false;  ///< A deadlock ended the transaction; the caller has yet to roll back.
  bool is_lost_ = false;
};

}  // namespace parley::database
