#pragma once

// The SQL of a `Backfill` on one engine. Pure; any thread.

#include <string>

#include "dialect/dialect.h"
#include "schema/change.h"

namespace parley::dialect {

/// `kind = 'text', size = length(body)`. Throws Error{UnsupportedChange} when an assignment has no
/// text for this engine.
std::string assignments_text(const schema::Backfill& change, const Dialect& dialect);

/// The condition; empty: all rows.
std::string condition_text(const schema::Backfill& change, const Dialect& dialect);

/// The whole as one statement, for scripts.
std::string update_text(const schema::Backfill& change, const Dialect& dialect);

}  // namespace parley::dialect
