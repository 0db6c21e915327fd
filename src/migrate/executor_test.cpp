// Upgrade, downgrade, stamp, verify and repair against real servers.

#include "migrate/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "migrate/diff.h"
#include "migrate/lock.h"
#include "migrate/repair.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestDatabase;
using test::TestEngine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Table sessions() {
  return Table{.name = "sessions",
               .columns = {{.name = "id", .type = string(36)},
                           {.name = "updated_at",
                            .type = datetime(),
                            .default_value = CurrentTimestamp{},
                            .on_update_now = true}},
               .primary_key = PrimaryKey{.columns = {"id"}}};
}

Table messages() {
  return Table{.name = "messages",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "session_id", .type = string(36)},
                           {.name = "body", .type = text()},
                           {.name = "delivered_at", .type = datetime(), .nullable = true}},
               .primary_key = PrimaryKey{.columns = {"id"}},
               .foreign_keys = {{.columns = {"session_id"},
                                 .referenced_table = "sessions",
                                 .referenced_columns = {"id"},
                                 .on_delete = ReferenceAction::Cascade}}};
}

const Index kSessionIndex{.name = "idx_session_id", .parts = {{.column = "session_id"}}};

Revision first() {
  return Revision{.id = "001_sessions",
                  .message = "create sessions",
                  .upgrade = {CreateTable{sessions()}},
                  .history = "chat",
                  .file = "001.yaml"};
}
Revision second() {
  return Revision{.id = "002_messages",
                  .down_revisions = {"001_sessions"},
                  .message = "create messages",
                  .upgrade = {CreateTable{messages()}, CreateIndex{"messages", kSessionIndex}},
                  .history = "chat",
                  .file = "002.yaml"};
}

NamespaceDefinition define(std::vector<Revision> revisions) {
  Table declared = messages();
  declared.indexes = {kSessionIndex};
  return {
      .name = "chat",
      .histories = {HistoryDefinition{.name = "chat", .declared_tables = {sessions(), declared}}},
      .graph = History(std::move(revisions))};
}

class Executor : public testing::TestWithParam<TestEngine> {
 protected:
  Executor() : database_(GetParam()), connection_(database_.connect()) {}

  Deployment& deployment() { return deployment_with(two_); }
  Deployment& deployment_with(const NamespaceDefinition& definition) {
    return *deployments_.emplace_back(
        std::make_unique<Deployment>(*connection_, definition, clock_));
  }

  void upgrade_to(const std::string& revision) {
    upgrade(deployment(), revision, "chat", options_);
  }
  Applied applied() { return deployment().state().applied; }
  std::vector<std::string> marker() {
    return deployment().journal().marker().value_or(std::vector<std::string>{});
  }

  void insert_one_of_each() {
    connection_->execute("INSERT INTO sessions (id) VALUES ('s1')");
    connection_->execute("INSERT INTO messages (session_id, body) VALUES ('s1', 'hello')");
  }
  std::int64_t count(const std::string& table) {
    return database::integer_of(
        database::query(*connection_, "SELECT COUNT(*) FROM " + table)[0][0]);
  }
  std::vector<Change> differences_from(const NamespaceDefinition& definition) {
    Deployment& target = deployment_with(definition);
    return diff(target.live(), target.recorded(target.state()));
  }

  ExecuteOptions options_{.lock_patience = std::chrono::milliseconds(100), .tool_version = "test"};
  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  NamespaceDefinition one_ = define({first()});
  NamespaceDefinition two_ = define({first(), second()});
  std::vector<std::unique_ptr<Deployment>> deployments_;
};

INSTANTIATE_TEST_SUITE_P(Engines, Executor, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Executor, UpgradesAnEmptyDatabaseToTheHead) {
  EXPECT_THAT(upgrade(deployment(), "head", "chat", options_),
              ElementsAre("001_sessions", "002_messages"));
  EXPECT_THAT(applied(), ElementsAre("001_sessions", "002_messages"));
  EXPECT_THAT(marker(), ElementsAre("002_messages"));
  EXPECT_THAT(differences_from(two_), IsEmpty());
}

