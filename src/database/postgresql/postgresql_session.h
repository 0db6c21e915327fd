#pragma once

// The libpq handle of one connection, closed with the object, and the one place where its results
// are judged. Shared by the connection and its statements. One thread.

#include <memory>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace parley::database {

struct ClearResult {
  void operator()(pg_result* result) const;
};
using PostgresqlResult = std::unique_ptr<pg_result, ClearResult>;

class PostgresqlSession {
 public:
  /// Takes the handle over.
  explicit PostgresqlSession(pg_conn* handle) : handle_(handle) {}
  ~PostgresqlSession();
  PostgresqlSession(const PostgresqlSession&) = delete;
  PostgresqlSession& operator=(const PostgresqlSession&) = delete;

  pg_conn* handle() const { return handle_; }

  /// Runs one or more statements; the result of the last one.
  PostgresqlResult run(const std::string& sql);

  /// Gives the result on when it is a success, throws its classified error otherwise.
  PostgresqlResult checked(pg_result* result, std::string_view sql) const;

  bool in_transaction()
      const;  ///< Also when the transaction has failed and waits for its rollback.
  bool is_lost() const;

  /// Reads what the server sent unasked, which is how a connection that it closed shows.
  void notice_end() const;

 private:
  [[noreturn]] void fail_with(const pg_result* result, std::string_view sql) const;

  pg_conn* handle_;
};

}  // namespace parley::database
