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

Column required(std::string name, Type type) {
  return {.name = std::move(name), .type = std::move(type)};
}
Column optional(std::string name, Type type) {
  return {.name = std::move(name), .type = std::move(type), .nullable = true};
}

Table notes() {
  Table table;
  table.name = "notes";
  table.columns = {required("id", integer()), optional("body", text()),
                   optional("state", enumeration("state"))};
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  return table;
}

Schema base() {
  return {.tables = {notes()}, .enums = {{.name = "state", .values = {"on", "off"}}}};
}

Trigger audit() {
  return {.name = "audit",
          .table = "notes",
          .time = TriggerTime::After,
          .events = {.insert = true},
          .body = {{.dialect = "", .sql = "SELECT 1;"}}};
}

View seen() { return {.name = "seen", .query = {{.dialect = "", .sql = "SELECT id FROM notes"}}}; }

std::vector<std::string> rendered(const Change& change, const Schema& before = base()) {
  std::vector<std::string> statements;
  for (const std::string& statement : sqlite().render(change, before)) {
    statements.push_back(collapse_white_space(statement));
  }
  return statements;
}

std::string refusal(const Change& change, const Schema& before = base()) {
  try {
    (void)sqlite().render(change, before);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::UnsupportedChange);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "not refused";
}

TEST(SqliteRender, WritesAnEnumAsACheck) {
  Table table = notes();
  table.name = "more";
  EXPECT_THAT(rendered(CreateTable{table}).front(),
              HasSubstr("state VARCHAR(3), PRIMARY KEY (id), CONSTRAINT enum_state__more_state "
                        "CHECK (state IN ('on', 'off')) )"));
  EXPECT_THAT(rendered(AddColumn{"notes", optional("old", enumeration("state", 9))}),
              ElementsAre("ALTER TABLE notes ADD COLUMN old VARCHAR(9) CONSTRAINT "
                          "enum_state__notes_old CHECK (old IN ('on', 'off'))"));
}

TEST(SqliteRender, MapsRowsOfAnAlteredEnumWhileItCopies) {
  const AlterEnum change{.enumeration = {.name = "state", .values = {"up", "off"}},
                         .renamed = {{"on", "up"}}};
  const auto statements = rendered(change);
  ASSERT_GT(statements.size(), 2U);
  EXPECT_EQ(statements[1],
            "INSERT INTO parley_new_notes (id, body, state) SELECT id, body, CASE state WHEN 'on' "
            "THEN 'up' ELSE state END FROM notes NOT INDEXED");
  EXPECT_THAT(sqlite().rebuilt_tables(change, base()), ElementsAre("notes"));
  EXPECT_THAT(rendered(CreateEnum{{.name = "e", .values = {"a"}}}), IsEmpty());
}

TEST(SqliteRender, WritesTheOptionsOfATable) {
  Table table = notes();
  table.name = "more";
  table.is_strict = table.is_without_rowid = true;
  table.columns.push_back(optional("ratio", double_number()));
  table.columns.push_back(optional("flag", boolean()));
  EXPECT_THAT(rendered(CreateTable{table}).front(),
              HasSubstr("ratio REAL, flag INTEGER, PRIMARY KEY (id), CONSTRAINT "
                        "enum_state__more_state CHECK (state IN ('on', 'off')) ) STRICT, WITHOUT "
                        "ROWID"));
}

TEST(SqliteRender, WritesViewsAndTriggers) {
  View view = seen();
  view.columns = {"The Id"};
  EXPECT_THAT(rendered(CreateView{view}),
              ElementsAre("CREATE VIEW seen (\"The Id\") AS SELECT id FROM notes"));
  Trigger trigger = audit();
  trigger.events = {.update = true};
  trigger.update_of = {"body"};
  trigger.when = {{.dialect = "", .sql = "NEW.id > 1"}};
  EXPECT_THAT(rendered(CreateTrigger{trigger}),
              ElementsAre("CREATE TRIGGER audit AFTER UPDATE OF body ON notes FOR EACH ROW WHEN "
                          "(NEW.id > 1) BEGIN SELECT 1; END"));
}

