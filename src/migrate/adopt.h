#pragma once

// Takes over a database that other programs made: looks what it is, backs it up, repairs it,
// records what it stands on, and brings it to the heads. Rows are kept, always. One thread.

#include <string>
#include <vector>

#include "migrate/repair.h"

namespace parley::migrate {

/// Gives one line per thing done; empty when nothing was to be done. Backs up first when the
/// options name a directory for that; a SQLite file is copied beside itself. Throws before anything
/// is written: Error{RevisionNotFound} for a marker of another history, Error{DatabaseNewer} for
/// one of a newer program, Error{RefusedForSafety} naming the tables without which this is no
/// database of the module, Error{SchemaDrift} for what cannot be mended.
std::vector<std::string> adopt(Deployment& deployment, const ExecuteOptions& options,
                               const RepairOptions& how);

/// What an upgrade does before it begins, in a namespace whose tables no record mentions: nothing,
/// an adoption, or a record of the revisions whose tables are as they should be. Which of them, the
/// module's rules say. Gives what was done; throws as `adopt`.
std::vector<std::string> take_over(Deployment& deployment, const ExecuteOptions& options);

}  // namespace parley::migrate
