#include "dialect/sqlite/stored_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::dialect {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;

Table table_of(std::vector<std::string> columns) {
  Table table;
  table.name = "t";
  for (std::string& name : columns) table.columns.push_back({.name = std::move(name)});
  return table;
}

TEST(StoredIndex, GivesPartsAndCondition) {
  const Index index = read_stored_index(
      "CREATE UNIQUE INDEX \"i (\" ON t (lower(a), (B) DESC, a COLLATE NoCase ASC, "
      "a || \"x\" COLLATE rtrim DESC) WHERE (a IS NOT NULL)",
      table_of({"A", "b"}));
  EXPECT_EQ(index,
            (Index{.name = "i (",
                   .parts = {{.expression = "lower(a)"},
                             {.column = "b", .descending = true},
                             {.column = "A", .collation = "nocase"},
                             {.descending = true, .expression = "a || 'x'", .collation = "rtrim"}},
                   .unique = true,
                   .where = "(a IS NOT NULL)"}));
}

TEST(StoredIndex, TakesNoColumnForAString) {
  const Index index =
      read_stored_index("CREATE INDEX IF NOT EXISTS main.i ON t (\"gone\")", table_of({"a"}));
  EXPECT_EQ(index.name, "i");
  EXPECT_EQ(index.parts, std::vector{IndexPart{.expression = "'gone'"}});
}

TEST(StoredView, GivesColumnsAndQueryAsWritten) {
  const View view =
      read_stored_view("CREATE VIEW \"v as\" (a, [B c]) AS\n  SELECT 1 AS x, /* two */ 2 -- end");
  EXPECT_EQ(view.name, "v as");
  EXPECT_THAT(view.columns, ElementsAre("a", "B c"));
  EXPECT_EQ(view.query.front().sql, "SELECT 1 AS x, /* two */ 2 -- end");
  EXPECT_EQ(read_stored_view("CREATE VIEW v AS VALUES (1)").query.front().sql, "VALUES (1)");
}

TEST(StoredTrigger, GivesAllItsParts) {
  const std::string sql =
      "CREATE TRIGGER \"Tr\" AFTER UPDATE OF a, [b c] ON main.T FOR EACH ROW\n"
      "WHEN (CASE WHEN NEW.a THEN 1 END) BEGIN\n  UPDATE x SET y = CASE 1 WHEN 2 THEN 3 END; "
      "-- end\n  DELETE FROM z;\nEND";
  const Trigger trigger = read_stored_trigger(sql);
  EXPECT_EQ(trigger.name, "Tr");
  EXPECT_EQ(trigger.table, "T");
  EXPECT_EQ(trigger.time, TriggerTime::After);
  EXPECT_EQ(trigger.events, (TriggerEvents{.update = true}));
  EXPECT_THAT(trigger.update_of, ElementsAre("a", "b c"));
  EXPECT_EQ(trigger.when.front().sql, "CASE WHEN NEW.a THEN 1 END");
  EXPECT_EQ(trigger.body.front().sql,
            "UPDATE x SET y = CASE 1 WHEN 2 THEN 3 END; -- end\n  DELETE FROM z;");
  EXPECT_EQ(trigger.stored_sql.text, sql);
}

TEST(StoredTrigger, IsBeforeWhenNothingIsSaid) {
  const Trigger trigger = read_stored_trigger("CREATE TRIGGER a DELETE ON b BEGIN SELECT 1; END");
  EXPECT_EQ(trigger.time, TriggerTime::Before);
  EXPECT_EQ(trigger.events, (TriggerEvents{.remove = true}));
  EXPECT_THAT(trigger.when, IsEmpty());
  EXPECT_EQ(read_stored_trigger("CREATE TRIGGER a INSTEAD OF INSERT ON b BEGIN SELECT 1; END").time,
            TriggerTime::InsteadOf);
}

std::vector<std::string> set_to_now(const std::string& sql) {
  return columns_set_to_now(read_stored_trigger(sql));
}

TEST(OnUpdateTrigger, IsKnownByWhatItDoes) {
  EXPECT_THAT(set_to_now("CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET a = "
                         "datetime('now') WHERE id = NEW.id; END"),
              ElementsAre("a"));
  EXPECT_THAT(set_to_now("CREATE TRIGGER x AFTER UPDATE ON T WHEN NEW.\"A\" IS OLD.a BEGIN UPDATE "
                         "t SET A = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid; END"),
              ElementsAre("A"));
  EXPECT_THAT(
      set_to_now("CREATE TRIGGER x AFTER UPDATE ON t WHEN NEW.a IS OLD.a AND NEW.a IS NOT "
                 "CURRENT_TIMESTAMP OR NEW.b IS OLD.b AND NEW.b IS NOT CURRENT_TIMESTAMP BEGIN "
                 "UPDATE t SET a = CASE WHEN NEW.a IS OLD.a THEN CURRENT_TIMESTAMP ELSE a END, b = "
                 "CASE WHEN NEW.b IS OLD.b THEN CURRENT_TIMESTAMP ELSE b END WHERE k = NEW.k AND l "
                 "= NEW.l; END"),
      ElementsAre("a", "b"));
}

TEST(OnUpdateTrigger, IsNoTriggerThatDoesMoreOrLess) {
  const std::string head = "CREATE TRIGGER x AFTER UPDATE ON t ";
  const std::string set = "BEGIN UPDATE t SET a = CURRENT_TIMESTAMP ";
  EXPECT_THAT(set_to_now(head + set + "; END"), IsEmpty());
  EXPECT_THAT(set_to_now(head + set + ", n = n + 1 WHERE id = NEW.id; END"), IsEmpty());
  EXPECT_THAT(set_to_now(head + set + "WHERE id = NEW.id OR 1; END"), IsEmpty());
  EXPECT_THAT(set_to_now(head + set + "WHERE id = NEW.id; DELETE FROM log; END"), IsEmpty());
  EXPECT_THAT(set_to_now(head + "WHEN NEW.b <> OLD.b " + set + "WHERE id = NEW.id; END"),
              IsEmpty());
  EXPECT_THAT(
      set_to_now("CREATE TRIGGER x AFTER UPDATE OF b ON t " + set + "WHERE id = NEW.id; END"),
      IsEmpty());
  EXPECT_THAT(set_to_now("CREATE TRIGGER x AFTER INSERT ON t " + set + "WHERE id = NEW.id; END"),
              IsEmpty());
  EXPECT_THAT(set_to_now("CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE u SET a = "
                         "CURRENT_TIMESTAMP WHERE id = NEW.id; END"),
              IsEmpty());
}

}  // namespace
}  // namespace parley::dialect
