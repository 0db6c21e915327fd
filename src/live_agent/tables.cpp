#include "live_agent/tables.h"

#include <algorithm>
#include <iterator>

#include "store/tables.h"

namespace parley::live_agent {
namespace {

template <auto... Members>
schema::TableIndex index_of_table(std::string_view name) {
  using Row = std::common_type_t<typename schema::MemberOf<Members>::Row...>;
  return schema::TableIndex{.table = std::string(schema::table_name<Row>()),
                            .index = schema::to_index(schema::index<Members...>(name))};
}

}  // namespace

std::vector<schema::Table> core_tables() {
  return {schema::to_table<SessionRow>(), schema::to_table<MessageRow>()};
}

std::vector<schema::Table> support_tables() {
  std::vector<schema::Table> tables{schema::to_table<UserRow>(), schema::to_table<ProfileRow>()};
  std::ranges::move(store::store_tables(), std::back_inserter(tables));
  tables.push_back(schema::to_table<WebhookDeliveryRow>());
  tables.push_back(schema::to_table<store::ApiKeyRow>());
  return tables;
}

std::vector<schema::TableIndex> support_indexes() {
  return {
      index_of_table<&MessageRow::session_id, &MessageRow::created_at>(
          "idx_messages_session_created"),
      index_of_table<&SessionRow::created_at>("idx_sessions_created"),
      index_of_table<&SessionRow::last_message_at>("idx_sessions_last_message"),
  };
}

}  // namespace parley::live_agent
