#pragma once

// Brings a namespace that drifted back to what its revisions say, and adopts one that has the
// tables but no record of them. Only adds and corrects: no row, column or table goes. One thread.

#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/repair_plan.h"

namespace parley::migrate {

/// Mends every difference that has a fix and rows as the module's rules say, in one run with one
/// journal entry, together with recording what an unmarked or partly recorded namespace stands on.
/// Gives one line per thing done (`Added column message_logs.updated_at`); empty when nothing was
/// to be done. What rows forbid (NOT NULL over NULLs, a key over orphans) is left and listed by the
/// next verify. Throws as `upgrade`, and as `require_mendable`; nothing is changed then.
std::vector<std::string> repair(Deployment& deployment, const ExecuteOptions& options,
                                const RepairOptions& how = {});

/// Throws Error{SchemaDrift} with what keeps the code from working and cannot be mended, if there
/// is something.
void require_mendable(const Examination& found, const NamespaceDefinition& definition);

}  // namespace parley::migrate
