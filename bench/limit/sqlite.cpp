#include <sqlite3.h>

#include <stdexcept>

#include "limit/limit.h"

namespace parley::bench {
namespace {

// The settings of Parley's driver.
constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-262144;"
    "PRAGMA journal_size_limit=67108864;";

constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS bench_events (\"offset\" INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " subject TEXT NOT NULL, audience TEXT NOT NULL, data TEXT NOT NULL, created_at TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS bench_counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);"
    "INSERT INTO bench_counter SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM bench_counter);";

constexpr const char* kInsertMessage =
    "INSERT INTO live_agent_messages (session_id, sender_type, sender_id, sender_name,"
    " message_text, created_at, read_by_user, read_by_agent, delivered_at, read_at,"
    " message_metadata)"
    " VALUES (?1, 'user', 'visitor@example.org', 'Visitor', ?2, ?3, 1, 0, ?3, NULL, NULL)";

constexpr const char* kUpdateSession =
    "UPDATE live_agent_sessions SET last_message_at = ?2, updated_at = ?2,"
    " unread_count_agent = unread_count_agent + 1 WHERE id = ?1";

constexpr const char* kAdvance = "UPDATE bench_counter SET value = value + ?1 RETURNING value";

constexpr const char* kInsertEvent =
    "INSERT INTO bench_events VALUES (?1, 'message.created', ?2, ?3, ?4, ?5)";

constexpr const char* kSession =
    "SELECT id, tenant_domain, user_account, user_name, assigned_agent_id, assigned_agent_name,"
    " status, created_at, updated_at, last_message_at, unread_count_user, unread_count_agent,"
    " metadata FROM live_agent_sessions WHERE id = ?1";

constexpr const char* kTotal = "SELECT COUNT(*) FROM live_agent_messages WHERE session_id = ?1";

constexpr const char* kPage =
    "SELECT id, session_id, sender_type, sender_id, sender_name, message_text, created_at,"
    " read_by_user, read_by_agent, delivered_at, read_at, message_metadata"
    " FROM live_agent_messages WHERE session_id = ?1 ORDER BY id DESC LIMIT 50";

class Handle {
 public:
  explicit Handle(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr));
    execute(kSettings);
    execute(kTables);
  }
  ~Handle() { sqlite3_close_v2(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  sqlite3* get() const { return handle_; }
  void check(int code) const {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle_));
  }
  void execute(const char* sql) const {
    check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
  }

 private:
  sqlite3* handle_ = nullptr;
};

class Statement {
 public:
  Statement(const Handle& handle, const char* sql) : handle_(handle) {
    handle.check(sqlite3_prepare_v2(handle.get(), sql, -1, &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int position, const std::string& text) const {
    handle_.check(sqlite3_bind_text(statement_, position, text.data(),
                                    static_cast<int>(text.size()), SQLITE_STATIC));
  }
  void bind(int position, std::int64_t number) const {
    handle_.check(sqlite3_bind_int64(statement_, position, number));
  }
  /// Runs to the end, looking at every value; the first one of the last row.
  std::int64_t run() const {
    std::int64_t first = 0;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement_)) == SQLITE_ROW) {
      first = sqlite3_column_int64(statement_, 0);
      for (int i = 0; i < sqlite3_column_count(statement_); ++i) sqlite3_column_text(statement_, i);
    }
    if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_.get()));
    handle_.check(sqlite3_reset(statement_));
    return first;
  }

 private:
  const Handle& handle_;
  sqlite3_stmt* statement_ = nullptr;
};

class SqliteLimit final : public Limit {
 public:
  SqliteLimit(const std::string& path, Events events) : handle_(path), events_(events) {}

  void post(std::span<const std::string* const> sessions, const Content& content) override {
    handle_.execute("BEGIN IMMEDIATE");
    std::int64_t offset = 0;
    if (events_ == Events::Written) {
      const auto count = static_cast<std::int64_t>(sessions.size());
      advance_.bind(1, count);
      offset = advance_.run() - count;
    }
    for (const std::string* session : sessions) post_one(*session, content, ++offset);
    handle_.execute("COMMIT");
  }

  void read_page(const std::string& session) override {
    for (const Statement* statement : {&session_, &total_, &page_}) {
      statement->bind(1, session);
      statement->run();
    }
  }

 private:
  void post_one(const std::string& session, const Content& content, std::int64_t offset) {
    insert_.bind(1, session);
    insert_.bind(2, content.text);
    insert_.bind(3, content.now);
    insert_.run();
    update_.bind(1, session);
    update_.bind(2, content.now);
    update_.run();
    if (sqlite3_changes(handle_.get()) != 1) throw std::runtime_error("no session " + session);
    if (events_ == Events::LeftOut) return;
    event_.bind(1, offset);
    event_.bind(2, session);
    event_.bind(3, content.audience);
    event_.bind(4, content.data);
    event_.bind(5, content.now);
    event_.run();
  }

  Handle handle_;
  Events events_;
  Statement insert_{handle_, kInsertMessage};
  Statement update_{handle_, kUpdateSession};
  Statement advance_{handle_, kAdvance};
  Statement event_{handle_, kInsertEvent};
  Statement session_{handle_, kSession};
  Statement total_{handle_, kTotal};
  Statement page_{handle_, kPage};
};

}  // namespace

std::unique_ptr<Limit> open_sqlite(const std::string& path, Events events) {
  return std::make_unique<SqliteLimit>(path, events);
}

}  // namespace parley::bench