TEST_P(Executor, DoesNothingTheSecondTime) {
  upgrade_to("head");
  EXPECT_THAT(upgrade(deployment(), "head", "chat", options_), IsEmpty());
  EXPECT_EQ(deployment().journal().entries().size(), 2U);
}

TEST_P(Executor, StepsUpAndDownOneByOne) {
  upgrade_to("+1");
  EXPECT_THAT(marker(), ElementsAre("001_sessions"));
  upgrade_to("+1");
  downgrade(deployment(), "-1", "chat", options_);
  EXPECT_THAT(marker(), ElementsAre("001_sessions"));
  EXPECT_EQ(deployment().live().find_table("messages"), nullptr);
  downgrade(deployment(), "base", "chat", options_);
  EXPECT_THAT(marker(), IsEmpty());
  EXPECT_THAT(deployment().live().tables, IsEmpty());
}

TEST_P(Executor, ReadsTheMarkerThatAlembicLeft) {
  upgrade_to("head");
  for (const char* table : {"parley_revisions", "parley_journal", "parley_steps", "parley_lock"}) {
    connection_->execute(std::string("DROP TABLE ") + table);
  }
  EXPECT_EQ(deployment().state().standing, Standing::Recorded);
  EXPECT_THAT(applied(), ElementsAre("001_sessions", "002_messages"));
  downgrade(deployment(), "-1", "chat", options_);
  EXPECT_THAT(marker(), ElementsAre("001_sessions"));
}

TEST_P(Executor, RefusesAMarkerOfAnotherHistory) {
  connection_->execute(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
  connection_->execute("INSERT INTO alembic_version VALUES ('abcdef123456')");
  try {
    upgrade_to("head");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "Can't locate revision identified by 'abcdef123456'");
  }
  EXPECT_FALSE(deployment().journal().applied().has_value()) << "something was written";
}

TEST_P(Executor, RefusesToGoOnWhenAnAppliedFileWasEdited) {
  upgrade_to("001_sessions");
  Revision edited = first();
  edited.upgrade.push_back(
      CreateIndex{"sessions", {.name = "idx_x", .parts = {{.column = "updated_at"}}}});
  const auto definition = define({edited, second()});
  try {
    upgrade(deployment_with(definition), "head", "chat", options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::HistoryChanged);
    EXPECT_THAT(error.what(), HasSubstr("001.yaml"));
  }
}

TEST_P(Executor, RefusesADatabaseThatIsNewerThanTheProgram) {
  upgrade_to("head");
  try {
    upgrade(deployment_with(one_), "head", "chat", options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::DatabaseNewer);
    EXPECT_THAT(error.what(), HasSubstr("002_messages"));
  }
}

TEST_P(Executor, RefusesToUpgradeADriftedDatabaseAndNamesTheColumn) {
  upgrade_to("head");
  insert_one_of_each();
  connection_->execute("ALTER TABLE messages DROP COLUMN delivered_at");
  const auto three = define(
      {first(), second(),
       Revision{
           .id = "003_more",
           .down_revisions = {"002_messages"},
           .message = "more",
           .upgrade = {AddColumn{"messages", {.name = "extra", .type = text(), .nullable = true}}},
           .history = "chat",
           .file = "003.yaml"}});
  try {
    upgrade(deployment_with(three), "head", "chat", options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::SchemaDrift);
    EXPECT_THAT(error.what(), HasSubstr("messages.delivered_at"));
    EXPECT_THAT(error.hint(), HasSubstr("parley db repair --module chat"));
  }
  EXPECT_EQ(deployment().live().find_table("messages")->find_column("extra"), nullptr);
}

