#include "base/error.h"

#include <array>
#include <utility>

namespace parley {
namespace {

using enum ErrorCode;

constexpr std::string_view kServerFault = "The server could not do this. It has been logged.";
constexpr std::string_view kRetry = "The database is busy or cannot be reached. Try again shortly.";

constexpr auto kErrorFacts = std::to_array<ErrorFacts>({
    {InvalidArgument, "bad_request", 400, ExitCode::Usage, "The request cannot be read."},
    {InvalidConfiguration, "invalid_configuration", 500, ExitCode::Usage, kServerFault},
    {Unauthenticated, "unauthenticated", 401, ExitCode::Usage, "A valid token is needed."},
    {Forbidden, "forbidden", 403, ExitCode::Refused, "This is not allowed."},
    {NotFound, "not_found", 404, ExitCode::Usage, "There is no such thing here."},
    {MethodNotAllowed, "method_not_allowed", 405, ExitCode::Usage, "This method is not offered."},
    {Conflict, "conflict", 409, ExitCode::Refused, "The state does not allow this."},
    {PayloadTooLarge, "payload_too_large", 413, ExitCode::Usage, "The body is too large."},
    {Unprocessable, "validation_failed", 422, ExitCode::Usage, "The request is not valid."},
    {TooManyRequests, "too_many_requests", 429, ExitCode::Refused, "Too many requests."},
    {Unavailable, "unavailable", 503, ExitCode::FailedUnchanged, kRetry},
    {UniqueViolation, "conflict", 409, ExitCode::FailedUnchanged, "This exists already."},
    {ForeignKeyViolation, "conflict", 409, ExitCode::FailedUnchanged, "A related row is missing."},
    {NotNullViolation, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {CheckViolation, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {ValueTooLong, "validation_failed", 422, ExitCode::FailedUnchanged, "A value is too long."},
    {UnknownColumn, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {UnknownTable, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {UnknownDatabase, "unavailable", 503, ExitCode::CannotConnect, kRetry},
    {SyntaxError, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {Busy, "unavailable", 503, ExitCode::FailedUnchanged, kRetry},
    {Deadlock, "unavailable", 503, ExitCode::FailedUnchanged, kRetry},
    {SerializationFailure, "unavailable", 503, ExitCode::FailedUnchanged, kRetry},
    {ConnectionLost, "unavailable", 503, ExitCode::FailedUnchanged, kRetry},
    {CannotConnect, "unavailable", 503, ExitCode::CannotConnect, kRetry},
    {PermissionDenied, "unavailable", 503, ExitCode::CannotConnect, kRetry},
    {DiskFull, "unavailable", 503, ExitCode::FailedUnchanged, kRetry},
    {NotADatabase, "unavailable", 503, ExitCode::CannotConnect, kRetry},
    {UnsupportedOperation, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {DatabaseFailure, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {InvalidRevisionFile, "internal", 500, ExitCode::Usage, kServerFault},
    {RevisionNotFound, "internal", 500, ExitCode::Usage, kServerFault},
    {MultipleHeads, "internal", 500, ExitCode::Usage, kServerFault},
    {HistoryCycle, "internal", 500, ExitCode::Usage, kServerFault},
    {HistoryChanged, "internal", 500, ExitCode::Refused, kServerFault},
    {UnsupportedChange, "internal", 500, ExitCode::Refused, kServerFault},
    {NotUpToDate, "internal", 500, ExitCode::Refused, kServerFault},
    {SchemaDrift, "internal", 500, ExitCode::Refused, kServerFault},
    {RefusedForSafety, "internal", 500, ExitCode::Refused, kServerFault},
    {ErrorCode::LockHeld, "internal", 500, ExitCode::LockHeld, kServerFault},
    {ErrorCode::DatabaseNewer, "internal", 500, ExitCode::DatabaseNewer, kServerFault},
    {UpgradeIncomplete, "internal", 500, ExitCode::FailedPartly, kServerFault},
    {FileSystem, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
    {Internal, "internal", 500, ExitCode::FailedUnchanged, kServerFault},
});

constexpr bool table_follows_enum() {
  for (std::size_t i = 0; i < kErrorFacts.size(); ++i) {
    if (static_cast<std::size_t>(kErrorFacts[i].code) != i) return false;
  }
  return kErrorFacts.size() == static_cast<std::size_t>(Internal) + 1;
}
static_assert(table_follows_enum(), "kErrorFacts has one row per ErrorCode, in the enum's order");

}  // namespace

const ErrorFacts& facts_of(ErrorCode code) { return kErrorFacts[static_cast<std::size_t>(code)]; }

Error::Error(ErrorCode code, const std::string& message, std::string hint)
    : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

}  // namespace parley
