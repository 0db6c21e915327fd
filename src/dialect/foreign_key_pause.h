#pragma once

// Keeps SQLite from acting on foreign keys while tables are rebuilt: with them on, dropping the old
// table would delete the child rows (sqlite.org/lang_altertable.html, section 7). The pragma does
// nothing inside a transaction, so the pause begins before and ends after it. Elsewhere, and when
// not needed, it does nothing.

#include <span>
#include <string>
#include <string_view>

#include "database/connection.h"

namespace parley::dialect {

/// The statements of a pause, for scripts.
inline constexpr std::string_view kPauseForeignKeys = "PRAGMA foreign_keys = OFF";
inline constexpr std::string_view kResumeForeignKeys = "PRAGMA foreign_keys = ON";

class ForeignKeyPause {
 public:
  enum class Needed { No, Yes };

  /// Requires: no transaction is open. Throws Error{RefusedForSafety} when the engine goes on
  /// enforcing.
  ForeignKeyPause(database::Connection& connection, Needed needed);
  /// Enforcement is as it was before; never throws.
  ~ForeignKeyPause();
  ForeignKeyPause(const ForeignKeyPause&) = delete;
  ForeignKeyPause& operator=(const ForeignKeyPause&) = delete;

  /// Before the commit: throws Error{ForeignKeyViolation} that names the table, the rows and what
  /// they refer to when a row refers to nothing.
  void check();

  /// The same for the foreign keys of these tables and of those that refer to them alone: no others
  /// can have been hurt by making these anew.
  void check(std::span<const std::string> tables);

 private:
  void require_no_violation(const std::string& table);

  database::Connection& connection_;
  bool is_paused_;
  bool was_enforcing_ = false;
};

}  // namespace parley::dialect
