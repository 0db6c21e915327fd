#pragma once

// The difference of two schemas, as the changes that lead from one to the other, in an order that
// works. What stands in the way goes first: triggers, views, foreign keys, indexes, constraints,
// tables. Then names change, then columns, then keys and constraints come, then new tables, each
// after those it refers to, the foreign keys that need them, and at last views and triggers. Pure;
// time grows with the size of the schemas and not with its square.

#include <vector>

#include "migrate/renames.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The changes from `from` to `to`: applied to `from` in order they give `to`. Everything is
/// matched by name, after `renames`; constraints without a name by their columns. An index that
/// differs only in its name is renamed. On both sides equal schemas give nothing; the order of
/// columns is not a difference. Requires: both are in the same normal form (both normalised by one
/// dialect, or neither).
std::vector<schema::Change> diff(const schema::Schema& from, const schema::Schema& to,
                                 const Renames& renames = {});

}  // namespace parley::migrate
