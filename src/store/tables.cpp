#include "store/tables.h"

#include "store/webhook_tables.h"

namespace parley::store {

std::vector<schema::Table> store_tables() {
  schema::Table events = schema::to_table<EventRow>();
  // One tree instead of two on SQLite, which every write would pay for.
  events.is_without_rowid = true;
  return {std::move(events),
          schema::to_table<EventLogRow>(),
          schema::to_table<IdempotencyRow>(),
          schema::to_table<WebhookSubscriptionRow>(),
          schema::to_table<WebhookMessageRow>(),
          schema::to_table<WebhookAttemptRow>()};
}

}  // namespace parley::store
