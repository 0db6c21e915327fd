#include "migrate/revision.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "base/ids.h"

namespace parley::migrate {
namespace {

using schema::CreateIndex;
using schema::CreateTable;
using schema::CurrentTimestamp;
using schema::Number;
using testing::HasSubstr;

const std::string kSessionsYaml = R"(revision: 001_create_sessions
down_revision: null
message: create sessions
create_date: 2025-01-15 09:00:00

upgrade:
  - create_table: live_agent_sessions
    columns:
      - id: string(36)
      - tenant_domain: string(255)
      - user_account: string(255)
      - user_name: string(255) null
      - assigned_agent_id: integer null
      - assigned_agent_name: string(255) null
      - status: string(20) null default 'pending'
      - created_at: datetime default now
      - updated_at: datetime default now on update now
      - last_message_at: datetime null
      - unread_count_user: integer null default 0
      - unread_count_agent: integer null default 0
      - metadata: json null
    primary_key: [id]
  - create_index: idx_tenant_domain on live_agent_sessions (tenant_domain)
  - create_index: idx_user_account on live_agent_sessions (user_account)
  - create_index: idx_status on live_agent_sessions (status)
  - create_index: idx_assigned_agent on live_agent_sessions (assigned_agent_id)
)";

const std::string kMessagesYaml = R"(revision: 002_create_messages
down_revision: 001_create_sessions
message: create messages
create_date: 2025-01-15 09:00:00

upgrade:
  - create_table: live_agent_messages
    columns:
      - id: integer auto_increment
      - session_id: string(36)
      - sender_type: string(10)
      - sender_id: string(255) null
      - sender_name: string(255) null
      - message_text: text
      - created_at: datetime default now
      - read_by_user: boolean null default false
      - read_by_agent: boolean null default false
      - delivered_at: datetime null
      - read_at: datetime null
      - message_metadata: json null
    primary_key: [id]
    foreign_keys:
      - session_id -> live_agent_sessions(id) on delete cascade
  - create_index: idx_session_id on live_agent_messages (session_id)
  - create_index: idx_created_at on live_agent_messages (created_at)
)";

schema::Table sessions_table() {
  using namespace schema;  // Short words for types.
  return Table{
      .name = "live_agent_sessions",
      .columns = {{.name = "id", .type = string(36)},
                  {.name = "tenant_domain", .type = string(255)},
                  {.name = "user_account", .type = string(255)},
                  {.name = "user_name", .type = string(255), .nullable = true},
                  {.name = "assigned_agent_id", .type = integer(), .nullable = true},
                  {.name = "assigned_agent_name", .type = string(255), .nullable = true},
                  {.name = "status",
                   .type = schema::string(20),
                   .nullable = true,
                   .default_value = std::string("pending")},
                  {.name = "created_at", .type = datetime(), .default_value = CurrentTimestamp{}},
                  {.name = "updated_at",
                   .type = datetime(),
                   .default_value = CurrentTimestamp{},
                   .on_update_now = true},
                  {.name = "last_message_at", .type = datetime(), .nullable = true},
                  {.name = "unread_count_user",
                   .type = integer(),
                   .nullable = true,
                   .default_value = Number{"0"}},
                  {.name = "unread_count_agent",
                   .type = integer(),
                   .nullable = true,
                   .default_value = Number{"0"}},
                  {.name = "metadata", .type = json(), .nullable = true}},
      .primary_key = PrimaryKey{.columns = {"id"}}};
}

schema::Table messages_table() {
  using namespace schema;  // Short words for types.
  return Table{
      .name = "live_agent_messages",
      .columns =
          {{.name = "id", .type = integer(), .auto_increment = true},
           {.name = "session_id", .type = string(36)},
           {.name = "sender_type", .type = string(10)},
           {.name = "sender_id", .type = string(255), .nullable = true},
           {.name = "sender_name", .type = string(255), .nullable = true},
           {.name = "message_text", .type = text()},
           {.name = "created_at", .type = datetime(), .default_value = CurrentTimestamp{}},
           {.name = "read_by_user", .type = boolean(), .nullable = true, .default_value = false},
           {.name = "read_by_agent", .type = boolean(), .nullable = true, .default_value = false},
           {.name = "delivered_at", .type = datetime(), .nullable = true},
           {.name = "read_at", .type = datetime(), .nullable = true},
           {.name = "message_metadata", .type = json(), .nullable = true}},
      .primary_key = PrimaryKey{.columns = {"id"}},
      .foreign_keys = {{.columns = {"session_id"},
                        .referenced_table = "live_agent_sessions",
                        .referenced_columns = {"id"},
                        .on_delete = ReferenceAction::Cascade}}};
}

CreateIndex index(const std::string& table, const std::string& name, const std::string& column) {
  return CreateIndex{.table = table, .index = {.name = name, .parts = {{column, false}}}};
}

