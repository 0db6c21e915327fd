#pragma once

// The error vocabulary of all layers. `Error` is thrown when the work cannot go on; expected
// outcomes (not found, conflict, drift found) are return values instead. One table, `kErrorFacts`,
// gives each code its name, HTTP status, exit code and public text, so that a code cannot exist
// without them. Values only; safe on any thread.

#include <stdexcept>
#include <string>
#include <string_view>

namespace parley {

enum class ErrorCode {
  // What a caller asked for cannot be done as asked.
  InvalidArgument,
  InvalidConfiguration,
  Unauthenticated,
  Forbidden,
  NotFound,
  MethodNotAllowed,
  Conflict,
  PayloadTooLarge,
  Unprocessable,
  TooManyRequests,
  Unavailable,
  // Database errors, classified once, in the driver.
  UniqueViolation,
  ForeignKeyViolation,
  NotNullViolation,
  CheckViolation,
  ValueTooLong,
  UnknownColumn,
  UnknownTable,
  UnknownDatabase,
  SyntaxError,
  Busy,
  Deadlock,
  SerializationFailure,
  ConnectionLost,
  CannotConnect,
  PermissionDenied,
  DiskFull,
  NotADatabase,
  UnsupportedOperation,  ///< The engine cannot do it in the way that was asked, and did nothing.
  DatabaseFailure,
  // Schema engine.
  InvalidRevisionFile,
  RevisionNotFound,
  MultipleHeads,
  HistoryCycle,
  HistoryChanged,
  UnsupportedChange,
  NotUpToDate,
  SchemaDrift,
  RefusedForSafety,
  LockHeld,
  DatabaseNewer,
  UpgradeIncomplete,
  // Everything else.
  FileSystem,
  Internal,
};

/// Exit codes of every `parley` command (docs/guide/exit-codes.md).
enum class ExitCode : int {
  Done = 0,
  Differences = 1,
  Usage = 2,
  Refused = 3,
  LockHeld = 4,
  FailedUnchanged = 5,
  FailedPartly = 6,
  DatabaseNewer = 7,
  CannotConnect = 8,
};

struct ErrorFacts {
  ErrorCode code;
  std::string_view name;  ///< Stable, snake_case; the `code` of an HTTP problem.
  int http_status;
  ExitCode exit_code;
  std::string_view public_text;  ///< What a stranger may read; the message itself goes to the log.
};

/// The facts of `code`. Never fails: every code has a row, checked when error.cpp is compiled.
const ErrorFacts& facts_of(ErrorCode code);

/// The work cannot go on. `what()` is the message: one or two sentences that name what failed and
/// why.
class Error : public std::runtime_error {
 public:
  /// `hint` says what to do next, in a full sentence or a command; empty when there is nothing to
  /// say.
  Error(ErrorCode code, const std::string& message, std::string hint = {});

  ErrorCode code() const { return code_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorCode code_;
  std::string hint_;
};

}  // namespace parley
