#pragma once

// What a repair will do, and in which order: rows out of the way first, then tables, columns with
// the values of old rows, keys and indexes, then rows that need what was added. Reads rows, writes
// nothing; one thread.

#include <optional>
#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/row_findings.h"
#include "schema/change.h"

namespace parley::migrate {

struct RepairOptions {
  bool quarantine = false;        ///< Move rows that refer to nothing to `orphaned_<table>`.
  bool dedupe = false;            ///< Remove what a module's rules call doubled.
  bool prune = false;             ///< Drop indexes that a wanted one makes needless.
  bool full = false;              ///< Add columns that no old database needs.
  bool times = false;             ///< Rewrite local times that say they are some.
  std::string legacy_timezone;    ///< Of those times, or of all; see migrate/local_times.h.
  std::vector<std::string> only;  ///< The differences to mend, as verify names them; empty: all.
};

struct Mend {
  schema::Change change;
  std::optional<std::string> said;  ///< What is told of it; empty: nothing; absent: the change.
};

/// What was found and what would mend it.
struct Examination {
  schema::Schema live;
  schema::Schema wanted;
  State state;  ///< What the database is taken to stand on.
  DriftReport report;
  std::vector<RowFinding> rows;

  /// Differences that keep the code from working and that no fix mends. A missing marker is mended
  /// by recording it, and is not one of them.
  DriftReport unmendable(const Marker& marker) const;
  /// Tables and rows in one report, worst first.
  DriftReport everything() const;

  /// Forgets the differences that are not among `objects`.
  void keep_only(const std::vector<std::string>& objects);
};

/// Compares tables and rows with what the recognised revisions say. Rows are not looked at when a
/// table cannot be mended: they are another product's.
Examination examine(Deployment& deployment, const State& state);

std::vector<Mend> plan_repair(Deployment& deployment, const Examination& found,
                              const RepairOptions& options);

}  // namespace parley::migrate
