// Views, triggers and enums: every change of them, and every change of a table that they hang on.
// The catalogue is what `apply` promises, rows and the work of views and triggers survive, and the
// inverse leads back.

#include <algorithm>

#include "conformance/conformance.h"

namespace parley::test {
namespace {

using namespace schema;
using dialect::Capabilities;

/// `statement` as the body of a trigger, on every engine.
SqlTexts body_of(const std::string& statement, const std::string& returns = "NULL") {
  return {{.dialect = "postgresql",
           .sql = "BEGIN\n    " + statement + "\n    RETURN " + returns + ";\nEND"},
          {.dialect = "", .sql = statement}};
}

View view(std::string name, std::string query) {
  View made;
  made.name = std::move(name);
  made.query = for_all_engines(std::move(query));
  return made;
}

Trigger trigger(std::string name, std::string table, TriggerTime time, TriggerEvents events,
                SqlTexts body) {
  Trigger made;
  made.name = std::move(name);
  made.table = std::move(table);
  made.time = time;
  made.events = events;
  made.body = std::move(body);
  return made;
}

const TriggerEvents kInsert{.insert = true};
const TriggerEvents kUpdate{.update = true};
const TriggerEvents kDelete{.remove = true};

Enum mood() { return {.name = "mood", .values = {"calm", "glad", "sad"}}; }

Table people() {
  Table table;
  table.name = "people";
  table.columns = {column("id", integer()),
                   nullable_column("name", string(40)),
                   nullable_column("nick", string(40)),
                   column("mood", enumeration("mood")),
                   column("level", string(10)),
                   nullable_column("feeling", enumeration("mood")),
                   nullable_column("age", integer()),
                   column("updated_at", datetime())};
  table.columns[0].auto_increment = true;
  table.columns[3].default_value = "calm";
  table.columns[7].default_value = CurrentTimestamp{};
  table.columns[7].on_update_now = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  table.indexes = {index_on("idx_mood", {"mood"})};
  return table;
}

Table counted(std::string name) {
  Table table;
  table.name = std::move(name);
  table.columns = {column("id", integer()), nullable_column("note", string(200))};
  table.columns[0].auto_increment = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  return table;
}

View happy_people() {
  return view("happy_people", "SELECT id, name, mood FROM people WHERE id > 0");
}

Trigger people_added() {
  return trigger("people_added", "people", TriggerTime::After, kInsert,
                 body_of("INSERT INTO log (note) VALUES (NEW.nick);"));
}

Trigger guests_added() {
  return trigger("guests_added", "guests", TriggerTime::InsteadOf, kInsert,
                 body_of("INSERT INTO visits (note) VALUES (NEW.note);", "NEW"));
}

Schema whole(const Capabilities& capabilities) {
  Schema schema;
  schema.enums = {mood(), {.name = "unused", .values = {"x"}}};
  schema.tables = {people(), counted("log"), counted("visits"), counted("spare")};
  schema.views = {happy_people(),
                  view("short_names", "SELECT name FROM happy_people WHERE id < 10"),
                  view("guests", "SELECT id, note FROM log")};
  schema.triggers = {people_added(),
                     trigger("people_changed", "people", TriggerTime::Before, kUpdate,
                             body_of("INSERT INTO log (note) VALUES (OLD.nick);", "NEW")),
                     trigger("spare_added", "spare", TriggerTime::After, kInsert,
                             body_of("INSERT INTO log (note) VALUES ('spare');"))};
  if (capabilities.instead_of_triggers) schema.triggers.push_back(guests_added());
  return schema;
}

std::vector<ChangeCase> view_cases() {
  View named = view("called", "SELECT name, mood FROM people");
  named.columns = {"who", "how"};
  View kept = view("kept", "SELECT mood, COUNT(*) AS total FROM people GROUP BY mood");
  kept.is_materialized = true;
  View names_kept = view("short_names", "SELECT name FROM happy_people");
  names_kept.is_materialized = true;
  View other_columns = view("happy_people", "SELECT name, id, level FROM people");
  return {
      {"CreateView", CreateView{view("names", "SELECT name FROM people ORDER BY name")}},
      {"CreateViewNamingColumns", CreateView{named}},
      {"CreateViewOnView",
       CreateView{view("one", "SELECT name FROM short_names WHERE name = 'A'")}},
      {"CreateViewMaterialized", CreateView{kept}, &Capabilities::materialized_views},
      {"DropView", DropView{"short_names"}},
      {"DropViewWithItsTriggers", DropView{"guests"}},
      {"ReplaceView", ReplaceView{view("short_names", "SELECT name FROM happy_people")}},
      {"ReplaceViewUnderAnother",
       ReplaceView{view("happy_people", "SELECT id, name, mood FROM people")}},
      {"ReplaceViewByMoreColumns",
       ReplaceView{view("happy_people", "SELECT id, name, mood, nick FROM people")}},
      {"ReplaceViewByOtherColumns", ReplaceView{other_columns}},
      {"ReplaceViewWithTrigger",
       ReplaceView{view("guests", "SELECT note, id FROM log WHERE id > 0")}},
      {"ReplaceViewByMaterialized", ReplaceView{names_kept}, &Capabilities::materialized_views},
  };
}

std::vector<ChangeCase> trigger_cases() {
  const SqlTexts body = body_of("INSERT INTO log (note) VALUES ('x');");
  const SqlTexts new_body = body_of("INSERT INTO log (note) VALUES (NEW.nick);", "NEW");
  Trigger conditional = trigger("named", "people", TriggerTime::After, kUpdate, body);
  conditional.when = for_all_engines("NEW.nick <> 'z' AND OLD.age IS NULL");
  Trigger of_columns = trigger("graded", "people", TriggerTime::After, kUpdate, body);
  of_columns.update_of = {"level", "age"};
  const Trigger on_any = trigger("touched", "people", TriggerTime::After,
                                 {.insert = true, .update = true, .remove = true}, body);
  Trigger once = trigger("once", "people", TriggerTime::After, kDelete, body);
  once.for_each_statement = true;
  Trigger other_event = people_added();
  other_event.time = TriggerTime::Before;
  other_event.body = new_body;
  Trigger other_body = people_added();
  other_body.body = body;
  return {
      {"CreateTriggerAfterDelete",
       CreateTrigger{trigger("gone", "people", TriggerTime::After, kDelete, body)}},
      {"CreateTriggerBeforeInsert",
       CreateTrigger{trigger("coming", "people", TriggerTime::Before, kInsert, new_body)}},
      {"CreateTriggerWithCondition", CreateTrigger{conditional}, &Capabilities::trigger_when},
      {"CreateTriggerOfColumns", CreateTrigger{of_columns}, &Capabilities::trigger_update_of},
      {"CreateTriggerOnAnyEvent", CreateTrigger{on_any}, &Capabilities::triggers_of_many_events},
      {"CreateTriggerForEachStatement", CreateTrigger{once}, &Capabilities::statement_triggers},
      {"CreateTriggerInsteadOf",
       CreateTrigger{trigger("removed", "guests", TriggerTime::InsteadOf, kDelete,
                             body_of("DELETE FROM visits WHERE id = OLD.id;", "OLD"))},
       &Capabilities::instead_of_triggers},
      {"DropTrigger", DropTrigger{"people", "people_added"}},
      {"DropTriggerOfView", DropTrigger{"guests", "guests_added"},
       &Capabilities::instead_of_triggers},
      {"ReplaceTriggerByAnotherBody", ReplaceTrigger{other_body}},
      {"ReplaceTriggerByAnotherTime", ReplaceTrigger{other_event}},
  };
}

std::vector<ChangeCase> enum_cases() {
  const auto alter = [](std::vector<std::string> values, std::vector<ValueMapping> renamed,
                        std::vector<ValueMapping> replaced) {
    return AlterEnum{
        {.name = "mood", .values = std::move(values)}, std::move(renamed), std::move(replaced)};
  };
  Column graded = *people().find_column("level");
  graded.type = enumeration("mood");
  Column of_enum = column("temper", enumeration("mood"));
  of_enum.default_value = "glad";
  return {
      {"CreateEnum", CreateEnum{{.name = "size", .values = {"small", "it's big"}}}},
      {"DropEnum", DropEnum{"unused"}},
      {"AlterEnumByAddition", alter({"calm", "glad", "sad", "extraordinarily angry"}, {}, {})},
      {"AlterEnumByAdditionsInFront", alter({"low", "calm", "mid", "glad", "sad"}, {}, {})},
      {"AlterEnumByName", alter({"calm", "merry", "sad"}, {{"glad", "merry"}}, {})},
      {"AlterEnumByNameOfDefault", alter({"quiet", "glad", "sad"}, {{"calm", "quiet"}}, {})},
      {"AlterEnumByOrder", alter({"sad", "glad", "calm"}, {}, {})},
      {"AlterEnumByNameAndAddition",
       alter({"new", "calm", "merry", "sad"}, {{"glad", "merry"}}, {})},
      {"AlterEnumByRemoval", alter({"calm", "sad"}, {}, {{"glad", "calm"}})},
      {"AlterEnumUnused", AlterEnum{{.name = "unused", .values = {"y"}}, {{"x", "y"}}, {}}},
      {"AddColumnOfEnum", AddColumn{"people", of_enum}},
      {"AlterColumnToEnum", AlterColumn{"people", graded}},
      {"DropColumnOfEnum", DropColumn{"people", "feeling"}},
  };
}

std::vector<ChangeCase> table_cases() {
  Column longer = *people().find_column("name");
  longer.type = text();
  Column nick = *people().find_column("nick");
  nick.type = string(99);
  nick.default_value = "nobody";
  Column added = nullable_column("extra", datetime());
  added.default_value = CurrentTimestamp{};
  return {
      {"RenameTableOfViewAndTrigger", RenameTable{"people", "persons"}},
      {"RenameTableThatTriggersWrite", RenameTable{"log", "journal"}},
      {"RenameColumnOfTrigger", RenameColumn{"people", "nick", "alias"}},
      {"AlterColumnOfView", AlterColumn{"people", longer}},
      {"AlterColumnOfTrigger", AlterColumn{"people", nick}},
      {"AddColumnToTableOfView", AddColumn{"people", added}},
      {"DropColumnOfTableOfView", DropColumn{"people", "age"}},
      {"DropTableWithItsTriggers", DropTable{"spare"}},
  };
}

}  // namespace

std::vector<ChangeCase> object_change_cases() {
  std::vector<ChangeCase> cases;
  for (auto& more : {view_cases(), trigger_cases(), enum_cases(), table_cases()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

namespace {

class ObjectChange : public ConformanceTest {
 protected:
  void SetUp() override {
    create(whole(capabilities()));
    execute("INSERT INTO people (name, nick, mood, level) VALUES ('A', 'a', 'sad', 'sad')");
    execute("INSERT INTO people (name, nick, level) VALUES ('B', 'b', 'calm')");
  }

  void apply_and_return(const Change& change) {
    const Schema before = found();
    const auto way_back = inverse(change, state());
    apply(change);
    expect_expected();
    expect_work();
    apply_all(way_back);
    EXPECT_EQ(by_column_name(found()), by_column_name(before));
    expect_expected();
    expect_work();
  }

  /// An insert is seen by the view and written down by the trigger; then all is as before.
  void expect_work() {
    const std::string people = state().find_table("people") != nullptr ? "people" : "persons";
    const std::string log = state().find_table("log") != nullptr ? "log" : "journal";
    const bool has_nick = state().find_table(people)->find_column("nick") != nullptr;
    EXPECT_EQ(value("SELECT COUNT(*) FROM " + people), "2");
    EXPECT_EQ(value("SELECT COUNT(*) FROM happy_people"), "2");
    execute("DELETE FROM " + log);
    execute("INSERT INTO " + people + " (name, " + (has_nick ? "nick" : "alias") +
            ", level) VALUES ('C', 'logged', 'calm')");
    EXPECT_EQ(value("SELECT COUNT(*) FROM happy_people"), "3");
    if (state().find_trigger(people, "people_added") != nullptr) {
      EXPECT_NE(value("SELECT COUNT(*) FROM " + log), "0");
    }
    execute("DELETE FROM " + people + " WHERE name = 'C'");
  }

 private:
  static Schema by_column_name(Schema schema) {
    for (Table& table : schema.tables) std::ranges::sort(table.columns, {}, &Column::name);
    return schema;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ObjectChange, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ObjectChange, EveryAlternativeAndBack) {
  for (const ChangeCase& change_case : object_change_cases()) {
    SCOPED_TRACE(change_case.name);
    if (!can_do(capabilities(), change_case)) continue;
    apply_and_return(change_case.change);
    if (HasFailure()) return;
  }
}

TEST_P(ObjectChange, RowsFollowTheValuesOfTheirEnum) {
  apply(AlterEnum{{.name = "mood", .values = {"new", "calm", "gloomy"}},
                  {{"sad", "gloomy"}},
                  {{"glad", "calm"}}});
  expect_expected();
  EXPECT_EQ(value("SELECT mood FROM people WHERE name = 'A'"), "gloomy");
  EXPECT_EQ(value("SELECT mood FROM people WHERE name = 'B'"), "calm");
  apply(AlterEnum{{.name = "mood", .values = {"calm"}}, {}, {{"gloomy", "calm"}, {"new", "calm"}}});
  expect_expected();
  EXPECT_EQ(value("SELECT mood FROM people WHERE name = 'A'"), "calm");
  EXPECT_EQ(value("SELECT mood FROM happy_people WHERE name = 'A'"), "calm");
}

TEST_P(ObjectChange, AnEnumTakesItsValuesAndNoOthers) {
  execute("UPDATE people SET mood = 'glad' WHERE name = 'A'");
  EXPECT_ANY_THROW(execute("UPDATE people SET mood = 'furious' WHERE name = 'A'"));
  apply(AlterEnum{{.name = "mood", .values = {"calm", "glad", "furious", "sad"}}, {}, {}});
  execute("UPDATE people SET mood = 'furious' WHERE name = 'A'");
  EXPECT_ANY_THROW(execute("UPDATE people SET mood = 'glum' WHERE name = 'A'"));
}

TEST_P(ObjectChange, AValueThatRowsHoldIsNotRemovedWithoutAMapping) {
  EXPECT_ANY_THROW(apply(AlterEnum{{.name = "mood", .values = {"calm", "glad"}}, {}, {}}));
  EXPECT_EQ(value("SELECT mood FROM people WHERE name = 'A'"), "sad");
}

TEST_P(ObjectChange, ViewShowsWhatItsNewQuerySays) {
  apply(ReplaceView{view("happy_people", "SELECT name, id FROM people WHERE name = 'B'")});
  EXPECT_EQ(value("SELECT name FROM happy_people"), "B");
  EXPECT_EQ(value("SELECT name FROM short_names"), "B");
}

TEST_P(ObjectChange, ViewNamesItsColumns) {
  View called = view("called", "SELECT name, id FROM people");
  called.columns = {"who", "number"};
  apply(CreateView{called});
  EXPECT_EQ(value("SELECT who FROM called WHERE number = 2"), "B");
}

TEST_P(ObjectChange, TriggerIsReplaced) {
  Trigger other = people_added();
  other.body = body_of("INSERT INTO log (note) VALUES ('other');");
  apply(ReplaceTrigger{other});
  execute("DELETE FROM log");
  execute("INSERT INTO people (name, level) VALUES ('C', 'x')");
  EXPECT_EQ(value("SELECT note FROM log"), "other");
  apply(DropTrigger{"people", "people_added"});
  execute("DELETE FROM log");
  execute("INSERT INTO people (name, level) VALUES ('D', 'x')");
  EXPECT_EQ(value("SELECT COUNT(*) FROM log"), "0");
}

TEST_P(ObjectChange, TriggersOfViewsStandInForThem) {
  if (!capabilities().instead_of_triggers) GTEST_SKIP() << "no INSTEAD OF triggers here";
  apply(ReplaceView{view("guests", "SELECT note, id FROM log")});
  execute("INSERT INTO guests (note) VALUES ('ann')");
  EXPECT_EQ(value("SELECT note FROM visits"), "ann");
}

TEST_P(ObjectChange, ConditionOfATriggerDecides) {
  if (!capabilities().trigger_when) GTEST_SKIP() << "no WHEN here";
  Trigger conditional = trigger("named", "people", TriggerTime::After, kInsert,
                                body_of("INSERT INTO log (note) VALUES ('named');"));
  conditional.when = for_all_engines("NEW.nick = 'yes'");
  apply_all({DropTrigger{"people", "people_added"}, CreateTrigger{conditional}});
  execute("DELETE FROM log");
  execute("INSERT INTO people (nick, level) VALUES ('no', 'x')");
  EXPECT_EQ(value("SELECT COUNT(*) FROM log"), "0");
  execute("INSERT INTO people (nick, level) VALUES ('yes', 'x')");
  EXPECT_EQ(value("SELECT note FROM log"), "named");
}

TEST_P(ObjectChange, BackfillSetsTheRowsOfItsCondition) {
  apply(Backfill{"people",
                 {{.column = "age", .value = for_all_engines("id * 10")},
                  {.column = "nick", .value = for_all_engines("'filled'")}},
                 for_all_engines("name = 'B' OR name = 'Z'")});
  EXPECT_EQ(value("SELECT COUNT(*) FROM people WHERE age IS NULL"), "1");
  EXPECT_EQ(value("SELECT age FROM people WHERE nick = 'filled'"), "20");
  expect_expected();
}

}  // namespace
}  // namespace parley::test
