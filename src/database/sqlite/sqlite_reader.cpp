#include "database/sqlite/sqlite_reader.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "database/failure.h"
#include "database/sqlite/sqlite_session.h"

namespace parley::database {
namespace {

constexpr int kBusyTimeout = 2000;  // milliseconds
constexpr int kLookEvery = 10'000;  // instructions of SQLite's machine
constexpr int kSqlBytesMax = 100'000;

/// Functions that reach beyond the database, in builds that have them.
constexpr auto kRefusedFunctions = std::to_array<std::string_view>(
    {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"});

/// What a statement may do (sqlite.org, "Authorizer Action Codes"): read, and call functions.
int authorize(void*, int action, const char*, const char* second, const char*, const char*) {
  if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE) {
    return SQLITE_OK;
  }
  const bool may_be_called =
      action == SQLITE_FUNCTION && second != nullptr &&
      std::ranges::find(kRefusedFunctions, lower(second)) == kRefusedFunctions.end();
  return may_be_called ? SQLITE_OK : SQLITE_DENY;
}

int look_at_watch(void* watch) { return static_cast<const ReadWatch*>(watch)->is_over() ? 1 : 0; }

/// A connection that cannot write: neither to the file, nor to another that it might attach.
class SqliteReading {
 public:
  SqliteReading(const Url& url, ReadWatch& watch) : watch_(watch), session_(open(url.database)) {
    sqlite3* const handle = session_.handle();
    sqlite3_busy_timeout(handle, kBusyTimeout);
    sqlite3_progress_handler(handle, kLookEvery, look_at_watch, &watch_);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, static_cast<int>(watch_.limits().bytes_max));
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, kSqlBytesMax);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  }

  void allow_reading_only() { sqlite3_set_authorizer(session_.handle(), authorize, nullptr); }

  ReadRows run(std::string_view sql);

 private:
  using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

  static sqlite3* open(const std::string& file);
  Statement compile(std::string_view sql);
  bool step(sqlite3_stmt* statement, std::string_view sql);
  static std::optional<std::string> value_of(sqlite3_stmt* row, int column);

  ReadWatch& watch_;
  SqliteSession session_;
};

sqlite3* SqliteReading::open(const std::string& file) {
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2(file.c_str(), &handle, kFlags, nullptr) == SQLITE_OK) return handle;
  sqlite3_close_v2(handle);
  fail(ErrorCode::CannotConnect, "cannot open the database " + file, {}, "Correct the path.");
}

SqliteReading::Statement SqliteReading::compile(std::string_view sql) {
  std::string_view rest;
  Statement statement(session_.compile(sql, 0, rest), sqlite3_finalize);
  if (statement == nullptr) fail(ErrorCode::SyntaxError, "there is no statement", sql);
  std::string_view nothing;
  if (Statement(session_.compile(rest, 0, nothing), sqlite3_finalize) != nullptr) {
    fail(ErrorCode::SyntaxError, "only one statement can be run", sql);
  }
  return statement;
}

bool SqliteReading::step(sqlite3_stmt* statement, std::string_view sql) {
  const int result = sqlite3_step(statement);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  if ((result & 0xff) == SQLITE_INTERRUPT) watch_.check();
  session_.fail_now(sql);
}

std::optional<std::string> SqliteReading::value_of(sqlite3_stmt* row, int column) {
  if (sqlite3_column_type(row, column) == SQLITE_NULL) return std::nullopt;
  // The pointer comes first: asking for it may convert, which changes the size.
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  return size == 0 ? std::string() : readable({bytes, size});
}

ReadRows SqliteReading::run(std::string_view sql) {
  const Statement statement = compile(sql);
  ReadRows result;
  const int columns = sqlite3_column_count(statement.get());
  for (int column = 0; column < columns; ++column) {
    result.columns.emplace_back(sqlite3_column_name(statement.get(), column));
  }
  while (step(statement.get(), sql)) {
    std::vector<std::optional<std::string>> row;
    for (int column = 0; column < columns; ++column) {
      row.push_back(value_of(statement.get(), column));
    }
    if (!watch_.add(result, std::move(row))) break;
  }
  return result;
}

}  // namespace

ReadRows read_sqlite(const Url& url, std::string_view sql, ReadWatch& watch) {
  SqliteReading reading(url, watch);
  reading.allow_reading_only();
  return reading.run(sql);
}

ReadRows read_sqlite_columns(const Url& url, ReadWatch& watch) {
  // The pragma that this reads from is refused to other people's statements.
  return SqliteReading(url, watch)
      .run(
          "SELECT t.name, c.name, c.type FROM sqlite_master AS t, pragma_table_info(t.name) AS c "
          "WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
          "ORDER BY t.name, c.cid");
}

}  // namespace parley::database
