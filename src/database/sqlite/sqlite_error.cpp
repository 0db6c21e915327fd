#include "database/sqlite/sqlite_error.h"

#include <sqlite3.h>

namespace parley::database {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// SQLite has one code for everything that is wrong with a statement; its texts are not translated.
ErrorCode classify_by_message(std::string_view message) {
  if (contains(message, "no such table") || contains(message, "no such view")) {
    return ErrorCode::UnknownTable;
  }
  if (contains(message, "no such column") || contains(message, "has no column named") ||
      contains(message, "unknown column")) {
    return ErrorCode::UnknownColumn;
  }
  if (contains(message, "syntax error") || contains(message, "incomplete input") ||
      contains(message, "unrecognized token")) {
    return ErrorCode::SyntaxError;
  }
  return ErrorCode::DatabaseFailure;
}

ErrorCode classify_constraint(int extended_code) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return ErrorCode::UniqueViolation;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return ErrorCode::ForeignKeyViolation;
    case SQLITE_CONSTRAINT_NOTNULL: return ErrorCode::NotNullViolation;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_DATATYPE: return ErrorCode::CheckViolation;
    default: return ErrorCode::DatabaseFailure;
  }
}

}  // namespace

ErrorCode classify_sqlite(int extended_code, std::string_view message) {
  if (extended_code == SQLITE_BUSY_SNAPSHOT) return ErrorCode::SerializationFailure;
  // The low byte is the primary code (sqlite.org, "Result and Error Codes").
  switch (extended_code & 0xff) {
    case SQLITE_CONSTRAINT: return classify_constraint(extended_code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::Busy;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return ErrorCode::PermissionDenied;
    case SQLITE_FULL: return ErrorCode::DiskFull;
    case SQLITE_CANTOPEN: return ErrorCode::CannotConnect;
    case SQLITE_NOTADB: return ErrorCode::NotADatabase;
    case SQLITE_TOOBIG: return ErrorCode::ValueTooLong;
    case SQLITE_ERROR: return classify_by_message(message);
    default: return ErrorCode::DatabaseFailure;
  }
}

}  // namespace parley::database
