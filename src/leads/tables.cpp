#include "leads/tables.h"

#include "store/tables.h"

namespace parley::leads {

std::vector<schema::Table> core_tables() {
  return {schema::to_table<AgentRow>(), schema::to_table<LeadRow>(),
          schema::to_table<AgentSessionRow>(), schema::to_table<MessageRow>()};
}

std::vector<schema::Table> support_tables() {
  std::vector<schema::Table> tables = store::store_tables();
  for (schema::Table& own : std::vector<schema::Table>{
           schema::to_table<FollowUpTaskRow>(), schema::to_table<OutboundUrlRow>(),
           schema::to_table<OutboundDeliveryRow>(), schema::to_table<JobRow>(),
           schema::to_table<NameLockRow>()}) {
    tables.push_back(std::move(own));
  }
  return tables;
}

}  // namespace parley::leads
