#pragma once

// What verify, repair and adopt say of a namespace, and the options that repair and adopt share.

#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/deployment.h"
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

void add_repair_words(Verb& verb, migrate::RepairOptions& options);

}  // namespace parley::cli
