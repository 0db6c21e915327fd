#include "database/postgresql/postgresql_reader.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sys/ioctl.h>

#include "database/failure.h"
#include "database/postgresql/postgresql_connect.h"
#include "database/postgresql/postgresql_session.h"

namespace parley::database {
namespace {

constexpr Oid kBytea = 17;
/// What the protocol adds to the values, and libpq reads ahead.
constexpr std::size_t kBytesBeside = 256 << 10;

/// A connection in a read-only transaction. Never waits for the server longer than the watch does,
/// which is why it calls none of libpq's functions that wait.
class PostgresqlReading {
 public:
  PostgresqlReading(const Url& url, ReadWatch& watch)
      : watch_(watch), session_(connect_postgresql(url)) {
    // The snapshot of the first query makes the transaction's being read-only final (PostgreSQL
    // manual, SET TRANSACTION).
    set_up(
        fmt::format("SET statement_timeout = {}; SET lock_timeout = 5000; SET timezone = 'UTC';"
                    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;"
                    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT 1",
                    watch_.limits().timeout.count()));
  }

  ReadRows run(std::string_view sql);

 private:
  void set_up(const std::string& sql);
  PostgresqlResult next_result(std::string_view sql);
  bool add_rows(const PGresult* result, ReadRows& rows);
  static std::optional<std::string> value_of(const PGresult* result, int row, int column);
  pg_conn* handle() const { return session_.handle(); }

  ReadWatch& watch_;
  PostgresqlSession session_;
  std::size_t received_ = 0;
};

/// The next result of what was sent; null after the last one. Throws when it is an error.
PostgresqlResult PostgresqlReading::next_result(std::string_view sql) {
  while (PQisBusy(handle()) == 1) {
    watch_.wait_for_input(PQsocket(handle()));
    // A single value may be larger than all that is wanted: it is not even received.
    int waiting = 0;
    ::ioctl(PQsocket(handle()), FIONREAD, &waiting);
    received_ += static_cast<std::size_t>(waiting);
    if (received_ > 2 * watch_.limits().bytes_max + kBytesBeside) {
      throw Error(ErrorCode::PayloadTooLarge, "The rows of the query are too large");
    }
    if (PQconsumeInput(handle()) == 0) {
      fail(ErrorCode::ConnectionLost, PQerrorMessage(handle()), sql);
    }
  }
  PGresult* const result = PQgetResult(handle());
  if (result == nullptr) return nullptr;
  if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) return PostgresqlResult(result);
  return session_.checked(result, sql);
}

void PostgresqlReading::set_up(const std::string& sql) {
  if (PQsendQuery(handle(), sql.c_str()) == 0) {
    fail(ErrorCode::ConnectionLost, PQerrorMessage(handle()), sql);
  }
  while (next_result(sql) != nullptr) continue;
}

std::optional<std::string> PostgresqlReading::value_of(const PGresult* result, int row,
                                                       int column) {
  if (PQgetisnull(result, row, column) == 1) return std::nullopt;
  const auto bytes = static_cast<std::size_t>(PQgetlength(result, row, column));
  if (PQftype(result, column) == kBytea) return fmt::format("<{} bytes>", bytes / 2 - 1);
  return readable({PQgetvalue(result, row, column), bytes});
}

bool PostgresqlReading::add_rows(const PGresult* result, ReadRows& rows) {
  const int columns = PQnfields(result);
  if (rows.columns.empty()) {
    for (int column = 0; column < columns; ++column) {
      rows.columns.emplace_back(PQfname(result, column));
    }
  }
  for (int row = 0; row < PQntuples(result); ++row) {
    std::vector<std::optional<std::string>> values;
    for (int column = 0; column < columns; ++column) {
      values.push_back(value_of(result, row, column));
    }
    if (!watch_.add(rows, std::move(values))) return false;
  }
  return true;
}

ReadRows PostgresqlReading::run(std::string_view sql) {
  // With parameters, even none, the server takes one statement only (PostgreSQL manual,
  // PQexecParams). Rows come one by one, so that what is too much is not received.
  const std::string text(sql);
  if (PQsendQueryParams(handle(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0 ||
      PQsetSingleRowMode(handle()) == 0) {
    fail(ErrorCode::ConnectionLost, PQerrorMessage(handle()), sql);
  }
  ReadRows rows;
  while (const PostgresqlResult result = next_result(sql)) {
    if (!add_rows(result.get(), rows)) break;
  }
  return rows;
}

}  // namespace

ReadRows read_postgresql(const Url& url, std::string_view sql, ReadWatch& watch) {
  return PostgresqlReading(url, watch).run(sql);
}

ReadRows read_postgresql_columns(const Url& url, ReadWatch& watch) {
  return PostgresqlReading(url, watch)
      .run(
          "SELECT CASE WHEN table_schema = ANY (current_schemas(false)) THEN table_name::text "
          "ELSE table_schema || '.' || table_name END, column_name::text, data_type::text "
          "FROM information_schema.columns "
          "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') "
          "ORDER BY 1, ordinal_position");
}

}  // namespace parley::database
