#pragma once

// Times that a module's original program wrote as its local time, into columns that Parley reads as
// UTC: converted once, table by table, each with an entry in the journal that says so. Nothing in
// the rows tells whether it was done, so only the journal knows. One thread.

#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/execute_options.h"

namespace parley::migrate {

/// Takes the times without a zone in the tables of the core history for those of `zone`
/// (base/time_zone.h) and makes them UTC. Gives one line per table; empty when all were converted
/// before. Throws Error{InvalidArgument} for a zone there is not, and for a namespace whose core
/// has no such columns; Error{RefusedForSafety} when another zone was used before; otherwise as
/// `upgrade`.
std::vector<std::string> convert_local_times(Deployment& deployment, const std::string& zone,
                                             const ExecuteOptions& options);

}  // namespace parley::migrate