TEST_P(Executor, RepairAddsTheMissingColumnAndKeepsTheRows) {
  upgrade_to("head");
  insert_one_of_each();
  connection_->execute("ALTER TABLE messages DROP COLUMN delivered_at");
  EXPECT_THAT(repair(deployment(), options_), ElementsAre("Added column messages.delivered_at"));
  EXPECT_THAT(differences_from(two_), IsEmpty());
  EXPECT_EQ(count("messages"), 1);
  EXPECT_THAT(repair(deployment(), options_), IsEmpty());
}

TEST_P(Executor, ChangingAReferredColumnKeepsTheChildrensRowsAndTheUsersTriggers) {
  upgrade_to("head");
  insert_one_of_each();
  const bool has_sqlite_triggers = deployment().dialect().capabilities().name == "sqlite";
  if (has_sqlite_triggers) {
    connection_->execute("CREATE TRIGGER users_own AFTER DELETE ON sessions BEGIN SELECT 1; END");
  }
  Column longer = sessions().columns[0];
  longer.type = string(40);
  const auto three =
      define({first(), second(),
              Revision{.id = "003_longer",
                       .down_revisions = {"002_messages"},
                       .message = "longer ids",
                       .upgrade = {DropForeignKey{"messages", messages().foreign_keys[0]},
                                   AlterColumn{"sessions", longer},
                                   AddForeignKey{"messages", messages().foreign_keys[0]}},
                       .history = "chat",
                       .file = "003.yaml"}});
  upgrade(deployment_with(three), "head", "chat", options_);
  EXPECT_EQ(count("sessions"), 1);
  EXPECT_EQ(count("messages"), 1);
  if (has_sqlite_triggers) {
    EXPECT_EQ(database::query(*connection_, "SELECT 1 FROM sqlite_schema WHERE name = 'users_own'")
                  .size(),
              1U);
    connection_->execute("DROP TRIGGER users_own");  // The revisions do not know it.
  }
  EXPECT_THAT(differences_from(three), IsEmpty());
}

TEST_P(Executor, ChangingAReferredTableLosesNoChild) {
  upgrade_to("head");
  insert_one_of_each();
  Column other_default = sessions().columns[1];
  other_default.nullable = true;
  const auto three = define({first(), second(),
                             Revision{.id = "003_nullable",
                                      .down_revisions = {"002_messages"},
                                      .message = "nullable times",
                                      .upgrade = {AlterColumn{"sessions", other_default}},
                                      .history = "chat",
                                      .file = "003.yaml"}});
  upgrade(deployment_with(three), "head", "chat", options_);
  EXPECT_EQ(count("messages"), 1);
  downgrade(deployment_with(three), "-1", "chat", options_);
  EXPECT_EQ(count("messages"), 1);
  EXPECT_THAT(differences_from(two_), IsEmpty());
}

TEST_P(Executor, RepairAdoptsTablesThatNothingMarks) {
  upgrade_to("head");
  insert_one_of_each();
  for (const char* table :
       {"parley_revisions", "parley_journal", "parley_steps", "parley_lock", "alembic_version"}) {
    connection_->execute(std::string("DROP TABLE ") + table);
  }
  connection_->execute("ALTER TABLE messages DROP COLUMN delivered_at");
  EXPECT_EQ(deployment().state().standing, Standing::Unmarked);
  EXPECT_THAT(repair(deployment(), options_),
              ElementsAre("Added column messages.delivered_at", "Recorded revision 002_messages"));
  EXPECT_THAT(marker(), ElementsAre("002_messages"));
  EXPECT_EQ(count("messages"), 1);
  EXPECT_TRUE(deployment().drift(deployment().state()).is_clean());
}

TEST_P(Executor, StampRefusesASchemaThatIsNotThere) {
  upgrade_to("001_sessions");
  try {
    stamp(deployment(), {.expressions = {"head"}, .history = "chat"}, options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::SchemaDrift);
    EXPECT_THAT(error.what(), HasSubstr("Missing table: messages"));
  }
  EXPECT_THAT(marker(), ElementsAre("001_sessions"));
  stamp(deployment(), {.expressions = {"head"}, .history = "chat", .check = StampCheck::Force},
        options_);
  EXPECT_THAT(marker(), ElementsAre("002_messages"));
}