Revision sessions_revision() {
  const std::string table = "live_agent_sessions";
  Revision revision;
  revision.id = "001_create_sessions";
  revision.message = "create sessions";
  revision.create_date = "2025-01-15 09:00:00";
  revision.upgrade = {
      CreateTable{sessions_table()}, index(table, "idx_tenant_domain", "tenant_domain"),
      index(table, "idx_user_account", "user_account"), index(table, "idx_status", "status"),
      index(table, "idx_assigned_agent", "assigned_agent_id")};
  return revision;
}

Revision messages_revision() {
  const std::string table = "live_agent_messages";
  Revision revision;
  revision.id = "002_create_messages";
  revision.down_revisions = {"001_create_sessions"};
  revision.message = "create messages";
  revision.create_date = "2025-01-15 09:00:00";
  revision.upgrade = {CreateTable{messages_table()}, index(table, "idx_session_id", "session_id"),
                      index(table, "idx_created_at", "created_at")};
  return revision;
}

TEST(Revision, WritesTheLiveAgentTablesAsAPersonWould) {
  EXPECT_EQ(to_yaml(sessions_revision()), kSessionsYaml);
  EXPECT_EQ(to_yaml(messages_revision()), kMessagesYaml);
}

TEST(Revision, ReadsTheLiveAgentTables) {
  EXPECT_EQ(parse_revision(kSessionsYaml, ""), sessions_revision());
  EXPECT_EQ(parse_revision(kMessagesYaml, ""), messages_revision());
}

std::string file_name(std::string id, std::string message) {
  Revision revision;
  revision.id = std::move(id);
  revision.message = std::move(message);
  return file_name_of(revision);
}

TEST(RevisionFileName, IsTheIdAndTheWordsOfTheMessage) {
  EXPECT_EQ(file_name("f63e2e56f9b7", "Add chat & chat-message tables!"),
            "f63e2e56f9b7_add_chat_chat_message_tables.yaml");
}

TEST(RevisionFileName, LeavesOutAMessageThatTheIdSays) {
  EXPECT_EQ(file_name("001_create_sessions", "create sessions"), "001_create_sessions.yaml");
  EXPECT_EQ(file_name("create_sessions", "Create sessions."), "create_sessions.yaml");
  EXPECT_EQ(file_name("1", ""), "1.yaml");
  EXPECT_EQ(file_name("1", "…"), "1.yaml");
}

TEST(RevisionFileName, CutsALongMessageBetweenWords) {
  EXPECT_EQ(file_name("1", "the quick brown fox jumps over the lazy dog"),
            "1_the_quick_brown_fox_jumps_over_the_lazy.yaml");
  EXPECT_EQ(file_name("1", std::string(50, 'x')), "1_" + std::string(40, 'x') + ".yaml");
}

class RevisionFolder : public testing::Test {
 protected:
  RevisionFolder() { std::filesystem::create_directory(path_); }
  ~RevisionFolder() override { std::filesystem::remove_all(path_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const Revision& revision : read_revisions(path_, "live_agent")) ids.push_back(revision.id);
    return ids;
  }

  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("parley-revisions-" + make_uuid());
};

TEST_F(RevisionFolder, IsReadInTheOrderOfFileNames) {
  write("2_b.yaml", "{revision: x2, upgrade: []}");
  write("1_c.yml", "{revision: x1, upgrade: []}");
  write("10_a.yaml", "{revision: x3, upgrade: []}");
  EXPECT_EQ(ids(), (std::vector<std::string>{"x3", "x1", "x2"}));
}

TEST_F(RevisionFolder, TellsEachRevisionItsHistoryAndFile) {
  write("a1.yaml", "{revision: a1, upgrade: []}");
  const Revision revision = read_revisions(path_, "live_agent").at(0);
  EXPECT_EQ(revision.history, "live_agent");
  EXPECT_EQ(revision.file, (path_ / "a1.yaml").string());
}

TEST_F(RevisionFolder, MayHoldOtherFiles) {
  write("a1.yaml", "{revision: a1, upgrade: []}");
  write("README.md", "x");
  write("a1.yaml.orig", "x");
  write(".#a1.yaml", "x");
  std::filesystem::create_directory(path_ / "old.yaml");
  EXPECT_EQ(ids(), std::vector<std::string>{"a1"});
}

TEST_F(RevisionFolder, MayBeEmpty) { EXPECT_TRUE(ids().empty()); }

TEST_F(RevisionFolder, NamesTheFileThatCannotBeUnderstood) {
  write("a1.yaml", "revision: a1\nupgrade: [drop_tabel: t]\n");
  try {
    ids();
    FAIL() << "this was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidRevisionFile);
    EXPECT_EQ(error.what(), (path_ / "a1.yaml").string() +
                                ":2:11: unknown change 'drop_tabel'; did you mean 'drop_table'?");
  }
}

TEST_F(RevisionFolder, MustExist) {
  try {
    read_revisions(path_ / "nowhere", "live_agent");
    FAIL() << "this was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::FileSystem);
    EXPECT_THAT(error.what(), HasSubstr("nowhere': No such file or directory"));
  }
}

}  // namespace
}  // namespace parley::migrate
