#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Column make_column(std::string name, Type type, bool nullable, std::optional<Default> value = {}) {
  Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  column.nullable = nullable;
  column.default_value = std::move(value);
  return column;
}

Column required(std::string name, Type type, std::optional<Default> value = {}) {
  return make_column(std::move(name), std::move(type), false, std::move(value));
}
Column optional(std::string name, Type type, std::optional<Default> value = {}) {
  return make_column(std::move(name), std::move(type), true, std::move(value));
}

Index index_on(std::string name, std::vector<std::string> columns) {
  Index index;
  index.name = std::move(name);
  for (std::string& column : columns) index.parts.push_back({.column = std::move(column)});
  return index;
}

Table sessions() {
  Table table;
  table.name = "live_agent_sessions";
  table.columns = {required("id", string(36)),
                   required("tenant_domain", string(255)),
                   required("user_account", string(255)),
                   optional("user_name", string(255)),
                   optional("assigned_agent_id", integer()),
                   optional("assigned_agent_name", string(255)),
                   optional("status", string(20), "pending"),
                   required("created_at", datetime(), CurrentTimestamp{}),
                   required("updated_at", datetime(), CurrentTimestamp{}),
                   optional("last_message_at", datetime()),
                   optional("unread_count_user", integer(), Number{"0"}),
                   optional("unread_count_agent", integer(), Number{"0"}),
                   optional("metadata", json())};
  table.find_column("updated_at")->on_update_now = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  table.indexes = {index_on("idx_tenant_domain", {"tenant_domain"}),
                   index_on("idx_user_account", {"user_account"}),
                   index_on("idx_status", {"status"}),
                   index_on("idx_assigned_agent", {"assigned_agent_id"})};
  return table;
}

Table messages() {
  Table table;
  table.name = "live_agent_messages";
  table.columns = {required("id", integer()),
                   required("session_id", string(36)),
                   required("sender_type", string(10)),
                   optional("sender_id", string(255)),
                   optional("sender_name", string(255)),
                   required("message_text", text()),
                   required("created_at", datetime(), CurrentTimestamp{}),
                   optional("read_by_user", boolean(), false),
                   optional("read_by_agent", boolean(), false),
                   optional("delivered_at", datetime()),
                   optional("read_at", datetime()),
                   optional("message_metadata", json())};
  table.find_column("id")->auto_increment = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  ForeignKey key;
  key.columns = {"session_id"};
  key.referenced_table = "live_agent_sessions";
  key.referenced_columns = {"id"};
  key.on_delete = ReferenceAction::Cascade;
  table.foreign_keys = {key};
  table.indexes = {index_on("idx_session_id", {"session_id"}),
                   index_on("idx_created_at", {"created_at"})};
  return table;
}

std::vector<std::string> rendered(const Dialect& dialect, const Change& change,
                                  const Schema& before = {}) {
  std::vector<std::string> statements;
  for (const std::string& statement : dialect.render(change, before)) {
    statements.push_back(collapse_white_space(statement));
  }
  return statements;
}

std::string golden(std::string_view sql) { return collapse_white_space(sql); }

const char* const kSessionsOfSource001 = R"(
  CREATE TABLE live_agent_sessions (
    id VARCHAR(36) NOT NULL,
    tenant_domain VARCHAR(255) NOT NULL,
    user_account VARCHAR(255) NOT NULL,
    user_name VARCHAR(255),
    assigned_agent_id INTEGER,
    assigned_agent_name VARCHAR(255),
    status VARCHAR(20) DEFAULT 'pending',
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP NOT NULL,
    last_message_at DATETIME,
    unread_count_user INTEGER DEFAULT 0,
    unread_count_agent INTEGER DEFAULT 0,
    metadata JSON,
    PRIMARY KEY (id)
  ))";

const char* const kMessagesOfSource001 = R"(
  CREATE TABLE live_agent_messages (
    id INTEGER NOT NULL AUTO_INCREMENT,
    session_id VARCHAR(36) NOT NULL,
    sender_type VARCHAR(10) NOT NULL,
    sender_id VARCHAR(255),
    sender_name VARCHAR(255),
    message_text TEXT NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    read_by_user BOOLEAN DEFAULT 0,
    read_by_agent BOOLEAN DEFAULT 0,
    delivered_at DATETIME,
    read_at DATETIME,
    message_metadata JSON,
    PRIMARY KEY (id),
    FOREIGN KEY (session_id) REFERENCES live_agent_sessions(id) ON DELETE CASCADE
  ))";

