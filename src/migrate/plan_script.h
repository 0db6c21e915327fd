#pragma once

// A plan as a script for the engine's own client. Pure.

#include <string>
#include <string_view>

#include "dialect/dialect.h"
#include "migrate/plan.h"

namespace parley::migrate {

/// The statements in order, with where transactions begin and end, and what each step is as a
/// comment.
std::string transactions_of(const Plan& plan, const dialect::Dialect& dialect);

/// The line that makes the client stop at the first error, for the head of a script; empty where it
/// does so by itself (mysql). psql and sqlite3 go on with the next statement, which may be the one
/// that drops what the failed one should have copied.
std::string_view stop_at_first_error(const dialect::Dialect& dialect);

/// True when a script of the plan has to stop at an error: false when all it does is to create.
bool takes_away(const Plan& plan);

/// The whole script of one plan: the two above.
std::string to_script(const Plan& plan, const dialect::Dialect& dialect);

}  // namespace parley::migrate
