#include "database/connection.h"
#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {

/// CREATE INDEX CONCURRENTLY that is interrupted leaves an index that nobody uses and everybody
/// pays for (PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently").
std::vector<std::string> PostgresqlDialect::leftovers(database::Connection& connection,
                                                      const schema::Change& change) const {
  const auto* create = std::get_if<schema::CreateIndex>(&change);
  if (create == nullptr) return {};
  const auto rows = database::query(connection,
                                    R"(SELECT 1 FROM pg_catalog.pg_index i
                                       JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                                       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                                       WHERE n.nspname = current_schema() AND c.relname = ?
                                         AND NOT i.indisvalid)",
                                    {postgresql_stored_name(create->index.name)});
  if (rows.empty()) return {};
  return {"DROP INDEX CONCURRENTLY " + quote(create->index.name)};
}

}  // namespace parley::dialect
