#pragma once

// A namespace moved to another engine: its schema made there by its own revisions, its rows carried
// over with their ids, and what arrived compared with what was sent. The original is only read.
// One thread.

#include <cstdint>
#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/execute_options.h"

namespace parley::migrate {

struct CopiedTable {
  std::string name;
  std::int64_t rows = 0;
  std::string sum;  ///< Of the rows in comparable form, equal on both sides: 64 hexadecimal digits.
};

struct CopyReport {
  std::vector<CopiedTable> tables;
  /// What the other engine keeps less exactly, a line each: fractions of seconds.
  std::vector<std::string> notes;

  std::int64_t rows() const;
};

/// What is done about tables and columns that no revision makes.
enum class Extras { Refuse, LeaveBehind };

/// Brings `to` to the heads of its histories and fills it with the rows of `from`, in one
/// transaction that is committed only when number and sum of the rows of every table are equal on
/// both sides. Reads `from` in one snapshot. Throws Error{NotUpToDate} or {SchemaDrift} when `from`
/// is not at its heads, Error{RefusedForSafety} when `to` has rows or `from` has extras, and what
/// the databases throw; `to` has then no rows, and the copy can be run again.
CopyReport copy_namespace(Deployment& from, Deployment& to, Extras extras,
                          const ExecuteOptions& options);

}  // namespace parley::migrate
