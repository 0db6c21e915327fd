#pragma once

// parley db adopt for a project of the user's own: a database that is there already, and a folder
// of revisions that begins with it.

#include <string>
#include <vector>

#include "app/target.h"

namespace parley::cli {

/// True when the words name no module.
bool is_project(const app::TargetOptions& where);

/// Writes the first revision when the folder has none, and records the revision that the database
/// stands on. Gives one line per thing done; empty when its record is there already. `files` is the
/// other tool's folder of migrations, or empty. Throws as migrate::read_foreign_history,
/// migrate::baseline_of and migrate::stamp; nothing of the user's is changed then.
std::vector<std::string> adopt_project(const app::TargetOptions& where, const std::string& files,
                                       const migrate::ExecuteOptions& options);

}  // namespace parley::cli
