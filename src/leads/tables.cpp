#include "leads/tables.h"

namespace parley::leads {

std::vector<schema::Table> core_tables() {
  return {schema::to_table<AgentRow>(), schema::to_table<LeadRow>(),
          schema::to_table<AgentSessionRow>(), schema::to_table<MessageRow>()};
}

std::vector<schema::Table> support_tables() {
  return {schema::to_table<FollowUpTaskRow>(), schema::to_table<OutboundUrlRow>(),
          schema::to_table<OutboundDeliveryRow>(), schema::to_table<JobRow>(), schema::to_table<NameLockRow>()};
}

}  // namespace parley::leads
