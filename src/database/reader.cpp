#include "database/reader.h"

#include "base/check.h"
#include "base/error.h"
#include "database/mysql/mysql_reader.h"
#include "database/postgresql/postgresql_reader.h"
#include "database/read_watch.h"
#include "database/sqlite/sqlite_reader.h"

namespace parley::database {
namespace {

ReadRows run(const Url& url, std::string_view sql, ReadWatch& watch) {
  switch (url.engine) {
    case Engine::Sqlite: return read_sqlite(url, sql, watch);
    case Engine::Postgresql: return read_postgresql(url, sql, watch);
    case Engine::Mysql: return read_mysql(url, sql, watch);
  }
  PARLEY_CHECK(false);
}

}  // namespace

ReadRows read(const Url& url, std::string_view sql, const ReadLimits& limits,
              const Cancellation& cancellation) {
  ReadWatch watch(limits, cancellation);
  try {
    ReadRows rows = run(url, sql, watch);
    if (rows.columns.empty()) throw Error(ErrorCode::SyntaxError, "The statement is no query");
    return rows;
  } catch (const Error& error) {
    // The servers call a statement that they ended after its time busy.
    if (error.code() == ErrorCode::Busy && watch.has_used_its_time()) watch.throw_too_late();
    throw;
  }
}

std::vector<ColumnFact> read_columns(const Url& url, const ReadLimits& limits,
                                     const Cancellation& cancellation) {
  constexpr std::size_t kColumnsMax = 5000;
  const ReadLimits wider{
      .timeout = limits.timeout, .rows_max = kColumnsMax, .bytes_max = limits.bytes_max};
  ReadWatch watch(wider, cancellation);
  ReadRows rows;
  switch (url.engine) {
    case Engine::Sqlite: rows = read_sqlite_columns(url, watch); break;
    case Engine::Postgresql: rows = read_postgresql_columns(url, watch); break;
    case Engine::Mysql: rows = read_mysql_columns(url, watch); break;
  }
  std::vector<ColumnFact> columns;
  for (auto& row : rows.rows) {
    columns.push_back({row.at(0).value_or(""), row.at(1).value_or(""), row.at(2).value_or("")});
  }
  return columns;
}

}  // namespace parley::database
