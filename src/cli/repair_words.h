#pragma once

// What verify, repair and adopt say of a namespace, and the options that repair and adopt share.

#include "app/configuration.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/deployment.h"
#include "migrate/execute_options.h"
#include "migrate/repair_plan.h"

namespace parley::cli {

struct Findings {
  std::size_t differences = 0;  ///< Notes are not counted.
  std::size_t pending = 0;
};

/// Compares tables and rows, and prints what differs and what is pending.
Findings report_on(migrate::Deployment& deployment, bool is_verbose, Output& output);

/// The last line and the exit code.
ExitCode conclude(std::size_t differences, Output& output);

/// With --times: local time is that of --legacy-timezone, else of `outreach.legacy_timezone`, by
/// which the server reads the same times, else this machine's. To be called before anything else is
/// done. Throws Error{InvalidArgument} for a zone there is not.
void use_legacy_timezone(const migrate::RepairOptions& options,
                         const app::Configuration& configuration);

/// Converts times that the original wrote without saying where, when that is asked for. Gives one
/// line per table; throws as migrate::convert_local_times.
std::vector<std::string> convert_legacy_times(migrate::Deployment& deployment,
                                              const migrate::RepairOptions& options,
                                              const migrate::ExecuteOptions& execution);

void add_repair_words(Verb& verb, migrate::RepairOptions& options);

}  // namespace parley::cli
