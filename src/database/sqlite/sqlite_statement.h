#pragma once

// A prepared statement of SQLite. Rows of a query are stepped one by one; rows of a write
// (RETURNING) are read at once, so that the write is finished and counted when `execute` returns.

#include <memory>
#include <string>
#include <vector>

#include "database/connection.h"
#include "database/sqlite/sqlite_session.h"

namespace parley::database {

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(SqliteSession& session, std::string_view sql);

  using Statement::execute;
  void execute(std::span<const Value> parameters) override;
  bool next() override;
  int column_count() const override;
  std::string column_name(int column) const override;
  Value value(int column) const override;
  std::int64_t affected_rows() const override { return affected_rows_; }
  void reset() override;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Handle = std::unique_ptr<sqlite3_stmt, Finalize>;
  enum class Rows { None, FirstIsReady, Stepping, Buffered };

  void bind(int position, const Value& value, void (*lifetime)(void*));
  void finish_write();
  Value stepped_value(int column) const;

  SqliteSession& session_;
  std::string sql_;
  Handle statement_;
  Rows rows_ = Rows::None;
  std::vector<Row> buffer_;
  std::size_t buffer_next_ = 0;
  std::int64_t affected_rows_ = 0;
};

}  // namespace parley::database
