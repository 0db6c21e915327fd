#include "database/sqlite/sqlite_connection.h"

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "base/error.h"
#include "database/failure.h"
#include "database/sqlite/file_lock.h"
#include "database/sqlite/sqlite_error.h"
#include "database/sqlite/sqlite_session.h"
#include "database/sqlite/sqlite_statement.h"
#include "database/statement_cache.h"

namespace parley::database {
namespace {

constexpr int kBusyTimeout = 5000;  // milliseconds

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(sqlite3* handle, Url url) : session_(handle), url_(std::move(url)) {}

  Statement& prepare(std::string_view sql) override {
    return statements_.find_or_add(
        sql, [&] { return std::make_unique<SqliteStatement>(session_, sql); });
  }
  void execute(std::string_view sql) override {
    // Every write of a batch has one: compiling it would cost as much as a small statement.
    is_savepoint(sql) ? prepare(sql).execute() : session_.run(sql);
  }

  void begin() override { begin_as("BEGIN IMMEDIATE"); }
  void begin_read() override { begin_as("BEGIN"); }
  void commit() override {
    let_go_of_rows();
    prepare("COMMIT").execute();
  }
  void rollback() override {
    let_go_of_rows();
    session_.forget_transaction();
    sqlite3_exec(session_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  bool in_transaction() const override { return session_.in_transaction(); }

  ServerVersion version() const override {
    const int number = sqlite3_libversion_number();
    return {"SQLite", number / 1'000'000, number / 1000 % 1000, number % 1000};
  }
  const Url& url() const override { return url_; }
  std::int64_t last_insert_id() override { return sqlite3_last_insert_rowid(session_.handle()); }
  void use_namespace(const std::string&, Create) override {}

  void set_lock_timeout(std::optional<std::chrono::milliseconds> timeout) override {
    sqlite3_busy_timeout(session_.handle(),
                         timeout ? static_cast<int>(timeout->count()) : kBusyTimeout);
  }

  void expect_reads() override { session_.run("PRAGMA cache_size = -8192"); }

  bool try_lock(const std::string& name) override;
  void unlock(const std::string& name) override { locks_.erase(name); }
  bool is_alive() override {
    return sqlite3_exec(session_.handle(), "PRAGMA schema_version", nullptr, nullptr, nullptr) ==
           SQLITE_OK;
  }
  bool is_lost() override { return false; }

  SqliteSession& session() { return session_; }

 private:
  void begin_as(const char* sql) {
    let_go_of_rows();
    prepare(sql).execute();
  }
  static bool is_savepoint(std::string_view sql) {
    return sql.starts_with("SAVEPOINT ") || sql.starts_with("RELEASE ") ||
           sql.starts_with("ROLLBACK TO ");
  }
  // A read left open keeps its old snapshot, on which a later write fails (SQLITE_BUSY_SNAPSHOT).
  void let_go_of_rows() {
    statements_.for_each([](SqliteStatement& statement) { statement.reset(); });
  }

  SqliteSession session_;
  Url url_;
  StatementCache<SqliteStatement> statements_;
  std::map<std::string, FileLock> locks_;
};

bool SqliteConnection::try_lock(const std::string& name) {
  if (url_.database == ":memory:" || locks_.contains(name)) return true;
  std::string suffix = name;
  for (char& c : suffix) {
    if (c == '/' || c == '\0') c = '_';
  }
  std::optional<FileLock> lock = FileLock::try_take(url_.database + "." + suffix + ".lock");
  if (lock) locks_.emplace(name, std::move(*lock));
  return lock.has_value();
}

// SQLite only says "unable to open database file"; the file system knows why.
[[noreturn]] void fail_to_open(const std::string& file, Open mode) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path path(file);
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const std::string start = "cannot open the database " + file + ": ";
  const std::string correct_it = "Create the directory, or correct the path.";
  if (fs::is_directory(path, ignored)) {
    fail(ErrorCode::CannotConnect, start + "it is a directory", {}, "Name a file inside it.");
  }
  if (!fs::exists(directory, ignored)) {
    fail(ErrorCode::CannotConnect, start + directory.string() + " does not exist", {}, correct_it);
  }
  if (!fs::is_directory(directory, ignored)) {
    fail(ErrorCode::CannotConnect, start + directory.string() + " is not a directory", {},
         correct_it);
  }
  if (mode == Open::Existing && !fs::exists(path, ignored)) {
    fail(ErrorCode::UnknownDatabase, start + "there is no such file", {}, "Correct the path.");
  }
  fail(ErrorCode::PermissionDenied, start + "its directory or file may not be read and written", {},
       "Let the user that runs Parley read and write " + directory.string() + ".");
}

// SQLite counts the memory it takes, under one mutex for all threads; nobody here asks for the sum
// (sqlite.org, "Run-Time Library Compilation and Configuration Options", SQLITE_CONFIG_MEMSTATUS).
// Does nothing once the library is in use.
void set_up_library() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

std::string mode_option(const Url& url) {
  std::string mode = "rwc";
  for (const auto& [key, value] : url.options) {
    if (key != "mode" || (value != "ro" && value != "rw" && value != "rwc")) {
      fail(ErrorCode::InvalidArgument, "SQLite does not know the URL option " + key + "=" + value,
           {}, "The only option is mode, one of ro, rw and rwc.");
    }
    mode = value;
  }
  return mode;
}

int open_flags(const Url& url, Open mode) {
  // Parley, not SQLite, sees to it that one thread at a time uses a connection.
  constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const std::string option = mode_option(url);
  if (option == "ro") return kAlways | SQLITE_OPEN_READONLY;
  const bool may_create = mode == Open::CreateIfMissing && option == "rwc";
  return kAlways | SQLITE_OPEN_READWRITE | (may_create ? SQLITE_OPEN_CREATE : 0);
}

// Runs `sql` while opening `file`, where a failure means that the file cannot be used at all.
void set_up(SqliteSession& session, const std::string& file, Open mode, const char* sql) {
  if (sqlite3_exec(session.handle(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
  const ErrorCode code =
      classify_sqlite(sqlite3_extended_errcode(session.handle()), sqlite3_errmsg(session.handle()));
  if (code == ErrorCode::NotADatabase) {
    fail(code, file + " is not a SQLite database", {},
         "Name another file. This one was not changed.");
  }
  if (code == ErrorCode::CannotConnect || code == ErrorCode::PermissionDenied) {
    fail_to_open(file, mode);
  }
  session.fail_now(sql);
}

// Two processes that open a new file at once collide here, and SQLite may answer at once instead of
// calling its busy handler, because both waiting could be a deadlock (sqlite.org,
// sqlite3_busy_handler). So the waiting is done here alone.
void switch_to_wal(SqliteSession& session, const std::string& file, Open mode) {
  constexpr int kPause = 10;
  constexpr char kSql[] = "PRAGMA journal_mode = WAL";
  sqlite3_busy_timeout(session.handle(), 0);
  for (int waited = 0; waited < kBusyTimeout; waited += kPause) {
    const int result = sqlite3_exec(session.handle(), kSql, nullptr, nullptr, nullptr);
    if ((result & 0xff) != SQLITE_BUSY) break;
    sqlite3_sleep(kPause);
  }
  set_up(session, file, mode, kSql);
  sqlite3_busy_timeout(session.handle(), kBusyTimeout);
}

}  // namespace

std::unique_ptr<Connection> open_sqlite(const Url& url, Open mode) {
  set_up_library();
  const std::string& file = url.database;
  const bool is_memory = file == ":memory:";
  sqlite3* handle = nullptr;
  const int flags = open_flags(url, mode) | (is_memory ? SQLITE_OPEN_CREATE : 0);
  const int result = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  auto connection = std::make_unique<SqliteConnection>(handle, url);
  if (result != SQLITE_OK) fail_to_open(file, mode);

  SqliteSession& session = connection->session();
  sqlite3_busy_timeout(handle, kBusyTimeout);
  // The first read is what finds out that a file is no database.
  set_up(session, file, mode, "PRAGMA schema_version");
  if (!is_memory && sqlite3_db_readonly(handle, "main") == 0) switch_to_wal(session, file, mode);
  set_up(session, file, mode,
         "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000;"
         // Else a file would be written for what a savepoint may have to take back.
         "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -262144;"
         "PRAGMA journal_size_limit = 67108864");
  return connection;
}

}  // namespace parley::database
