#pragma once

// SQLite may be built to overwrite what is deleted (SECURE_DELETE; Debian's is). When a table is
// made anew, every value of the old copy stands in the new one, so that overwriting the old hides
// nothing, and writes as much again as the copy. While an object of this class lives, the pages of
// dropped tables are given back as they are. Elsewhere, and when not asked for, it does nothing.

#include "database/connection.h"

namespace parley::dialect {

class PageRelease {
 public:
  enum class Overwrites { AsBefore, Never };

  /// Requires: with Overwrites::Never, the connection is one to SQLite.
  PageRelease(database::Connection& connection, Overwrites overwrites);
  /// Pages are overwritten as before; never throws.
  ~PageRelease();
  PageRelease(const PageRelease&) = delete;
  PageRelease& operator=(const PageRelease&) = delete;

 private:
  database::Connection& connection_;
  bool is_changed_ = false;
};

}  // namespace parley::dialect
