#pragma once

// Brings a namespace that drifted back to what its revisions say, and adopts one that has the
// tables but no record of them. Only adds and corrects: no row, column or table goes. One thread.

#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/executor.h"

namespace parley::migrate {

/// Mends every difference that has a fix, in one run with one journal entry; an unmarked namespace
/// is then recorded as being at its core's heads. Gives one line per thing done (`Added column
/// message_logs.updated_at`); empty when nothing was to be done. A column that should be NOT NULL
/// but holds NULLs is left and listed by the next verify. Throws as `upgrade`, and
/// Error{SchemaDrift} when something that cannot be mended keeps the code from working: nothing is
/// changed then.
std::vector<std::string> repair(Deployment& deployment, const ExecuteOptions& options);

}  // namespace parley::migrate
