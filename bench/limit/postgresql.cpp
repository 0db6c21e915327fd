#include <libpq-fe.h>

#include <map>
#include <stdexcept>
#include <vector>

#include "limit/limit.h"

namespace parley::bench {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS bench_events (\"offset\" bigint PRIMARY KEY, kind text NOT NULL,"
    " subject text NOT NULL, audience text NOT NULL, data text NOT NULL,"
    " created_at timestamp NOT NULL);"
    "CREATE TABLE IF NOT EXISTS bench_counter (id integer PRIMARY KEY, value bigint NOT NULL);"
    "INSERT INTO bench_counter VALUES (1, 0) ON CONFLICT DO NOTHING;";

constexpr const char* kInsertMessages =
    "INSERT INTO live_agent_messages (session_id, sender_type, sender_id, sender_name,"
    " message_text, created_at, read_by_user, read_by_agent, delivered_at)"
    " SELECT u.session, 'user', 'visitor@example.org', 'Visitor', u.body, $3::timestamp, true,"
    " false, $3::timestamp FROM unnest($1::text[], $2::text[]) AS u (session, body) RETURNING id";

constexpr const char* kUpdateSessions =
    "UPDATE live_agent_sessions AS s SET last_message_at = $3::timestamp,"
    " updated_at = $3::timestamp, unread_count_agent = s.unread_count_agent + u.messages"
    " FROM unnest($1::text[], $2::integer[]) AS u (id, messages) WHERE s.id = u.id";

constexpr const char* kAdvance =
    "UPDATE bench_counter SET value = value + $1::bigint RETURNING value - $1::bigint";

constexpr const char* kInsertEvents =
    "INSERT INTO bench_events SELECT $1::bigint + u.number, 'message.created', u.session, $3,"
    " u.data, $5::timestamp FROM unnest($2::text[], $4::text[]) WITH ORDINALITY"
    " AS u (session, data, number)";

constexpr const char* kSession = "SELECT * FROM live_agent_sessions WHERE id = $1";
constexpr const char* kTotal = "SELECT COUNT(*) FROM live_agent_messages WHERE session_id = $1";
constexpr const char* kPage =
    "SELECT * FROM live_agent_messages WHERE session_id = $1 ORDER BY id DESC LIMIT 50";

/// Builds the text of an array, element by element.
class Array {
 public:
  void add(const std::string& element) {
    text_ += text_.empty() ? "{\"" : ",\"";
    for (const char byte : element) {
      if (byte == '"' || byte == '\\') text_ += '\\';
      text_ += byte;
    }
    text_ += '"';
  }
  std::string take() { return std::move(text_.append("}")); }

 private:
  std::string text_;
};

class PostgresqlLimit final : public Limit {
 public:
  PostgresqlLimit(const std::string& url, Events events)
      : connection_(PQconnectdb(url.c_str()), &PQfinish), events_(events) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail();
    execute("SET client_min_messages TO warning");
    execute(kTables);
    for (const auto& [name, sql] : std::map<const char*, const char*>{{"messages", kInsertMessages},
                                                                      {"sessions", kUpdateSessions},
                                                                      {"advance", kAdvance},
                                                                      {"events", kInsertEvents},
                                                                      {"session", kSession},
                                                                      {"total", kTotal},
                                                                      {"page", kPage}}) {
      check(PQprepare(connection_.get(), name, sql, 0, nullptr));
    }
  }

  void post(std::span<const std::string* const> sessions, const Content& content) override {
    Array ids, texts;
    for (const std::string* session : sessions) {
      ids.add(*session);
      texts.add(content.text);
    }
    const std::string all_ids = ids.take();
    execute("BEGIN");
    const Result inserted = run("messages", {all_ids, texts.take(), content.now});
    if (static_cast<std::size_t>(PQntuples(inserted.get())) != sessions.size())
      throw std::runtime_error("not all messages were inserted");
    count_into_sessions(sessions, content);
    if (events_ == Events::Written) write_events(sessions.size(), all_ids, content);
    execute("COMMIT");
  }

  void read_page(const std::string& session) override {
    for (const char* statement : {"session", "total", "page"}) run(statement, {session});
  }

 private:
  void count_into_sessions(std::span<const std::string* const> sessions, const Content& content) {
    std::map<std::string, int> messages;
    for (const std::string* session : sessions) ++messages[*session];
    Array ids, counts;
    for (const auto& [id, count] : messages) {
      ids.add(id);
      counts.add(std::to_string(count));
    }
    const Result updated = run("sessions", {ids.take(), counts.take(), content.now});
    if (std::stoul(PQcmdTuples(updated.get())) != messages.size())
      throw std::runtime_error("not all sessions were updated");
  }

  void write_events(std::size_t count, const std::string& ids, const Content& content) {
    Array data;
    for (std::size_t i = 0; i < count; ++i) data.add(content.data);
    const Result before = run("advance", {std::to_string(count)});
    run("events",
        {PQgetvalue(before.get(), 0, 0), ids, content.audience, data.take(), content.now});
  }

  [[noreturn]] void fail() const { throw std::runtime_error(PQerrorMessage(connection_.get())); }
  Result check(PGresult* result) const {
    Result owned(result, &PQclear);
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail();
    return owned;
  }
  void execute(const std::string& sql) const { check(PQexec(connection_.get(), sql.c_str())); }
  Result run(const char* name, const std::vector<std::string>& parameters) const {
    std::vector<const char*> values;
    for (const std::string& each : parameters) values.push_back(each.c_str());
    return check(PQexecPrepared(connection_.get(), name, static_cast<int>(values.size()),
                                values.data(), nullptr, nullptr, 0));
  }

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  Events events_;
};

}  // namespace

std::unique_ptr<Limit> open_postgresql(const std::string& url, Events events) {
  return std::make_unique<PostgresqlLimit>(url, events);
}

}  // namespace parley::bench