TEST_P(Executor, AStampIsInTheJournal) {
  upgrade_to("head");
  stamp(deployment(),
        {.expressions = {"001_sessions"}, .history = "chat", .check = StampCheck::Force}, options_);
  const auto entry = deployment().journal().entries().back();
  EXPECT_EQ(entry.action, "stamp");
  EXPECT_EQ(entry.history, "chat");
  EXPECT_EQ(entry.revision, "001_sessions");
  EXPECT_EQ(entry.content, "002_messages -> 001_sessions");
  EXPECT_TRUE(entry.finished_at);
  EXPECT_EQ(deployment().journal().half_done(), std::nullopt);
}

TEST_P(Executor, TheRecordThatIsMadeAloneBeginsTheJournal) {
  ensure_version(deployment(), options_);
  ensure_version(deployment(), options_);
  const auto entries = deployment().journal().entries();
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].action, "ensure_version");
}

/// The two revisions, and a support history with a table that refers to messages.
NamespaceDefinition with_support() {
  NamespaceDefinition definition = define({first(), second()});
  const Table notes{.name = "notes",
                    .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                                {.name = "message_id", .type = integer()}},
                    .primary_key = PrimaryKey{.columns = {"id"}},
                    .foreign_keys = {{.columns = {"message_id"},
                                      .referenced_table = "messages",
                                      .referenced_columns = {"id"}}}};
  definition.histories.push_back({.name = "chat.support", .declared_tables = {notes}});
  definition.graph = History({first(), second(),
                              Revision{.id = "s01_notes",
                                       .depends_on = {"002_messages"},
                                       .message = "notes",
                                       .upgrade = {CreateTable{notes}},
                                       .history = "chat.support",
                                       .file = "s01.yaml"}});
  return definition;
}

TEST_P(Executor, ADowngradeDoesNotLoseRowsOfAnotherHistoryUnasked) {
  const auto definition = with_support();
  upgrade_all(deployment_with(definition), options_);
  insert_one_of_each();
  connection_->execute("INSERT INTO notes (message_id) VALUES (1)");
  try {
    downgrade(deployment_with(definition), "-1", "chat", options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::RefusedForSafety);
    EXPECT_THAT(error.what(), HasSubstr("drop table notes of s01_notes: 1 rows"));
    EXPECT_THAT(error.hint(), HasSubstr("--take-along"));
  }
  EXPECT_EQ(count("notes"), 1);
  EXPECT_THAT(downgrade(deployment_with(definition), "-1", "chat", options_, Others::TakeAlong),
              ElementsAre("s01_notes", "002_messages"));
}

TEST_P(Executor, EmptyTablesOfAnotherHistoryGoAlong) {
  const auto definition = with_support();
  upgrade_all(deployment_with(definition), options_);
  insert_one_of_each();
  EXPECT_THAT(downgrade(deployment_with(definition), "-1", "chat", options_),
              ElementsAre("s01_notes", "002_messages"));
}

/// A history whose second revision fails at its third step.
NamespaceDefinition failing() {
  Revision broken = second();
  broken.upgrade.push_back(
      Execute{.texts = {{.dialect = "", .sql = "INSERT INTO nowhere VALUES (1)"}}});
  return define({first(), broken});
}

TEST_P(Executor, AFailedRevisionIsNeitherRecordedNorLost) {
  const auto definition = failing();
  EXPECT_THROW(upgrade(deployment_with(definition), "head", "chat", options_), Error);
  EXPECT_THAT(marker(), ElementsAre("001_sessions"));
  const bool rolls_back = deployment().dialect().capabilities().transactional_ddl;
  EXPECT_EQ(deployment().live().find_table("messages") == nullptr, rolls_back);
  const auto entry = deployment().journal().entries().back();
  EXPECT_EQ(entry.revision, "002_messages");
  EXPECT_THAT(entry.error.value_or(""), HasSubstr("nowhere"));
}

