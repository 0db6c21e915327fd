#pragma once

// An upgrade tried out before it is done: on a copy of the database with all its rows the revisions
// are applied, verified, undone and verified again, with the time that each takes. The original is
// only read. One thread.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/deployment.h"
#include "migrate/execute_options.h"

namespace parley::migrate {

struct RehearsalRequest {
  std::string expression = "head";
  std::vector<std::string> histories;  ///< Brought to `expression` one after the other.
};

struct RehearsedRevision {
  std::string id;
  std::string message;
  std::vector<std::string> losses;  ///< What the upgrade loses of the rows that are there.
  std::chrono::microseconds up{0};
  std::optional<std::chrono::microseconds> down;  ///< Nothing: it was not undone.
};

/// A table whose rows are not what they were, at one point or the other.
struct RehearsedRows {
  std::string table;
  std::int64_t before = 0;
  std::optional<std::int64_t> upgraded;  ///< Nothing: the upgrade drops or renames the table.
  bool is_restored = true;               ///< After the way back each row is as it was.
};

struct RehearsalFailure {
  enum class Stage { Upgrade, Downgrade };
  Stage stage = Stage::Upgrade;
  std::string revision;  ///< Empty: between revisions.
  Error error;
};

struct Rehearsal {
  std::string copy;  ///< Where it took place; empty when there was nothing to do.
  std::chrono::microseconds copy_time{0};
  std::int64_t tables = 0;
  std::int64_t rows = 0;
  std::vector<std::string> taken_over;  ///< What an upgrade does before its first revision.
  std::vector<RehearsedRevision> revisions;
  std::vector<RehearsedRows> changed_rows;
  std::string no_way_back;  ///< Why the way back ends before the beginning; empty when it does not.
  std::optional<RehearsalFailure> failure;

  bool is_empty() const { return copy.empty(); }
};

/// Tries out what `upgrade` would do. What fails on the copy is part of the answer; thrown is what
/// keeps the rehearsal from taking place: Error{SchemaDrift} when `original` is not what its
/// revisions say, and what NamespaceCopy throws.
Rehearsal rehearse(Deployment& original, const RehearsalRequest& request,
                   const ExecuteOptions& options);

}  // namespace parley::migrate
