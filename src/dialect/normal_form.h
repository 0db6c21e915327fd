#pragma once

// The part of normalising that all engines share; each engine adds its own rules for types and
// names. The same functions finish what `inspect` read, which is why both sides of a comparison are
// in one form. Pure; any thread.

#include "dialect/sql_style.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Defaults, conditions and index expressions of `table` in one spelling. Requires: the columns'
/// types are in normal form already.
void normalize_expressions(schema::Table& table, const SqlStyle& style);

/// Foreign keys that name no columns refer to the primary key.
void complete_references(schema::Schema& schema);

/// Tables, views, enums and triggers by name; of each table the constraints and indexes by name,
/// then by columns.
void sort_objects(schema::Schema& schema);

/// The columns of a primary key cannot be NULL.
void forbid_null_in_primary_key(schema::Table& table);

}  // namespace parley::dialect
