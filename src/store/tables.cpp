#include "store/tables.h"

namespace parley::store {

std::vector<schema::Table> store_tables() {
  return {schema::to_table<EventRow>(), schema::to_table<EventLogRow>(),
          schema::to_table<IdempotencyRow>()};
}

}  // namespace parley::store
