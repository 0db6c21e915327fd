#include "store/tables.h"

namespace parley::store {

std::vector<schema::Table> store_tables() {
  schema::Table events = schema::to_table<EventRow>();
  // One tree instead of two on SQLite, which every write would pay for.
  events.is_without_rowid = true;
  return {std::move(events), schema::to_table<EventLogRow>(), schema::to_table<IdempotencyRow>()};
}

}  // namespace parley::store
