#pragma once

// Statements of MySQL and MariaDB: prepared ones, and those few that the servers refuse to prepare,
// which run as text. Rows are stored by the library when they arrive.

#include <memory>
#include <string>
#include <vector>

#include "database/connection.h"
#include "database/mysql/mysql_session.h"

struct st_mysql_res;

namespace parley::database {

struct FreeMysqlResult {
  void operator()(st_mysql_res* result) const;
};
using MysqlResult = std::unique_ptr<st_mysql_res, FreeMysqlResult>;

class MysqlParameters;

class MysqlStatement final : public Statement {
 public:
  MysqlStatement(MysqlSession& session, std::string_view sql);

  using Statement::execute;
  void execute(std::span<const Value> parameters) override;
  bool next() override;
  int column_count() const override { return columns_; }
  std::string column_name(int column) const override;
  Value value(int column) const override;
  std::int64_t affected_rows() const override { return affected_rows_; }
  void reset() override;

  /// Prepares anew at the next execution: a prepared statement keeps the database that was in use
  /// when it was made.
  void forget_plan();

 private:
  struct Close {
    void operator()(st_mysql_stmt* statement) const;
  };

  void prepare();
  void run_prepared(std::span<const Value> parameters);
  /// False when the columns of the result are no longer those that were prepared.
  bool send(MysqlParameters& parameters);
  void run_as_text();
  void store_rows();

  MysqlSession& session_;
  std::string sql_;
  std::unique_ptr<st_mysql_stmt, Close> statement_;  ///< Null: not prepared (yet, or ever).
  bool is_text_only_ = false;
  MysqlResult result_;  ///< Prepared: only what the columns are. As text: the rows too.
  bool has_rows_ = false;
  char** text_row_ = nullptr;
  int columns_ = 0;
  std::int64_t affected_rows_ = 0;
};

}  // namespace parley::database
