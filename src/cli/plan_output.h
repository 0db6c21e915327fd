#pragma once

// How a declarative plan reads: for a person as a numbered list with what each step means, for a
// program as a document.

#include <string>

#include "cli/output.h"
#include "migrate/declarative.h"

namespace parley::cli {

/// The steps with their SQL, locks and verdicts, where transactions begin and end, what is skipped
/// and whether it was proved. `label` names the namespace; empty when there is one.
void print_plan(Output& output, const std::string& label, const migrate::DeclarativePlan& plan,
                const dialect::Dialect& dialect);

/// What was not done because drops were not allowed, and how to allow them.
void print_skipped(Output& output, const migrate::DeclarativePlan& plan);

JsonObject to_json(const migrate::DeclarativePlan& plan, const dialect::Dialect& dialect);

}  // namespace parley::cli
