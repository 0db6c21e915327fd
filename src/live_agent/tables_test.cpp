#include "live_agent/tables.h"

#include <gmock/gmock.h>

namespace parley::live_agent {
namespace {

using testing::ElementsAre;

std::vector<std::string> columns_of(const schema::Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> indexes_of(const schema::Table& table) {
  std::vector<std::string> names;
  for (const auto& index : table.indexes) names.push_back(index.name);
  return names;
}

TEST(LiveAgentTables, SessionsHaveTheThirteenColumnsOfTheOriginal) {
  const schema::Table table = core_tables().at(0);
  EXPECT_EQ(table.name, "live_agent_sessions");
  EXPECT_THAT(
      columns_of(table),
      ElementsAre("id", "tenant_domain", "user_account", "user_name", "assigned_agent_id",
                  "assigned_agent_name", "status", "created_at", "updated_at", "last_message_at",
                  "unread_count_user", "unread_count_agent", "metadata"));
  EXPECT_THAT(indexes_of(table), ElementsAre("idx_tenant_domain", "idx_user_account", "idx_status",
                                             "idx_assigned_agent"));
  EXPECT_TRUE(table.find_column("updated_at")->on_update_now);
  EXPECT_FALSE(table.find_column("created_at")->on_update_now);
  EXPECT_EQ(table.find_column("status")->default_value, schema::Default(std::string("pending")));
}

TEST(LiveAgentTables, MessagesHaveTheTwelveColumnsOfTheOriginal) {
  const schema::Table table = core_tables().at(1);
  EXPECT_EQ(table.name, "live_agent_messages");
  EXPECT_THAT(columns_of(table),
              ElementsAre("id", "session_id", "sender_type", "sender_id", "sender_name",
                          "message_text", "created_at", "read_by_user", "read_by_agent",
                          "delivered_at", "read_at", "message_metadata"));
  EXPECT_THAT(indexes_of(table), ElementsAre("idx_session_id", "idx_created_at"));
  EXPECT_TRUE(table.find_column("delivered_at")->nullable);
  EXPECT_TRUE(table.find_column("read_at")->nullable);
  EXPECT_FALSE(table.find_column("message_text")->nullable);
}

TEST(LiveAgentTables, MessagesGoWithTheirSession) {
  const schema::ForeignKey key = core_tables().at(1).foreign_keys.at(0);
  EXPECT_EQ(key.referenced_table, "live_agent_sessions");
  EXPECT_EQ(key.on_delete, schema::ReferenceAction::Cascade);
}

TEST(LiveAgentTables, SupportTablesHaveTheColumnsOfTheSpecification) {
  const schema::Table users = support_tables().at(0);
  EXPECT_EQ(users.name, "users");
  EXPECT_THAT(columns_of(users),
              ElementsAre("id", "email", "full_name", "password_hash", "role", "is_active",
                          "agent_rights", "created_at", "last_login"));
  EXPECT_TRUE(users.find_index("ix_users_email")->unique);
  const schema::Table profiles = support_tables().at(1);
  EXPECT_EQ(profiles.name, "live_agent_profiles");
  EXPECT_THAT(columns_of(profiles),
              ElementsAre("id", "agent_id", "agent_name", "fcm_token", "is_online", "status",
                          "last_seen", "created_at", "updated_at"));
  EXPECT_THAT(indexes_of(profiles), ElementsAre("idx_agent_id", "idx_is_online"));
  EXPECT_EQ(profiles.uniques.at(0).columns, std::vector<std::string>{"agent_id"});
}

TEST(LiveAgentTables, PollingIndexesAreNoPartOfTheCoreTables) {
  std::vector<std::string> names;
  for (const schema::TableIndex& each : support_indexes()) {
    names.push_back(each.table + "." + each.index.name);
    for (const schema::Table& table : core_tables()) {
      EXPECT_EQ(table.find_index(each.index.name), nullptr);
    }
  }
  EXPECT_THAT(names, ElementsAre("live_agent_messages.idx_messages_session_created",
                                 "live_agent_sessions.idx_sessions_created",
                                 "live_agent_sessions.idx_sessions_last_message"));
  EXPECT_EQ(support_indexes().at(0).index.parts.at(1).column, "created_at");
}

}  // namespace
}  // namespace parley::live_agent