class MysqlFamily : public testing::TestWithParam<const Dialect*> {};
INSTANTIATE_TEST_SUITE_P(Render, MysqlFamily, testing::Values(&mysql(), &mariadb()),
                         [](const auto& tested) { return tested.param->capabilities().name; });

TEST_P(MysqlFamily, GivesTheSessionsOfSource001) {
  EXPECT_THAT(
      rendered(*GetParam(), CreateTable{sessions()}),
      ElementsAre(golden(kSessionsOfSource001),
                  "CREATE INDEX idx_tenant_domain ON live_agent_sessions (tenant_domain)",
                  "CREATE INDEX idx_user_account ON live_agent_sessions (user_account)",
                  "CREATE INDEX idx_status ON live_agent_sessions (status)",
                  "CREATE INDEX idx_assigned_agent ON live_agent_sessions (assigned_agent_id)"));
}

TEST_P(MysqlFamily, GivesTheMessagesOfSource001) {
  EXPECT_THAT(rendered(*GetParam(), CreateTable{messages()}),
              ElementsAre(golden(kMessagesOfSource001),
                          "CREATE INDEX idx_session_id ON live_agent_messages (session_id)",
                          "CREATE INDEX idx_created_at ON live_agent_messages (created_at)"));
}

TEST(SqliteRender, GivesTheSessionsWithATriggerForUpdatedAt) {
  const auto statements = rendered(sqlite(), CreateTable{sessions()});
  ASSERT_EQ(statements.size(), 6U);
  EXPECT_THAT(statements[0], HasSubstr("updated_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL"));
  EXPECT_THAT(statements[0], HasSubstr("metadata JSON, PRIMARY KEY (id) )"));
  EXPECT_EQ(statements[5],
            "CREATE TRIGGER trg_live_agent_sessions_updated_at AFTER UPDATE ON live_agent_sessions "
            "FOR EACH ROW "
            "WHEN NEW.updated_at IS OLD.updated_at AND NEW.updated_at IS NOT CURRENT_TIMESTAMP "
            "BEGIN UPDATE "
            "live_agent_sessions SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid; END");
}

TEST(SqliteRender, CountsUpInline) {
  const auto statements = rendered(sqlite(), CreateTable{messages()});
  EXPECT_THAT(
      statements[0],
      HasSubstr("( id INTEGER PRIMARY KEY AUTOINCREMENT, session_id VARCHAR(36) NOT NULL,"));
  EXPECT_THAT(statements[0], HasSubstr("read_by_user BOOLEAN DEFAULT 0,"));
  EXPECT_THAT(
      statements[0],
      HasSubstr(
          "message_metadata JSON, FOREIGN KEY (session_id) REFERENCES live_agent_sessions(id) "
          "ON DELETE CASCADE )"));
}

TEST(PostgresqlRender, GivesTheSessionsWithATriggerForUpdatedAt) {
  const auto statements = rendered(postgresql(), CreateTable{sessions()});
  ASSERT_EQ(statements.size(), 7U);
  EXPECT_THAT(statements[0], HasSubstr("updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL"));
  EXPECT_THAT(statements[0], HasSubstr("metadata JSONB, PRIMARY KEY (id) )"));
  EXPECT_THAT(statements[5],
              HasSubstr("CREATE FUNCTION trg_live_agent_sessions_updated_at() RETURNS trigger"));
  EXPECT_THAT(
      statements[6],
      HasSubstr("BEFORE UPDATE ON live_agent_sessions FOR EACH ROW WHEN (NEW.updated_at IS NOT "
                "DISTINCT FROM OLD.updated_at) EXECUTE PROCEDURE"));
}

TEST(PostgresqlRender, CountsUpByIdentity) {
  const auto statements = rendered(postgresql(), CreateTable{messages()});
  EXPECT_THAT(statements[0], HasSubstr("id INTEGER GENERATED BY DEFAULT AS IDENTITY NOT NULL,"));
  EXPECT_THAT(statements[0], HasSubstr("read_by_user BOOLEAN DEFAULT FALSE,"));
}

