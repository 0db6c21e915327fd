#include "database/postgresql/postgresql_session.h"

#include <libpq-fe.h>

#include <string>

#include "database/failure.h"
#include "database/postgresql/postgresql_error.h"
#include "database/socket.h"

namespace parley::database {
namespace {

std::string field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

}  // namespace

void ClearResult::operator()(pg_result* result) const { PQclear(result); }

PostgresqlSession::~PostgresqlSession() { PQfinish(handle_); }

PostgresqlResult PostgresqlSession::run(const std::string& sql) {
  return checked(PQexec(handle_, sql.c_str()), sql);
}

PostgresqlResult PostgresqlSession::checked(pg_result* raw, std::string_view sql) const {
  PostgresqlResult result(raw);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    return result;
  }
  fail_with(result.get(), sql);
}

void PostgresqlSession::fail_with(const pg_result* result, std::string_view sql) const {
  const std::string sqlstate = field_of(result, PG_DIAG_SQLSTATE);
  std::string message = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = PQerrorMessage(handle_);
  const ErrorCode code = is_lost() ? ErrorCode::ConnectionLost : classify_sqlstate(sqlstate);
  // Only these details are safe to log: they name the key. Others print the whole row.
  if (code == ErrorCode::UniqueViolation || code == ErrorCode::ForeignKeyViolation) {
    message += ": " + field_of(result, PG_DIAG_MESSAGE_DETAIL);
  }
  if (!sqlstate.empty()) message += " [" + sqlstate + "]";
  fail(code, message, sql, field_of(result, PG_DIAG_MESSAGE_HINT));
}

bool PostgresqlSession::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(handle_);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

bool PostgresqlSession::is_lost() const { return PQstatus(handle_) != CONNECTION_OK; }

void PostgresqlSession::notice_end() const {
  while (!is_lost() && has_input(PQsocket(handle_)) && PQconsumeInput(handle_) == 1) {
  }
}

}  // namespace parley::database
