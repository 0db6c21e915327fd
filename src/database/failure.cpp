#include "database/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace parley::database {
namespace {

constexpr std::size_t kStatementPreview = 300;

std::string preview_of(std::string_view sql) {
  const std::string one_line = collapse_white_space(sql);
  const std::string_view shown = first_code_points(one_line, kStatementPreview);
  return shown.size() < one_line.size() ? std::string(shown) + "…" : one_line;
}

struct Hint {
  ErrorCode code;
  std::string_view text;
};

constexpr auto kUsualHints = std::to_array<Hint>({
    {ErrorCode::Busy,
     "Another connection holds a lock. Try again; if it stays, look for a long transaction."},
    {ErrorCode::Deadlock, "Run the whole transaction again."},
    {ErrorCode::SerializationFailure, "Run the whole transaction again."},
    {ErrorCode::ConnectionLost,
     "Connect again. Whether a commit that was under way took effect is not known."},
    {ErrorCode::CannotConnect,
     "Check that the server runs, and the host and port in the database URL."},
    {ErrorCode::PermissionDenied,
     "Check the user and password in the database URL, and what that user is granted."},
    {ErrorCode::UnknownDatabase, "Create it, or correct the name in the database URL."},
    {ErrorCode::DiskFull, "Make room on the disk of the database, then try again."},
    {ErrorCode::UnknownColumn,
     "When the statement is right, the schema is not: `parley db check` compares them."},
    {ErrorCode::UnknownTable,
     "When the statement is right, the schema is not: `parley db check` compares them."},
});

std::string usual_hint(ErrorCode code) {
  const auto hint = std::ranges::find(kUsualHints, code, &Hint::code);
  return hint == kUsualHints.end() ? std::string() : std::string(hint->text);
}

}  // namespace

void fail(ErrorCode code, std::string_view message, std::string_view sql, std::string hint) {
  std::string text(trim(message));
  if (!sql.empty()) text += fmt::format(" (in: {})", preview_of(sql));
  throw Error(code, text, hint.empty() ? usual_hint(code) : std::move(hint));
}

void fail_in_aborted_transaction(ErrorCode cause, std::string_view sql) {
  fail(cause, "the database has rolled this transaction back after an earlier error", sql,
       "Roll back, then run the whole transaction again.");
}

}  // namespace parley::database
