// What SQLite itself allows: the two statements of a message post (insert the message, update its
// session) in a plain loop on the C library, with nothing around them, in transactions of a given
// number of messages. It runs on a copy of a database that Parley made, so that columns, indexes
// and triggers are the same.

#include <fmt/format.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Options {
  std::string database;
  std::string session;
  std::vector<int> batches{1, 64};
  double seconds = 5;
  std::size_t text_bytes = 100;
};

// The settings Parley's driver uses.
constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA "
    "wal_autocheckpoint=4000;"
    "PRAGMA cache_size=-262144; PRAGMA journal_size_limit=67108864;";

constexpr const char* kInsertMessage =
    "INSERT INTO live_agent_messages (session_id, sender_type, sender_id, sender_name, "
    "message_text, created_at,"
    " read_by_user, read_by_agent, delivered_at, read_at, message_metadata)"
    " VALUES (?1, 'user', 'visitor@example.org', 'Visitor', ?2, ?3, 1, 0, ?3, NULL, NULL)";

constexpr const char* kUpdateSession =
    "UPDATE live_agent_sessions SET last_message_at = ?2, updated_at = ?2,"
    " unread_count_agent = unread_count_agent + 1 WHERE id = ?1";

class Database {
 public:
  explicit Database(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr));
    execute(kSettings);
  }
  ~Database() { sqlite3_close_v2(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_));
  }
  void execute(const char* sql) { check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr)); }
  int changes() const { return sqlite3_changes(handle_); }

  using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
  Statement prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr));
    return {statement, &sqlite3_finalize};
  }
  /// Runs with these texts as ?1, ?2… which must outlive the call.
  void run(sqlite3_stmt* statement, std::initializer_list<const std::string*> texts) {
    int position = 0;
    for (const std::string* text : texts)
      check(sqlite3_bind_text(statement, ++position, text->data(), static_cast<int>(text->size()),
                              SQLITE_STATIC));
    check(sqlite3_step(statement));
    check(sqlite3_reset(statement));
  }

 private:
  sqlite3* handle_ = nullptr;
};

/// Messages per second, each transaction holding `batch` of them.
double measure(Database& database, const Options& options, int batch) {
  const auto insert = database.prepare(kInsertMessage);
  const auto update = database.prepare(kUpdateSession);
  const std::string text(options.text_bytes, 'x');
  const std::string now = "2025-01-31 09:30:00.000000";
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::duration<double> elapsed{};
  long rows = 0;
  while (elapsed.count() < options.seconds) {
    database.execute("BEGIN IMMEDIATE");
    for (int i = 0; i < batch; ++i) {
      database.run(insert.get(), {&options.session, &text, &now});
      database.run(update.get(), {&options.session, &now});
      if (database.changes() != 1) throw std::runtime_error("no session " + options.session);
    }
    database.execute("COMMIT");
    rows += batch;
    elapsed = std::chrono::steady_clock::now() - begin;
  }
  return static_cast<double>(rows) / elapsed.count();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes messages into a copy of Parley's SQLite database in a plain loop.");
  Options options;
  app.add_option("--database", options.database, "The copy; it is written to")->required();
  app.add_option("--session", options.session, "A session in it")->required();
  app.add_option("--batch", options.batches, "Messages per transaction, one run each")
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "Time of a run")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of a message")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    Database database(options.database);
    for (const int batch : options.batches)
      fmt::print("{} per commit: {:.0f} messages/s\n", batch, measure(database, options, batch));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "sqlite_limit: {}\n", error.what());
    return 1;
  }
}