TEST(PostgresqlRender, DropsTheFunctionWithTheTable) {
  EXPECT_THAT(rendered(postgresql(), DropTable{"live_agent_sessions"}, Schema{{sessions()}}),
              ElementsAre("DROP TABLE live_agent_sessions",
                          "DROP FUNCTION IF EXISTS trg_live_agent_sessions_updated_at()"));
}

TEST(PostgresqlRender, RenamesWhatItNamedItself) {
  EXPECT_THAT(
      rendered(postgresql(), RenameTable{"live_agent_messages", "notes"},
               Schema{{sessions(), messages()}}),
      ElementsAre("ALTER TABLE live_agent_messages RENAME TO notes",
                  "ALTER TABLE notes RENAME CONSTRAINT live_agent_messages_pkey TO notes_pkey",
                  "ALTER TABLE notes RENAME CONSTRAINT live_agent_messages_session_id_fkey TO "
                  "notes_session_id_fkey"));
}

Schema with_mood() {
  Schema schema;
  schema.enums = {{.name = "mood", .values = {"calm", "glad", "sad"}}};
  Table table;
  table.name = "people";
  table.columns = {required("id", integer()), required("mood", enumeration("mood"), "sad"),
                   optional("name", string(40))};
  table.checks = {{.name = "ck", .expression = "mood <> 'glad'"}};
  schema.tables = {table};
  schema.views = {{.name = "moods", .query = {{.dialect = "", .sql = "SELECT mood FROM people"}}},
                  {.name = "names", .query = {{.dialect = "", .sql = "SELECT name FROM people;"}}},
                  {.name = "all_moods", .query = {{.dialect = "", .sql = "SELECT * FROM moods"}}}};
  return schema;
}

Trigger noting(std::string body) {
  Trigger trigger;
  trigger.name = "noted";
  trigger.table = "people";
  trigger.events = {.insert = true, .update = true};
  trigger.update_of = {"name"};
  trigger.when = {{.dialect = "", .sql = "NEW.id > 1"}};
  trigger.body = {{.dialect = "postgresql", .sql = std::move(body)}};
  return trigger;
}

TEST(PostgresqlRender, AddsAndRenamesEnumValuesInPlace) {
  const AlterEnum change{{.name = "mood", .values = {"low", "calm", "mid", "merry", "sad", "it's"}},
                         {{"glad", "merry"}},
                         {}};
  EXPECT_THAT(rendered(postgresql(), change, with_mood()),
              ElementsAre("ALTER TYPE mood RENAME VALUE 'glad' TO 'merry'",
                          "ALTER TYPE mood ADD VALUE 'low' BEFORE 'calm'",
                          "ALTER TYPE mood ADD VALUE 'mid' AFTER 'calm'",
                          "ALTER TYPE mood ADD VALUE 'it''s'"));
}

TEST(PostgresqlRender, RemovesEnumValuesByANewType) {
  const AlterEnum change{{.name = "mood", .values = {"calm", "glad"}}, {}, {{"sad", "calm"}}};
  EXPECT_THAT(
      rendered(postgresql(), change, with_mood()),
      ElementsAre("DROP VIEW all_moods", "DROP VIEW moods", "ALTER TABLE people DROP CONSTRAINT ck",
                  "ALTER TYPE mood RENAME TO parley_old_mood",
                  "CREATE TYPE mood AS ENUM ('calm', 'glad')",
                  "ALTER TABLE people ALTER COLUMN mood DROP DEFAULT, ALTER COLUMN mood TYPE mood "
                  "USING (CASE mood::TEXT WHEN 'sad' THEN 'calm' ELSE mood::TEXT END)::mood, "
                  "ALTER COLUMN mood SET DEFAULT 'calm'",
                  "DROP TYPE parley_old_mood",
                  "ALTER TABLE people ADD CONSTRAINT ck CHECK (mood <> 'glad')",
                  "CREATE VIEW moods AS SELECT mood FROM people",
                  "CREATE VIEW all_moods AS SELECT * FROM moods"));
}

