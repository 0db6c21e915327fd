#pragma once

// The changes inside one table that both schemas have, in the three stages between which diff puts
// those of other tables. Foreign keys are not among them. Internal to diff. Pure.

#include <vector>

#include "migrate/matched_tables.h"
#include "schema/change.h"

namespace parley::migrate {

/// Options, indexes, constraints and the primary key that go, in the old names.
void drop_parts(const MatchedTable& table, std::vector<schema::Change>& changes);

/// Indexes with another name, then columns: what is generated goes first and comes last, because it
/// reads the others.
void change_columns(const MatchedTable& table, std::vector<schema::Change>& changes);

/// The primary key, constraints, indexes, options and comment that come.
void add_parts(const MatchedTable& table, std::vector<schema::Change>& changes);

}  // namespace parley::migrate
