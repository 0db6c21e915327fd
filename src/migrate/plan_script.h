#pragma once

// A plan as a script for the engine's own client. Pure.

#include <string>

#include "dialect/dialect.h"
#include "migrate/plan.h"

namespace parley::migrate {

/// The statements in order, with where transactions begin and end, and what each step is as a
/// comment.
std::string to_script(const Plan& plan, const dialect::Dialect& dialect);

}  // namespace parley::migrate