TEST_P(Executor, RunningAgainFinishesWhatAFailureLeft) {
  const auto definition = failing();
  EXPECT_THROW(upgrade(deployment_with(definition), "head", "chat", options_), Error);
  connection_->execute("CREATE TABLE nowhere (id INTEGER)");
  EXPECT_THAT(upgrade(deployment_with(definition), "head", "chat", options_),
              ElementsAre("002_messages"));
  EXPECT_EQ(count("nowhere"), 1);
  EXPECT_THAT(marker(), ElementsAre("002_messages"));
}

TEST_P(Executor, RowsAreAskedAgainBehindABackfill) {
  upgrade_to("head");
  insert_one_of_each();
  connection_->execute("INSERT INTO messages (session_id, body) VALUES ('s1', 'two')");
  Revision third{
      .id = "003_kind",
      .down_revisions = {"002_messages"},
      .message = "kind",
      .upgrade = {AddColumn{"messages", {.name = "kind", .type = string(9), .nullable = true}},
                  Backfill{.table = "messages",
                           .set = {{.column = "kind", .value = {{"", "'x'"}}}},
                           .where = {{"", "id > 1"}}},
                  AlterColumn{"messages", {.name = "kind", .type = string(9)}}},
      .history = "chat",
      .file = "003.yaml"};
  const auto definition = define({first(), second(), third});
  try {
    upgrade(deployment_with(definition), "head", "chat", options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("NOT NULL of messages.kind fails for 1 row (id 1)"));
  }
  connection_->execute("UPDATE messages SET kind = 'y' WHERE id = 1");
  EXPECT_THAT(upgrade(deployment_with(definition), "head", "chat", options_),
              ElementsAre("003_kind"));
}

TEST_P(Executor, ASecondDeployerIsRefusedAndToldWhoHoldsTheLock) {
  upgrade_to("001_sessions");
  Lock held(*connection_, deployment().journal(), clock_, options_.lock_patience);
  held.write_owner();
  const auto other = database_.connect();
  Deployment second_deployer(*other, two_, clock_);
  try {
    upgrade(second_deployer, "head", "chat", options_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::LockHeld);
    EXPECT_THAT(error.what(), HasSubstr(current_host()));
  }
}

TEST_P(Executor, ALockIsFreeAgainWhenItsConnectionIsGone) {
  upgrade_to("001_sessions");
  {
    const auto doomed = database_.connect();
    Journal journal(*doomed, deployment().dialect());
    ASSERT_TRUE(doomed->try_lock("parley_schema"));
    journal.set_lock_owner(
        {.id = 1, .who = "ghost", .host = "elsewhere", .pid = 1, .taken_at = clock_.now()});
  }
  options_.lock_patience =
      std::chrono::seconds(5);  // A server notices a closed connection a moment later.
  EXPECT_THAT(upgrade(deployment(), "head", "chat", options_), ElementsAre("002_messages"));
}

TEST_P(Executor, DeployersThatStartTogetherMigrateOnce) {
  options_.lock_patience = std::chrono::seconds(30);
  std::vector<std::size_t> done(4);
  std::vector<std::thread> deployers;
  for (std::size_t i = 0; i < done.size(); ++i) {
    deployers.emplace_back([&, i] {
      const auto connection = database_.connect();
      Deployment deployer(*connection, two_, clock_);
      done[i] = upgrade_all(deployer, options_).size();
    });
  }
  for (std::thread& deployer : deployers) deployer.join();
  EXPECT_EQ(done[0] + done[1] + done[2] + done[3], 2U);
  EXPECT_EQ(deployment().journal().entries().size(), 2U);
}

}  // namespace
}  // namespace parley::migrate
