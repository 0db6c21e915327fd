#include "dialect/sqlite/stored_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::dialect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(StoredTable, FindsNamesOfConstraintsInlineAndBehind) {
  const StoredTable table = read_stored_table(R"(
      CREATE TABLE t (
        id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT,
        a TEXT CONSTRAINT nn NOT NULL CONSTRAINT uq UNIQUE,
        p INT REFERENCES parent ON DELETE SET NULL,
        "Q x" INT CONSTRAINT fk REFERENCES parent(id),
        CONSTRAINT ck CHECK (a <> ')' AND (p > 1)),
        UNIQUE (a, "Q x" COLLATE nocase),
        CONSTRAINT fk2 FOREIGN KEY (p) REFERENCES parent (id)))");
  EXPECT_EQ(table.primary_key_name, "pk");
  EXPECT_TRUE(table.has_auto_increment);
  EXPECT_THAT(table.uniques, ElementsAre(schema::Unique{.name = "uq", .columns = {"a"}},
                                         schema::Unique{.name = "", .columns = {"a", "Q x"}}));
  EXPECT_THAT(table.checks,
              ElementsAre(schema::Check{.name = "ck", .expression = "a <> ')' AND (p > 1)"}));
  EXPECT_THAT(table.foreign_key_names, ElementsAre("", "fk", "fk2"));
}

TEST(StoredTable, IsNotMisledByCommentsQuotesAndBrackets) {
  const StoredTable table = read_stored_table(
      "CREATE TABLE [a (b] ( -- CHECK (1)\n x TEXT DEFAULT 'a, UNIQUE' /* , y */, [primary key] "
      "INT)");
  EXPECT_THAT(table.uniques, IsEmpty());
  EXPECT_THAT(table.checks, IsEmpty());
  EXPECT_EQ(table.primary_key_name, "");
}

TEST(StoredTable, FindsCollationsAndGeneratedColumns) {
  const StoredTable table = read_stored_table(
      "CREATE TABLE t (a TEXT COLLATE NOCASE, n DECIMAL(10, 2), g INT GENERATED ALWAYS AS (n * (1 "
      "+ 1)) STORED)");
  EXPECT_THAT(table.collations, ElementsAre(Pair("a", "NOCASE")));
  EXPECT_THAT(table.generations, ElementsAre(Pair("g", "n * (1 + 1)")));
}

TEST(StoredIndex, GivesPartsAndCondition) {
  const StoredIndex index = read_stored_index(
      "CREATE UNIQUE INDEX \"i (\" ON t (lower(a), b DESC) WHERE (a IS NOT NULL)");
  EXPECT_THAT(index.parts, ElementsAre("lower(a)", "b"));
  EXPECT_EQ(index.where, "(a IS NOT NULL)");
}

TEST(OnUpdateTrigger, IsKnownByWhatItDoes) {
  EXPECT_TRUE(is_on_update_trigger(
      "CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET a = datetime('now') "
      "WHERE id = NEW.id; END",
      "a"));
  EXPECT_FALSE(is_on_update_trigger(
      "CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET b = CURRENT_TIMESTAMP; END", "a"));
  EXPECT_FALSE(is_on_update_trigger(
      "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = CURRENT_TIMESTAMP; END", "a"));
}

}  // namespace
}  // namespace parley::dialect
