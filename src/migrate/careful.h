#pragma once

// Turns a bare difference into what works on tables with rows. Internal to autogenerate. Pure.

#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// `changes`, which begin at `before`, where a column that cannot be NULL and has no default comes
/// to a table that was there as nullable, is filled by a backfill, and then forbids NULL; and where
/// one that could be NULL is filled with its default before it may not any more. What the file says
/// to fill in is for the person who reads it to change.
std::vector<schema::Change> careful(const std::vector<schema::Change>& changes,
                                    const schema::Schema& before);

}  // namespace parley::migrate
