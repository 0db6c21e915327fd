// Views, triggers, enums and everything that columns and indexes can be beside types and names:
// what inspection finds is what normalising promised.

#include "conformance/conformance.h"

namespace parley::test {
namespace {

using namespace schema;

class ObjectRoundTrip : public ConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Engines, ObjectRoundTrip, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

Table numbered(std::string name) {
  Table table;
  table.name = std::move(name);
  table.columns = {column("id", integer()), nullable_column("a", integer()),
                   nullable_column("b", string(20))};
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  return table;
}

SqlTexts body_of(const std::string& statement) {
  return {{.dialect = "postgresql", .sql = "BEGIN\n    " + statement + "\n    RETURN NULL;\nEND"},
          {.dialect = "", .sql = statement}};
}

Trigger trigger_on(const std::string& table, std::string name) {
  Trigger trigger;
  trigger.name = std::move(name);
  trigger.table = table;
  trigger.events.insert = true;
  trigger.body = body_of("INSERT INTO u (id) VALUES (1);");
  return trigger;
}

TEST_P(ObjectRoundTrip, KeepsEnumsOfSeveralColumns) {
  Schema schema;
  schema.enums = {{.name = "size", .values = {"small", "it's big", "", "Größe"}},
                  {.name = "Odd name", .values = {"x"}}};
  Table table = numbered("t");
  Column plain = column("plain", enumeration("size"));
  Column with_default = nullable_column("with_default", enumeration("size"));
  with_default.default_value = "it's big";
  Column empty_default = column("empty_default", enumeration("size"));
  empty_default.default_value = "";
  Column longer = nullable_column("longer", enumeration("Odd name", 40));
  table.columns.insert(table.columns.end(), {plain, with_default, empty_default, longer});
  table.indexes = {index_on("idx_plain", {"plain", "longer"})};
  schema.tables = {table};
  create(schema);
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsTriggersOfEveryTimeAndEvent) {
  Schema schema;
  schema.tables = {numbered("t"), numbered("u")};
  for (const TriggerTime time : {TriggerTime::Before, TriggerTime::After}) {
    for (const TriggerEvents events : {TriggerEvents{.insert = true}, TriggerEvents{.update = true},
                                       TriggerEvents{.remove = true}}) {
      Trigger trigger = trigger_on("t", "tr" + std::to_string(schema.triggers.size()));
      trigger.time = time;
      trigger.events = events;
      schema.triggers.push_back(trigger);
    }
  }
  create(schema);
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsConditionsOfTriggers) {
  if (!capabilities().trigger_when) GTEST_SKIP() << "no WHEN here";
  Schema schema;
  schema.tables = {numbered("t"), numbered("u")};
  const std::vector<std::string> conditions = {
      "NEW.a > OLD.a", "NEW.b IN ('x', 'y') OR NEW.a IS NULL",
      "NOT (OLD.b LIKE 'a%' AND NEW.a + 1 < 5)", "(NEW.b = 'it''s')"};
  for (const std::string& condition : conditions) {
    Trigger trigger = trigger_on("t", "tr" + std::to_string(schema.triggers.size()));
    trigger.events = {.update = true};
    trigger.when = for_all_engines(condition);
    schema.triggers.push_back(trigger);
  }
  create(schema);
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsWhatTriggersFireOn) {
  Schema schema;
  schema.tables = {numbered("t"), numbered("u")};
  if (capabilities().triggers_of_many_events) {
    schema.triggers.push_back(trigger_on("t", "many"));
    schema.triggers.back().events = {.insert = true, .update = true, .remove = true};
  }
  if (capabilities().trigger_update_of) {
    schema.triggers.push_back(trigger_on("t", "of_columns"));
    schema.triggers.back().events = {.update = true};
    schema.triggers.back().update_of = {"b", "a"};
  }
  if (capabilities().statement_triggers) {
    schema.triggers.push_back(trigger_on("t", "once"));
    schema.triggers.back().for_each_statement = true;
  }
  create(schema);
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsViewsAndTheirTriggers) {
  Schema schema;
  schema.tables = {numbered("t"), numbered("u")};
  schema.views = {{.name = "z", .query = for_all_engines("SELECT id, a FROM t")},
                  {.name = "a", .query = for_all_engines("SELECT id FROM z;")}};
  if (capabilities().materialized_views) {
    schema.views.push_back({.name = "kept",
                            .query = for_all_engines("SELECT COUNT(*) AS total FROM a"),
                            .columns = {},
                            .is_materialized = true});
  }
  if (capabilities().instead_of_triggers) {
    schema.triggers = {trigger_on("z", "instead")};
    schema.triggers[0].time = TriggerTime::InsteadOf;
  }
  create(schema);
  expect_expected();
}

TEST_P(ObjectRoundTrip, LeavesOutWhatIsForOtherEngines) {
  Schema schema;
  schema.tables = {numbered("t"), numbered("u")};
  schema.views = {{.name = "v", .query = {{.dialect = "oracle", .sql = "SELECT 1 FROM DUAL"}}}};
  schema.triggers = {trigger_on("t", "elsewhere")};
  schema.triggers[0].body = {{.dialect = "oracle", .sql = "NULL;"}};
  create(schema);
  EXPECT_EQ(found(), expected());
  EXPECT_TRUE(found().views.empty());
  EXPECT_TRUE(found().triggers.empty());
  apply_all({DropTrigger{"t", "elsewhere"}, DropView{"v"}});
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsGeneratedColumns) {
  Table table = numbered("t");
  table.columns[2].nullable = false;
  if (capabilities().stored_generated_columns) {
    Column sum = nullable_column("total", integer());
    sum.generated = Generated{.expression = "(a + id) * 2", .is_stored = true};
    Column name = nullable_column("lowered", string(20));
    name.generated = Generated{.expression = "lower(b)", .is_stored = true};
    name.comment = "for the search";
    table.columns.insert(table.columns.end(), {sum, name});
    table.indexes = {index_on("idx_total", {"total"})};
  }
  if (capabilities().virtual_generated_columns) {
    Column half = nullable_column("half", integer());
    half.generated = Generated{.expression = "a - 1", .is_stored = false};
    table.columns.push_back(half);
  }
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsAllThatAnIndexCanBe) {
  Table table = numbered("t");
  const auto add = [&](IndexPart part) -> Index& {
    Index index;
    index.name = "idx_" + std::to_string(table.indexes.size());
    index.parts = {std::move(part)};
    return table.indexes.emplace_back(std::move(index));
  };
  const IndexPart a{.column = "a"};
  const IndexPart b{.column = "b"};
  if (capabilities().expression_indexes) {
    IndexPart lowered{.column = "", .descending = true, .expression = "lower(b)"};
    add(lowered).parts.push_back(a);
    add(IndexPart{.column = "", .descending = false, .expression = "a + id * 2"}).unique = true;
  }
  if (capabilities().prefix_indexes) {
    IndexPart beginning = b;
    beginning.prefix_length = 7;
    add(a).parts.push_back(beginning);
  }
  if (capabilities().include_columns) add(a).include = {"b", "id"};
  if (capabilities().index_methods) add(b).method = "hash";
  if (capabilities().nulls_order) {
    for (const NullsOrder order : {NullsOrder::Usual, NullsOrder::First, NullsOrder::Last}) {
      for (const bool is_descending : {false, true}) {
        IndexPart part = a;
        part.nulls = order;
        part.descending = is_descending;
        add(part);
      }
    }
  }
  if (capabilities().partial_index) add(a).where = "b IS NOT NULL AND a <> 3";
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsWhenForeignKeysAreChecked) {
  if (!capabilities().deferrable_keys) GTEST_SKIP() << "no deferrable keys here";
  Table child = numbered("child");
  for (const Deferral deferral :
       {Deferral::NotDeferrable, Deferral::InitiallyImmediate, Deferral::InitiallyDeferred}) {
    ForeignKey key;
    key.name = "fk_" + std::to_string(child.foreign_keys.size());
    key.columns = {"a"};
    key.referenced_table = "parent";
    key.referenced_columns = {"id"};
    key.on_delete = ReferenceAction::Cascade;
    key.deferral = deferral;
    child.foreign_keys.push_back(key);
  }
  apply_all({CreateTable{numbered("parent")}, CreateTable{child}});
  EXPECT_EQ(found(), expected());
}

TEST_P(ObjectRoundTrip, KeepsTheOptionsOfTables) {
  Table table = numbered("t");
  table.columns[2].type = text();
  table.is_strict = true;
  table.is_without_rowid = true;
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
  EXPECT_EQ(found().tables[0].is_strict, capabilities().strict_tables);
}

TEST_P(ObjectRoundTrip, KeepsCommentsThatAreSetLater) {
  apply(CreateTable{numbered("t")});
  apply_all({SetComment{"t", "", "it's \\ a table"}, SetComment{"t", "b", "a column"},
             SetComment{"t", "id", "the key"}});
  EXPECT_EQ(found(), expected());
  EXPECT_EQ(found().tables[0].comment.empty(), !capabilities().comments);
  apply_all({SetComment{"t", "", ""}, SetComment{"t", "b", ""}});
  EXPECT_EQ(found(), expected());
}

}  // namespace
}  // namespace parley::test
