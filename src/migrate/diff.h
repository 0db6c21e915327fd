#pragma once

// The difference of two schemas, as the changes that lead from one to the other, in an order that
// works: foreign keys and indexes go before what they need, tables come before what refers to them.
// Pure.

#include <functional>
#include <vector>

#include "dialect/dialect.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The changes from `from` to `to`. Tables, columns, indexes and constraints are matched by name;
/// constraints without a name by their columns. An on both sides equal schema gives nothing. The
/// order of columns is not a difference. Requires: both are in the same normal form (both
/// normalised by one dialect, or neither).
std::vector<schema::Change> diff(const schema::Schema& from, const schema::Schema& to);

}  // namespace parley::migrate
