#include <mysql.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "limit/limit.h"

namespace parley::bench {
namespace {

constexpr const char* kEventTable =
    "CREATE TABLE IF NOT EXISTS bench_events (`offset` bigint PRIMARY KEY,"
    " kind varchar(60) NOT NULL, subject varchar(255) NOT NULL, audience text NOT NULL,"
    " data longtext NOT NULL, created_at datetime(6) NOT NULL)";
constexpr const char* kCounterTable =
    "CREATE TABLE IF NOT EXISTS bench_counter (id int PRIMARY KEY, value bigint NOT NULL)";
constexpr const char* kFirstCounter = "INSERT IGNORE INTO bench_counter VALUES (1, 0)";
constexpr const char* kAdvance = "UPDATE bench_counter SET value = LAST_INSERT_ID(value + ?)";

/// A statement of several rows: `before`, `row` so many times, `after`.
struct RowsText {
  const char* before;
  const char* row;
  const char* after;

  std::string with(std::size_t rows) const {
    std::string sql = before;
    for (std::size_t i = 0; i < rows; ++i) sql.append(i == 0 ? " " : ", ").append(row);
    return sql.append(after);
  }
};

constexpr RowsText kInsertMessages{
    "INSERT INTO live_agent_messages (session_id, sender_type, sender_id, sender_name,"
    " message_text, created_at, read_by_user, read_by_agent, delivered_at) VALUES",
    "(?, 'user', 'visitor@example.org', 'Visitor', ?, ?, 1, 0, ?)", " RETURNING id"};

// All sessions exist, so this only updates; the other columns that may not be NULL are never used.
constexpr RowsText kUpdateSessions{
    "INSERT INTO live_agent_sessions (id, tenant_domain, user_account, last_message_at, updated_at,"
    " unread_count_agent) VALUES",
    "(?, '', '', ?, ?, 1)",
    " ON DUPLICATE KEY UPDATE last_message_at = VALUES(last_message_at),"
    " updated_at = VALUES(updated_at),"
    " unread_count_agent = unread_count_agent + VALUES(unread_count_agent)"};

constexpr RowsText kInsertEvents{"INSERT INTO bench_events VALUES",
                                 "(?, 'message.created', ?, ?, ?, ?)", ""};

constexpr const char* kSession = "SELECT * FROM live_agent_sessions WHERE id = ?";
constexpr const char* kTotal = "SELECT COUNT(*) FROM live_agent_messages WHERE session_id = ?";
constexpr const char* kPage =
    "SELECT * FROM live_agent_messages WHERE session_id = ? ORDER BY id DESC LIMIT 50";

class Statement {
 public:
  Statement(MYSQL* connection, const std::string& sql)
      : statement_(mysql_stmt_init(connection), &mysql_stmt_close) {
    check(mysql_stmt_prepare(statement_.get(), sql.data(), sql.size()));
    bindings_.resize(mysql_stmt_param_count(statement_.get()));
  }

  /// Adds the next parameter; `text` must outlive `run`.
  void add(const std::string& text) {
    MYSQL_BIND& binding = bindings_.at(bound_++);
    binding = {};
    binding.buffer_type = MYSQL_TYPE_STRING;
    binding.buffer = const_cast<char*>(text.data());
    binding.buffer_length = static_cast<unsigned long>(text.size());
  }

  /// Runs with the parameters added since the last time and takes all rows in; their number.
  std::size_t run() {
    bound_ = 0;
    check(mysql_stmt_bind_param(statement_.get(), bindings_.data()));
    check(mysql_stmt_execute(statement_.get()));
    // Only this call tells the error of an INSERT … RETURNING.
    check(mysql_stmt_store_result(statement_.get()));
    const auto rows = mysql_stmt_num_rows(statement_.get());
    mysql_stmt_free_result(statement_.get());
    return rows;
  }

 private:
  void check(int code) const {
    if (code != 0) throw std::runtime_error(mysql_stmt_error(statement_.get()));
  }

  std::unique_ptr<MYSQL_STMT, decltype(&mysql_stmt_close)> statement_;
  std::vector<MYSQL_BIND> bindings_;
  std::size_t bound_ = 0;
};

class MariadbLimit final : public Limit {
 public:
  MariadbLimit(const MariadbAddress& address, Events events)
      : connection_(mysql_init(nullptr), &mysql_close), events_(events) {
    if (mysql_real_connect(connection_.get(), address.host.c_str(), address.user.c_str(), "",
                           address.database.c_str(), address.port, nullptr, 0) == nullptr)
      throw std::runtime_error(mysql_error(connection_.get()));
    for (const char* sql : {"SET NAMES utf8mb4", kEventTable, kCounterTable, kFirstCounter})
      execute(sql);
    const auto prepared = [this](const char* sql) {
      return std::make_unique<Statement>(connection_.get(), sql);
    };
    advance_ = prepared(kAdvance);
    session_ = prepared(kSession);
    total_ = prepared(kTotal);
    page_ = prepared(kPage);
  }

  void post(std::span<const std::string* const> sessions, const Content& content) override {
    if (sessions.size() != batch_) prepare(sessions.size());
    execute("BEGIN");
    insert_messages(sessions, content);
    for (const std::string* session : sessions) {
      update_->add(*session);
      update_->add(content.now);
      update_->add(content.now);
    }
    update_->run();
    if (events_ == Events::Written) write_events(sessions, content);
    execute("COMMIT");
  }

  void read_page(const std::string& session) override {
    for (Statement* statement : {session_.get(), total_.get(), page_.get()}) {
      statement->add(session);
      statement->run();
    }
  }

 private:
  void prepare(std::size_t batch) {
    batch_ = batch;
    insert_ = std::make_unique<Statement>(connection_.get(), kInsertMessages.with(batch));
    update_ = std::make_unique<Statement>(connection_.get(), kUpdateSessions.with(batch));
    event_ = std::make_unique<Statement>(connection_.get(), kInsertEvents.with(batch));
  }

  void insert_messages(std::span<const std::string* const> sessions, const Content& content) {
    for (const std::string* session : sessions) {
      insert_->add(*session);
      insert_->add(content.text);
      insert_->add(content.now);
      insert_->add(content.now);
    }
    if (insert_->run() != sessions.size())
      throw std::runtime_error("not all messages were inserted");
  }

  void write_events(std::span<const std::string* const> sessions, const Content& content) {
    const std::string count = std::to_string(sessions.size());
    advance_->add(count);
    advance_->run();
    const auto before = mysql_insert_id(connection_.get()) - sessions.size();
    std::vector<std::string> offsets;
    for (std::size_t i = 1; i <= sessions.size(); ++i)
      offsets.push_back(std::to_string(before + i));
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      for (const std::string* each : {&std::as_const(offsets[i]), sessions[i], &content.audience,
                                      &content.data, &content.now})
        event_->add(*each);
    }
    event_->run();
  }

  void execute(const char* sql) const {
    if (mysql_query(connection_.get(), sql) != 0)
      throw std::runtime_error(mysql_error(connection_.get()));
  }

  std::unique_ptr<MYSQL, decltype(&mysql_close)> connection_;
  Events events_;
  std::size_t batch_ = 0;
  std::unique_ptr<Statement> insert_, update_, event_;
  std::unique_ptr<Statement> advance_, session_, total_, page_;
};

}  // namespace

std::unique_ptr<Limit> open_mariadb(const MariadbAddress& address, Events events) {
  return std::make_unique<MariadbLimit>(address, events);
}

}  // namespace parley::bench
