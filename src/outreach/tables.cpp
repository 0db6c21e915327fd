#include "outreach/tables.h"

#include "outreach/sending_tables.h"
#include "store/tables.h"

namespace parley::outreach {

std::vector<schema::Table> core_tables() {
  return {schema::to_table<MessageLogRow>(), schema::to_table<SessionSummaryRow>(),
          schema::to_table<AnalyticsCacheRow>(), schema::to_table<SystemLogRow>()};
}

std::vector<schema::Table> support_tables() {
  std::vector<schema::Table> tables = store::store_tables();
  for (schema::Table& own : std::vector<schema::Table>{
           schema::to_table<DeliveryRecordRow>(), schema::to_table<InboundEventRow>(),
           schema::to_table<QuotaUsageRow>(), schema::to_table<store::ApiKeyRow>(),
           schema::to_table<StatusEventRow>(), schema::to_table<SendQueueRow>(),
           schema::to_table<SendTemplateRow>(), schema::to_table<SendContentRow>(),
           schema::to_table<MessageIdRow>()}) {
    tables.push_back(std::move(own));
  }
  return tables;
}

}  // namespace parley::outreach