TEST(PostgresqlRender, TakesViewsOutOfTheWayOfANewType) {
  EXPECT_THAT(rendered(postgresql(), AlterColumn{"people", optional("name", text())}, with_mood()),
              ElementsAre("DROP VIEW names",
                          "ALTER TABLE people ALTER COLUMN name TYPE TEXT USING name::TEXT",
                          "CREATE VIEW names AS SELECT name FROM people"));
  EXPECT_THAT(
      rendered(postgresql(), AlterColumn{"people", required("name", string(40))}, with_mood()),
      ElementsAre("ALTER TABLE people ALTER COLUMN name SET NOT NULL"));
}

TEST(PostgresqlRender, RefusesToCutTexts) {
  EXPECT_THAT(rendered(postgresql(), AlterColumn{"people", optional("name", string(5))},
                       Schema{with_mood().tables, {}, {}, with_mood().enums}),
              ElementsAre("ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(5) USING name::TEXT"));
}

TEST(PostgresqlRender, KeepsAViewWhereItsColumnsAllowAndRemakesItElsewhere) {
  const View other{.name = "moods", .query = {{.dialect = "", .sql = "SELECT id FROM people"}}};
  EXPECT_THAT(rendered(postgresql(), ReplaceView{other}, with_mood()),
              ElementsAre("DO $$ #variable_conflict use_column BEGIN CREATE OR REPLACE VIEW moods "
                          "AS SELECT id FROM people; EXCEPTION WHEN invalid_table_definition THEN "
                          "DROP VIEW all_moods; DROP VIEW moods; CREATE VIEW moods AS SELECT id "
                          "FROM people; CREATE VIEW all_moods AS SELECT * FROM moods; END $$"));
}

TEST(PostgresqlRender, PutsTheBodyOfATriggerIntoItsFunction) {
  EXPECT_THAT(
      rendered(postgresql(), CreateTrigger{noting("BEGIN RETURN $$x$$; END;")}, with_mood()),
      ElementsAre("CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $body0$ "
                  "BEGIN RETURN $$x$$; END $body0$",
                  "CREATE TRIGGER noted AFTER INSERT OR UPDATE OF name ON people FOR EACH ROW WHEN "
                  "(NEW.id > 1) EXECUTE FUNCTION noted()"));
  EXPECT_THAT(
      rendered(postgresql(), CreateTrigger{noting("EXECUTE FUNCTION audit('a')")}, with_mood()),
      ElementsAre("CREATE TRIGGER noted AFTER INSERT OR UPDATE OF name ON people FOR EACH "
                  "ROW WHEN (NEW.id > 1) EXECUTE FUNCTION audit('a')"));
}

TEST(PostgresqlRender, ReplacesOnlyTheFunctionWhenOnlyTheBodyChanges) {
  Schema before = with_mood();
  before.triggers = {noting("BEGIN RETURN NEW; END")};
  EXPECT_THAT(rendered(postgresql(), ReplaceTrigger{noting("BEGIN RETURN NULL; END")}, before),
              ElementsAre("CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS "
                          "$$ BEGIN RETURN NULL; END $$"));
  EXPECT_THAT(rendered(postgresql(), DropTrigger{"people", "noted"}, before),
              ElementsAre("DROP TRIGGER noted ON people", "DROP FUNCTION noted()"));
}

TEST(PostgresqlRender, SetsCommentsAndFillsColumns) {
  EXPECT_THAT(rendered(postgresql(), SetComment{"people", "", "it's"}, with_mood()),
              ElementsAre("COMMENT ON TABLE people IS 'it''s'"));
  EXPECT_THAT(rendered(postgresql(), SetComment{"people", "name", ""}, with_mood()),
              ElementsAre("COMMENT ON COLUMN people.name IS NULL"));
  const Backfill change{"people",
                        {{.column = "name", .value = {{.dialect = "", .sql = "'x'"}}}},
                        {{.dialect = "", .sql = "name IS NULL"}}};
  EXPECT_THAT(rendered(postgresql(), change, with_mood()),
              ElementsAre("UPDATE people SET name = 'x' WHERE name IS NULL"));
}

