#include "database/postgresql/postgresql_connection.h"

#include <libpq-fe.h>

#include <set>

#include <fmt/format.h>

#include "base/check.h"
#include "database/failure.h"
#include "database/postgresql/postgresql_connect.h"
#include "database/postgresql/postgresql_session.h"
#include "database/postgresql/postgresql_statement.h"
#include "database/statement_cache.h"

namespace parley::database {
namespace {

std::string quote_identifier(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

class PostgresqlConnection final : public Connection {
 public:
  PostgresqlConnection(pg_conn* handle, Url url) : session_(handle), url_(std::move(url)) {}

  Statement& prepare(std::string_view sql) override {
    return statements_.find_or_add(sql, [&] {
      return std::make_unique<PostgresqlStatement>(session_, sql,
                                                   fmt::format("parley_{}", ++prepared_));
    });
  }
  void execute(std::string_view sql) override { session_.run(std::string(sql)); }

  void begin() override { begin_as("BEGIN"); }
  void begin_read() override { begin_as("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"); }
  void commit() override;
  void rollback() override { PQclear(PQexec(session_.handle(), "ROLLBACK")); }
  bool in_transaction() const override { return session_.in_transaction(); }

  ServerVersion version() const override {
    const int number = PQserverVersion(session_.handle());
    return {"PostgreSQL", number / 10'000, number % 10'000, 0};
  }
  const Url& url() const override { return url_; }
  std::int64_t last_insert_id() override {
    return integer_of(query(*this, "SELECT lastval()").at(0).at(0));
  }
  void use_namespace(const std::string& name, Create create) override;
  std::string namespace_in_use() const override { return namespace_; }
  void set_lock_timeout(std::optional<std::chrono::milliseconds> timeout) override {
    session_.run(timeout ? fmt::format("SET lock_timeout = {}", timeout->count())
                         : std::string("RESET lock_timeout"));
  }

  bool try_lock(const std::string& name) override;
  void unlock(const std::string& name) override;
  bool is_alive() override {
    const PostgresqlResult answer(PQexec(session_.handle(), ""));
    return PQresultStatus(answer.get()) == PGRES_EMPTY_QUERY;
  }
  bool is_lost() override {
    session_.notice_end();
    return session_.is_lost();
  }

  PostgresqlSession& session() { return session_; }

 private:
  void begin_as(const char* sql) {
    PARLEY_CHECK(!in_transaction());
    session_.run(sql);
  }

  PostgresqlSession session_;
  Url url_;
  StatementCache<PostgresqlStatement> statements_;
  std::string namespace_;
  int prepared_ = 0;
  std::map<std::string, std::int64_t> locks_;  ///< Name to the key of the advisory lock.
};

void PostgresqlConnection::commit() {
  const PostgresqlResult result = session_.run("COMMIT");
  // COMMIT of a failed transaction is a success of ROLLBACK (PostgreSQL manual, COMMIT, Notes).
  if (std::string_view(PQcmdStatus(result.get())) == "ROLLBACK") {
    fail_in_aborted_transaction(ErrorCode::DatabaseFailure, "COMMIT");
  }
}

void PostgresqlConnection::use_namespace(const std::string& name, Create create) {
  const bool exists =
      !query(*this, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", {name}).empty();
  if (!exists && create == Create::Never) {
    fail(ErrorCode::UnknownDatabase, "the database has no schema " + name);
  }
  // IF NOT EXISTS alone fails when two connections create the schema at once.
  if (!exists) {
    session_.run("DO $$ BEGIN CREATE SCHEMA IF NOT EXISTS " + quote_identifier(name) +
                 "; EXCEPTION WHEN duplicate_schema OR unique_violation THEN NULL; END $$");
  }
  session_.run("SET search_path TO " + quote_identifier(name));
  namespace_ = name;
}

bool PostgresqlConnection::try_lock(const std::string& name) {
  if (locks_.contains(name)) return true;
  // Advisory locks are numbers, one set per database: the schema makes the name unique in it.
  const std::vector<Row> rows =
      query(*this,
            "SELECT key, pg_try_advisory_lock(key) FROM (SELECT hashtextextended("
            "coalesce(current_schema(), '') || '/' || ?::text, 0) AS key) AS named",
            {name});
  if (!truth_of(rows.at(0).at(1))) return false;
  locks_.emplace(name, integer_of(rows.at(0).at(0)));
  return true;
}

void PostgresqlConnection::unlock(const std::string& name) {
  const auto lock = locks_.find(name);
  if (lock == locks_.end()) return;
  query(*this, "SELECT pg_advisory_unlock(?)", {lock->second});
  locks_.erase(lock);
}

}  // namespace

std::unique_ptr<Connection> open_postgresql(const Url& url) {
  auto connection = std::make_unique<PostgresqlConnection>(connect_postgresql(url), url);
  connection->session().run(
      "SET client_min_messages = warning; SET timezone = 'UTC'; SET datestyle = 'ISO';"
      "SET standard_conforming_strings = on");
  return connection;
}

}  // namespace parley::database
