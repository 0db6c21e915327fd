#pragma once

// Compares what is in the database with what should be, and says of each difference how bad it is
// and what mends it. Drift is an answer here, not an error. Comparison is pure; `inspect` happens
// before.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

enum class Level {
  Missing,     ///< The code needs it and cannot work without.
  Wrong,       ///< It is there, but the code cannot work with it.
  Repairable,  ///< The code works, but it is not what a fresh database has.
  Note,        ///< Left alone: it harms nothing.
};
std::string_view name_of(Level level);

struct Difference {
  Level level = Level::Note;
  std::string object;    ///< `live_agent_messages.delivered_at`, `index idx_status on …`.
  std::string expected;  ///< `DATETIME`, or `absent`.
  std::string found;
  std::optional<schema::Change> fix;  ///< What repair does; nothing when repair leaves it alone.
  std::string reason;  ///< Why it is left alone, or what else can be done; may be empty.
};

struct DriftReport {
  std::vector<Difference> differences;

  /// True when the code can work: nothing missing or wrong.
  bool is_workable() const;
  /// True when at most notes are left.
  bool is_clean() const;
  std::size_t count(Level level) const;
};

/// The differences between `live` and `wanted`, both normalised by `dialect`, engine tables left
/// out. Tables, columns and indexes that only `live` has are notes, unless such a column refuses
/// the code's inserts (NOT NULL without default).
DriftReport compare(const schema::Schema& live, const schema::Schema& wanted,
                    const dialect::Dialect& dialect);

/// What `compare(from, to)` calls the object of `change`, one of diff(from, to).
std::string object_of(const schema::Change& change, const schema::Schema& from,
                      const schema::Schema& to, const dialect::Dialect& dialect);

/// One line per difference, ready for a terminal: `  wrong      agents.id: expected INTEGER, found
/// UUID`; what is not there at all: `  missing    Missing column: messages.read_at, expected
/// DATETIME`.
std::string to_text(const Difference& difference);

}  // namespace parley::migrate