TEST(Render, QuotesWhatIsReservedOrNotPlain) {
  EXPECT_EQ(sqlite().quote("order"), "\"order\"");
  EXPECT_EQ(postgresql().quote("User"), "\"User\"");
  EXPECT_EQ(mysql().quote("rank"), "`rank`");
  EXPECT_EQ(mysql().quote("a`b"), "`a``b`");
  EXPECT_EQ(postgresql().quote("2fa"), "\"2fa\"");
  for (const Dialect* dialect : {&sqlite(), &postgresql(), &mysql(), &mariadb()}) {
    EXPECT_EQ(dialect->quote("created_at"), "created_at");
    EXPECT_EQ(dialect->quote("status"), "status");
    EXPECT_EQ(dialect->quote("metadata"), "metadata");
  }
}

TEST(Render, EscapesStringsAsTheEngineReadsThem) {
  EXPECT_EQ(sqlite().literal("it's \\"), "'it''s \\'");
  EXPECT_EQ(mysql().literal("it's \\"), "'it''s \\\\'");
}

TEST(SqliteRender, AddsAPlainColumnInPlace) {
  EXPECT_THAT(rendered(sqlite(), AddColumn{"live_agent_messages", optional("note", text(), "x")},
                       Schema{{messages()}}),
              ElementsAre("ALTER TABLE live_agent_messages ADD COLUMN note TEXT DEFAULT 'x'"));
}

TEST(SqliteRender, RebuildsForAColumnThatDefaultsToNow) {
  const Schema before{{sessions(), messages()}};
  const Change change =
      AddColumn{"live_agent_messages", required("seen_at", datetime(), CurrentTimestamp{})};
  const auto statements = rendered(sqlite(), change, before);
  EXPECT_THAT(statements.front(), HasSubstr("CREATE TABLE parley_new_live_agent_messages ("));
  EXPECT_THAT(statements, testing::Contains("DROP TABLE live_agent_messages"));
  EXPECT_THAT(statements,
              testing::Contains("CREATE INDEX idx_session_id ON live_agent_messages (session_id)"));
  EXPECT_TRUE(sqlite().needs_foreign_keys_off(change, before));
  EXPECT_FALSE(postgresql().needs_foreign_keys_off(change, before));
}

TEST(MysqlRender, MakesDefaultsOfTextExpressions) {
  EXPECT_THAT(rendered(mysql(), AddColumn{"t", optional("note", text(), "x")}),
              ElementsAre("ALTER TABLE t ADD COLUMN note TEXT DEFAULT ('x')"));
}

TEST(MysqlRender, KeepsAsManyDigitsInTheDefaultAsInTheColumn) {
  Type precise = datetime();
  precise.precision = 6;
  EXPECT_THAT(rendered(mysql(), AddColumn{"t", optional("at", precise, CurrentTimestamp{})}),
              ElementsAre("ALTER TABLE t ADD COLUMN at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6)"));
}

TEST(MysqlRender, DropsChecksInItsOwnWords) {
  EXPECT_THAT(rendered(mysql(), DropCheck{"t", "ck"}), ElementsAre("ALTER TABLE t DROP CHECK ck"));
  EXPECT_THAT(rendered(mariadb(), DropCheck{"t", "ck"}),
              ElementsAre("ALTER TABLE t DROP CONSTRAINT ck"));
}

TEST(MysqlRender, LooksUpTheNameOfAForeignKeyThatTheServerNamed) {
  const auto statements =
      rendered(mysql(), DropForeignKey{"live_agent_messages", messages().foreign_keys.front()},
               Schema{{sessions(), messages()}});
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_THAT(statements[0], HasSubstr("information_schema.KEY_COLUMN_USAGE"));
  EXPECT_THAT(statements[0], HasSubstr("EXECUTE parley_statement"));
}

TEST(Render, PicksTheTextOfTheDialectForExecute) {
  const Execute change{
      .texts = {{.dialect = "mysql", .sql = "SELECT 1;\n"}, {.dialect = "", .sql = "SELECT 2"}}};
  EXPECT_THAT(rendered(mysql(), change), ElementsAre("SELECT 1"));
  EXPECT_THAT(rendered(mariadb(), change), ElementsAre("SELECT 1"));
  EXPECT_THAT(rendered(sqlite(), change), ElementsAre("SELECT 2"));
  const Execute elsewhere{.texts = {{.dialect = "sqlite", .sql = "VACUUM"}}};
  EXPECT_THAT(rendered(postgresql(), elsewhere), IsEmpty());
}

