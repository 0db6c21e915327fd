#pragma once

// The half of PostgreSQL's inspection that reads enums, views and triggers.

#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Adds the namespace's enums, views and triggers to `schema`, which has its tables. The trigger
/// that stands in for a column's `on_update_now` becomes that. Three queries.
void postgresql_inspect_objects(database::Connection& connection, schema::Schema& schema);

/// The names in a JSON array; none for NULL.
std::vector<std::string> postgresql_names_of(const Value& json);

}  // namespace parley::dialect