TEST(SqliteRender, MakesTheTriggersOfAReplacedViewAgain) {
  Schema before = base();
  before.views = {seen()};
  Trigger trigger = audit();
  trigger.table = "seen";
  trigger.time = TriggerTime::InsteadOf;
  before.triggers = {trigger};
  View view = seen();
  view.query.front().sql = "SELECT body FROM notes";
  EXPECT_THAT(rendered(ReplaceView{view}, before),
              ElementsAre("DROP VIEW seen", "CREATE VIEW seen AS SELECT body FROM notes",
                          "CREATE TRIGGER audit INSTEAD OF INSERT ON seen FOR EACH ROW BEGIN "
                          "SELECT 1; END"));
}

TEST(SqliteRender, LeavesOutWhatIsMeantForOthers) {
  View view = seen();
  view.query.front().dialect = "postgresql";
  EXPECT_THAT(rendered(CreateView{view}), IsEmpty());
  Schema before = base();
  before.views = {view};
  EXPECT_THAT(rendered(DropView{"seen"}, before), IsEmpty());
  Trigger trigger = audit();
  trigger.for_each_statement = true;
  trigger.body.front().dialect = "mysql";
  EXPECT_THAT(rendered(CreateTrigger{trigger}), IsEmpty());
}

TEST(SqliteRender, KeepsTheStoredTextOfATriggerOnlyWhileItIsTrue) {
  Schema before = base();
  Trigger trigger = audit();
  trigger.stored_sql = {"CREATE TRIGGER Audit /* why */ AFTER INSERT ON NOTES BEGIN Select 1; END"};
  trigger.name = "Audit";
  before.triggers = {trigger};
  const Change change = AddCheck{"notes", Check{.name = "ck", .expression = "id > 0"}};
  EXPECT_EQ(rendered(change, before).back(), trigger.stored_sql.text);
  before.triggers[0].body.front().sql = "SELECT 2;";
  EXPECT_EQ(rendered(change, before).back(),
            "CREATE TRIGGER \"Audit\" AFTER INSERT ON notes FOR EACH ROW BEGIN SELECT 2; END");
}

TEST(SqliteRender, RenamesAnIndexByMakingItAgain) {
  Schema before = base();
  before.tables[0].indexes = {
      {.name = "i", .parts = {{.expression = "lower(body)"}}, .unique = true, .where = "id > 0"}};
  EXPECT_THAT(
      rendered(RenameIndex{"notes", "i", "j"}, before),
      ElementsAre("DROP INDEX i", "CREATE UNIQUE INDEX j ON notes ((lower(body))) WHERE id > 0"));
}

TEST(SqliteRender, WritesOneTriggerForAllColumnsThatMove) {
  Table table = notes();
  table.name = "more";
  for (const char* name : {"seen_at", "Changed"}) {
    Column column = optional(name, datetime());
    column.on_update_now = true;
    table.columns.push_back(column);
  }
  EXPECT_EQ(rendered(CreateTable{table}).back(),
            "CREATE TRIGGER trg_more_seen_at AFTER UPDATE ON more FOR EACH ROW WHEN NEW.seen_at IS "
            "OLD.seen_at AND NEW.seen_at IS NOT CURRENT_TIMESTAMP OR NEW.\"Changed\" IS "
            "OLD.\"Changed\" AND NEW.\"Changed\" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE more SET "
            "seen_at = CASE WHEN NEW.seen_at IS OLD.seen_at THEN CURRENT_TIMESTAMP ELSE seen_at "
            "END, \"Changed\" = CASE WHEN NEW.\"Changed\" IS OLD.\"Changed\" THEN "
            "CURRENT_TIMESTAMP ELSE \"Changed\" END WHERE rowid = NEW.rowid; END");
}

TEST(SqliteRender, RefusesWhatAnIndexCannotBe) {
  const auto index_refusal = [](Index index) {
    index.name = "i";
    if (index.parts.empty()) index.parts = {{.column = "body"}};
    return refusal(CreateIndex{"notes", index});
  };
  EXPECT_THAT(index_refusal({.method = "gin"}), HasSubstr("only B-tree indexes"));
  EXPECT_THAT(index_refusal({.include = {"state"}}), HasSubstr("included columns"));
  EXPECT_THAT(index_refusal({.parts = {{.column = "body", .operator_class = "text_ops"}}}),
              HasSubstr("operator classes"));
  EXPECT_THAT(index_refusal({.parts = {{.column = "body", .nulls = NullsOrder::Last}}}),
              HasSubstr("NULLS"));
  EXPECT_THAT(index_refusal({.parts = {{.column = "body", .prefix_length = 3}}, .unique = true}),
              HasSubstr("prefixes"));
  EXPECT_EQ(index_refusal({.parts = {{.column = "body", .prefix_length = 3}}, .method = "BTREE"}),
            "not refused");
  EXPECT_EQ(index_refusal({.parts = {{.column = "body", .nulls = NullsOrder::First}}}),
            "not refused");
}