/// The message with which the dialect refuses the change.
std::string refusal(const Dialect& dialect, const Change& change, const Schema& before = {}) {
  try {
    (void)dialect.render(change, before);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::UnsupportedChange);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "not refused";
}

TEST_P(MysqlFamily, RefusesVarcharWithoutLength) {
  EXPECT_THAT(refusal(*GetParam(), AddColumn{"t", optional("a", string(0))}),
              HasSubstr("without a length"));
}

TEST_P(MysqlFamily, RefusesAKeyOnText) {
  EXPECT_THAT(
      refusal(*GetParam(), CreateIndex{"live_agent_messages", index_on("i", {"message_text"})},
              Schema{{messages()}}),
      HasSubstr("without a prefix length"));
}

TEST_P(MysqlFamily, RefusesToSetNullWhereNullIsNotAllowed) {
  Table table = messages();
  table.foreign_keys.front().on_delete = ReferenceAction::SetNull;
  EXPECT_THAT(refusal(*GetParam(), CreateTable{table}), HasSubstr("is NOT NULL"));
}

TEST_P(MysqlFamily, RefusesPartialIndexes) {
  Index index = index_on("i", {"sender_type"});
  index.where = "read_at IS NULL";
  EXPECT_THAT(refusal(*GetParam(), CreateIndex{"live_agent_messages", index}, Schema{{messages()}}),
              HasSubstr("partial"));
}

TEST(PostgresqlRender, RefusesWhatTheEngineLacks) {
  const Schema before = with_mood();
  const auto refused = [&](const Change& change) { return refusal(postgresql(), change, before); };
  Column computed = optional("c", integer());
  computed.generated = Generated{.expression = "id + 1", .is_stored = false};
  EXPECT_THAT(refused(AddColumn{"people", computed}), HasSubstr("computed when it is read"));
  Index beginning = index_on("i", {"name"});
  beginning.parts[0].prefix_length = 3;
  EXPECT_THAT(refused(CreateIndex{"people", beginning}), HasSubstr("beginning of a column"));
  Index fulltext = index_on("i", {"name"});
  fulltext.method = "fulltext";
  EXPECT_THAT(refused(CreateIndex{"people", fulltext}), HasSubstr("'fulltext'"));
  Trigger on_view = noting("BEGIN RETURN NEW; END");
  on_view.table = "names";
  EXPECT_THAT(refused(CreateTrigger{on_view}), HasSubstr("only INSTEAD OF"));
  const Enum long_value{.name = "e", .values = {std::string(64, 'x')}};
  EXPECT_THAT(refused(CreateEnum{long_value}), HasSubstr("64 bytes"));
}

TEST(PostgresqlRender, RefusesTwoBodiesForOneFunction) {
  Schema before = with_mood();
  before.triggers = {noting("BEGIN RETURN NEW; END")};
  Trigger other = noting("BEGIN RETURN NULL; END");
  other.name = "other";
  other.function = "noted";
  EXPECT_THAT(refusal(postgresql(), CreateTrigger{other}, before), HasSubstr("another body"));
}

TEST(PostgresqlRender, RefusesToChangeWhatAGeneratedColumnStandsOn) {
  Schema before = with_mood();
  Column stored = optional("shout", text());
  stored.generated = Generated{.expression = "upper(name)", .is_stored = true};
  before.tables[0].columns.push_back(stored);
  before.views.clear();
  EXPECT_THAT(refusal(postgresql(), AlterColumn{"people", optional("name", text())}, before),
              HasSubstr("generated from column 'name'"));
  stored.generated->expression = "lower(name)";
  EXPECT_THAT(refusal(postgresql(), AlterColumn{"people", stored}, before),
              HasSubstr("another generation expression"));
}

TEST(SqliteRender, RefusesToCountUpBesideAnotherKeyColumn) {
  Table table = messages();
  table.primary_key->columns = {"id", "session_id"};
  EXPECT_THAT(refusal(sqlite(), CreateTable{table}), HasSubstr("whole primary key"));
}

TEST(Dialects, AreFoundByName) {
  EXPECT_EQ(&dialect_named("mariadb"), &mariadb());
  EXPECT_THROW((void)dialect_named("oracle"), Error);
}

}  // namespace
}  // namespace parley::dialect
