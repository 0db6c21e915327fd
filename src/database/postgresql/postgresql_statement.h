#pragma once

// A named prepared statement of PostgreSQL, its text translated once; the rows of an execution are
// held by libpq. It is prepared again when the server says that its plan no longer fits the tables.

#include <string>
#include <vector>

#include "database/connection.h"
#include "database/postgresql/placeholders.h"
#include "database/postgresql/postgresql_session.h"

namespace parley::database {

class PostgresqlStatement final : public Statement {
 public:
  /// `name` is unique on the connection.
  PostgresqlStatement(PostgresqlSession& session, std::string_view sql, std::string name);

  using Statement::execute;
  void execute(std::span<const Value> parameters) override;
  bool next() override;
  int column_count() const override;
  std::string column_name(int column) const override;
  Value value(int column) const override;
  std::int64_t affected_rows() const override { return affected_rows_; }
  void reset() override;

 private:
  void prepare();
  PostgresqlResult run(std::span<const Value> parameters);

  PostgresqlSession& session_;
  std::string sql_;
  NumberedSql numbered_;
  std::string name_;
  int generation_ = 0;  ///< How often the plan was made; part of the server's name for it.
  bool must_prepare_ = true;
  PostgresqlResult result_;
  int columns_ = 0;
  int row_ = -1;
  std::int64_t affected_rows_ = 0;
};

}  // namespace parley::database
