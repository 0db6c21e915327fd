#include "dialect/foreign_key_pause.h"

#include <fmt/format.h>

#include <set>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

namespace parley::dialect {
namespace {

constexpr std::string_view kReferring =
    "SELECT m.name, k.\"table\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name, 'main') "
    "k "
    "WHERE m.type = 'table' AND m.sql LIKE '%references%'";

constexpr std::string_view kViolations =
    "SELECT \"table\", parent, rowid FROM pragma_foreign_key_check";

bool is_enforcing(database::Connection& connection) {
  const auto rows = database::query(connection, "PRAGMA foreign_keys");
  return database::truth_of(rows.front().front());
}

}  // namespace

ForeignKeyPause::ForeignKeyPause(database::Connection& connection, Needed needed)
    : connection_(connection), is_paused_(needed == Needed::Yes) {
  if (!is_paused_) return;
  PARLEY_CHECK(!connection.in_transaction());
  was_enforcing_ = is_enforcing(connection_);
  connection_.execute(kPauseForeignKeys);
  if (is_enforcing(connection_)) {
    throw Error(
        ErrorCode::RefusedForSafety,
        "SQLite goes on enforcing foreign keys, so a table cannot be rebuilt without losing rows");
  }
}

ForeignKeyPause::~ForeignKeyPause() {
  if (!is_paused_) return;
  try {
    if (was_enforcing_) connection_.execute(kResumeForeignKeys);
    // A rebuild that failed between its statements has left it on.
    connection_.execute("PRAGMA legacy_alter_table = OFF");
  } catch (const std::exception& error) {
    log::error("Foreign keys could not be switched on again: {}", error.what());
  }
}

void ForeignKeyPause::check() {
  if (is_paused_) require_no_violation("");
}

void ForeignKeyPause::check(std::span<const std::string> tables) {
  if (!is_paused_ || tables.empty()) return;
  std::set<std::string> rebuilt;
  for (const std::string& table : tables) rebuilt.insert(lower(table));
  std::set<std::string> concerned;
  for (const auto& row : database::query(connection_, kReferring)) {
    const std::string table = database::text_of(row[0]);
    const std::string referenced = lower(database::text_of(row[1]));
    if (rebuilt.contains(lower(table)) || rebuilt.contains(referenced)) concerned.insert(table);
  }
  for (const std::string& table : concerned) require_no_violation(table);
}

/// An empty name stands for all tables.
void ForeignKeyPause::require_no_violation(const std::string& table) {
  const auto rows = table.empty() ? database::query(connection_, kViolations)
                                  : database::query(connection_, std::string(kViolations) + "(?)",
                                                    {Value(table)});
  if (rows.empty()) return;
  std::vector<std::string> ids;
  for (const auto& row : rows) {
    if (ids.size() == 3) break;
    if (row[0] == rows.front()[0] && !is_null(row[2])) ids.push_back(database::text_of(row[2]));
  }
  throw Error(
      ErrorCode::ForeignKeyViolation,
      fmt::format("{} row{} of table '{}'{} to rows of '{}' that are not there", rows.size(),
                  rows.size() == 1 ? "" : "s", database::text_of(rows.front()[0]),
                  ids.empty() ? " refer" : fmt::format(" (row id {}) refer", join(ids, ", ")),
                  database::text_of(rows.front()[1])),
      "Mend or delete these rows, then run the command again.");
}

}  // namespace parley::dialect
