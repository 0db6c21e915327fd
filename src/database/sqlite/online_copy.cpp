#include "database/online_copy.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>

#include "base/error.h"
#include "database/failure.h"
#include "database/sqlite/sqlite_error.h"

namespace parley::database {
namespace {

constexpr int kPagesAtOnce = 1024;
constexpr int kPause = 10;         // milliseconds
constexpr int kPatience = 10'000;  // milliseconds

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

[[noreturn]] void fail_on(sqlite3* handle, const std::string& what) {
  const std::string_view message = sqlite3_errmsg(handle);
  fail(classify_sqlite(sqlite3_extended_errcode(handle), message),
       fmt::format("{}: {}", what, message));
}

Handle open_file(const std::string& file) {
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(file.c_str(), &raw,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Handle handle(raw);
  if (result != SQLITE_OK) fail_on(raw, "cannot open " + file);
  sqlite3_busy_timeout(raw, kPatience);
  return handle;
}

/// SQLite calls a file system that takes no more, whatever its reason, an I/O error or full.
[[noreturn]] void fail_to_write(const std::string& to, int result) {
  const int primary = result & 0xff;
  const std::string message = fmt::format("cannot write {}: {}", to, sqlite3_errstr(result));
  if (primary == SQLITE_FULL) fail(ErrorCode::DiskFull, message);
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) fail(ErrorCode::Busy, message);
  fail(ErrorCode::FileSystem, message, {},
       "Make room there, or choose another place; nothing else was changed.");
}

}  // namespace

bool is_copyable(const Url& url) {
  return url.engine == Engine::Sqlite && url.database != ":memory:";
}

void copy_database(const std::string& from, const std::string& to, const PageListener& listener) {
  const Handle source = open_file(from);
  const Handle target = open_file(to);
  // A snapshot of its own: otherwise every write of somebody else would start the copy again.
  if (sqlite3_exec(source.get(), "BEGIN; SELECT 1 FROM sqlite_schema", nullptr, nullptr, nullptr) !=
      SQLITE_OK) {
    fail_on(source.get(), "cannot read " + from);
  }
  sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (backup == nullptr) fail_on(target.get(), "cannot write " + to);
  int result = SQLITE_OK;
  for (int waited = 0; result == SQLITE_OK && waited < kPatience;) {
    result = sqlite3_backup_step(backup, kPagesAtOnce);
    const int total = sqlite3_backup_pagecount(backup);
    if (listener) listener(total - sqlite3_backup_remaining(backup), total);
    if ((result & 0xff) == SQLITE_BUSY || (result & 0xff) == SQLITE_LOCKED) {
      waited += kPause;
      sqlite3_sleep(kPause);
      if (waited < kPatience) result = SQLITE_OK;
    }
  }
  sqlite3_backup_finish(backup);
  if (result != SQLITE_DONE) fail_to_write(to, result);
}

std::string damage_of(const std::string& file) {
  const Handle handle = open_file(file);
  std::string answer;
  const auto collect = [](void* text, int, char** values, char**) {
    *static_cast<std::string*>(text) += std::string(values[0]) + "\n";
    return 0;
  };
  if (sqlite3_exec(handle.get(), "PRAGMA quick_check", collect, &answer, nullptr) != SQLITE_OK) {
    return sqlite3_errmsg(handle.get());
  }
  return answer == "ok\n" ? "" : answer;
}

}  // namespace parley::database