TEST(SqliteRender, RefusesWhatATableCannotBe) {
  Table table = notes();
  table.name = "more";
  table.is_without_rowid = true;
  table.primary_key.reset();
  EXPECT_THAT(refusal(CreateTable{table}), HasSubstr("has none"));
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  table.columns[0].auto_increment = true;
  EXPECT_THAT(refusal(CreateTable{table}), HasSubstr("WITHOUT ROWID"));
  table = notes();
  table.name = "more";
  table.is_strict = true;
  table.columns.push_back(optional("price", decimal(10, 2)));
  EXPECT_THAT(refusal(CreateTable{table}), HasSubstr("'more.price': DECIMAL(10, 2)"));
  Column collated = optional("c", text());
  collated.collation = "utf8mb4_bin";
  EXPECT_THAT(refusal(AddColumn{"notes", collated}), HasSubstr("collation 'utf8mb4_bin'"));
  EXPECT_THAT(refusal(SetTableOptions{"notes", false, true}), "not refused");
}

TEST(SqliteRender, RefusesWhatViewsAndTriggersCannotBe) {
  View view = seen();
  view.is_materialized = true;
  EXPECT_THAT(refusal(CreateView{view}), HasSubstr("materialized"));
  Trigger trigger = audit();
  trigger.for_each_statement = true;
  EXPECT_THAT(refusal(CreateTrigger{trigger}), HasSubstr("for each row"));
  trigger = audit();
  trigger.events.remove = true;
  EXPECT_THAT(refusal(CreateTrigger{trigger}), HasSubstr("on one event"));
  trigger = audit();
  trigger.time = TriggerTime::InsteadOf;
  EXPECT_THAT(refusal(CreateTrigger{trigger}), HasSubstr("'notes' is a table"));
  Schema before = base();
  Table other = notes();
  other.name = "other";
  before.tables.push_back(other);
  trigger = audit();
  trigger.table = "other";
  before.triggers = {trigger};
  EXPECT_THAT(refusal(CreateTrigger{audit()}, before), HasSubstr("is a trigger of 'other'"));
}

TEST(SqliteRender, RefusesARebuildThatWouldLoseSomething) {
  Schema before = base();
  before.tables[0].unmodelled = {"ON CONFLICT REPLACE"};
  EXPECT_THAT(refusal(AddCheck{"notes", Check{.name = "ck", .expression = "id > 0"}}, before),
              HasSubstr("ON CONFLICT REPLACE"));
  EXPECT_EQ(refusal(AddColumn{"notes", optional("c", text())}, before), "not refused");
}

TEST(SqliteNormalize, PicksTheTextOfSqliteInOneSpelling) {
  Schema schema = base();
  schema.views = {{.name = "v",
                   .query = {{.dialect = "", .sql = "SELECT 2"},
                             {.dialect = "sqlite", .sql = "Select  \"id\"\nFROM Notes;"}}},
                  {.name = "elsewhere", .query = {{.dialect = "mysql", .sql = "SELECT 1"}}}};
  Trigger trigger = audit();
  trigger.when = {{.dialect = "", .sql = "(NEW.id  > 1)"}};
  trigger.body = {{.dialect = "sqlite", .sql = "SELECT 1 ;"}};
  Trigger on_elsewhere = audit();
  on_elsewhere.table = "elsewhere";
  schema.triggers = {trigger, on_elsewhere};
  const Schema normal = sqlite().normalize(schema);
  ASSERT_EQ(normal.views.size(), 1U);
  EXPECT_EQ(normal.views[0].query, (SqlTexts{{.dialect = "", .sql = "select id from notes"}}));
  ASSERT_EQ(normal.triggers.size(), 1U);
  EXPECT_EQ(normal.triggers[0].when, (SqlTexts{{.dialect = "", .sql = "new.id > 1"}}));
  EXPECT_EQ(normal.triggers[0].body, (SqlTexts{{.dialect = "", .sql = "select 1;"}}));
  EXPECT_EQ(sqlite().normalize(normal), normal);
}

}  // namespace
}  // namespace parley::dialect
