#include "database/postgresql/postgresql_error.h"

#include <array>

namespace parley::database {
namespace {

using enum ErrorCode;

struct Row {
  std::string_view sqlstate;  // Five characters, or the two of a class.
  ErrorCode code;
};

// The first row that is a prefix of the SQLSTATE wins: single conditions before their class.
constexpr auto kRows = std::to_array<Row>({
    {"23505", UniqueViolation},       // unique_violation
    {"23P01", UniqueViolation},       // exclusion_violation
    {"23503", ForeignKeyViolation},   // foreign_key_violation
    {"23001", ForeignKeyViolation},   // restrict_violation
    {"23502", NotNullViolation},      // not_null_violation
    {"23514", CheckViolation},        // check_violation
    {"22001", ValueTooLong},          // string_data_right_truncation
    {"54000", ValueTooLong},          // program_limit_exceeded: an index row too large
    {"42703", UnknownColumn},         // undefined_column
    {"42P01", UnknownTable},          // undefined_table
    {"3D000", UnknownDatabase},       // invalid_catalog_name
    {"3F000", UnknownDatabase},       // invalid_schema_name
    {"42601", SyntaxError},           // syntax_error
    {"55P03", Busy},                  // lock_not_available
    {"55006", Busy},                  // object_in_use
    {"57014", Busy},                  // query_canceled: statement_timeout
    {"40P01", Deadlock},              // deadlock_detected
    {"40001", SerializationFailure},  // serialization_failure
    {"42501", PermissionDenied},      // insufficient_privilege
    {"25006", PermissionDenied},      // read_only_sql_transaction: a standby server
    {"28", PermissionDenied},         // invalid_authorization_specification
    {"53100", DiskFull},              // disk_full
    {"53300", CannotConnect},         // too_many_connections
    {"57P03", CannotConnect},         // cannot_connect_now
    {"57P", ConnectionLost},          // admin_shutdown, crash_shutdown, idle_session_timeout
    {"25P03", ConnectionLost},        // idle_in_transaction_session_timeout
    {"08", ConnectionLost},           // connection_exception
});

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

ErrorCode classify_sqlstate(std::string_view sqlstate) {
  for (const Row& row : kRows) {
    if (sqlstate.starts_with(row.sqlstate)) return row.code;
  }
  return DatabaseFailure;
}

ErrorCode classify_postgresql_connect(std::string_view message) {
  if (contains(message, "invalid connection option") ||
      (contains(message, "invalid") && contains(message, "value"))) {
    return InvalidArgument;
  }
  if (contains(message, "authentication failed") || contains(message, "no pg_hba.conf entry") ||
      contains(message, "no password supplied") || contains(message, "permission denied for") ||
      (contains(message, "role ") && contains(message, "does not exist"))) {
    return PermissionDenied;
  }
  if (contains(message, "database ") && contains(message, "does not exist")) {
    return UnknownDatabase;
  }
  return CannotConnect;
}

}  // namespace parley::database
