#pragma once

// The half of PostgreSQL's inspection that reads enums, views and triggers, and what both halves
// ask the catalogue by. One thread, that of the connection.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Asks the catalogue about all of the namespace, or about some tables. A query that can do both
/// calls pg_class `c` and has `AND TRUE` where the names of the tables go.
class PostgresqlCatalogue {
 public:
  /// All tables when `tables` is null.
  PostgresqlCatalogue(database::Connection& connection, const std::set<std::string>* tables);

  bool is_of_some_tables() const { return tables_.has_value(); }

  std::vector<database::Row> rows(std::string_view sql) const;

 private:
  database::Connection& connection_;
  std::optional<std::string> tables_;  ///< As JSON.
};

/// Each adds what it finds to `schema`, by one query.
void postgresql_inspect_enums(const PostgresqlCatalogue& catalogue, schema::Schema& schema);
void postgresql_inspect_views(const PostgresqlCatalogue& catalogue, schema::Schema& schema);
/// The trigger that stands in for a column's `on_update_now` becomes that. Requires: `schema` has
/// its tables.
void postgresql_inspect_triggers(const PostgresqlCatalogue& catalogue, schema::Schema& schema);

/// The names in a JSON array; none for NULL.
std::vector<std::string> postgresql_names_of(const Value& json);

}  // namespace parley::dialect
