#include "dialect/foreign_key_pause.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"

namespace parley::dialect {

ForeignKeyPause::ForeignKeyPause(database::Connection& connection, Needed needed)
    : connection_(connection), is_paused_(needed == Needed::Yes) {
  if (!is_paused_) return;
  PARLEY_CHECK(!connection.in_transaction());
  connection_.execute(kPauseForeignKeys);
  const auto rows = database::query(connection_, "PRAGMA foreign_keys");
  if (database::truth_of(rows.front().front())) {
    throw Error(
        ErrorCode::RefusedForSafety,
        "SQLite goes on enforcing foreign keys, so a table cannot be rebuilt without losing rows");
  }
}

ForeignKeyPause::~ForeignKeyPause() {
  if (!is_paused_) return;
  try {
    connection_.execute(kResumeForeignKeys);
    // A rebuild that failed between its statements has left it on.
    connection_.execute("PRAGMA legacy_alter_table = OFF");
  } catch (const std::exception& error) {
    log::error("Foreign keys could not be switched on again: {}", error.what());
  }
}

void ForeignKeyPause::check() {
  if (!is_paused_) return;
  const auto rows = database::query(connection_, "PRAGMA foreign_key_check");
  if (rows.empty()) return;
  throw Error(ErrorCode::ForeignKeyViolation,
              fmt::format("{} rows refer to rows that are not there, the first in table {}",
                          rows.size(), database::text_of(rows.front().front())),
              "Mend or delete these rows, then run the command again.");
}

}  // namespace parley::dialect
