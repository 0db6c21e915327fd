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
  ASSERT_EQ(table.foreign_keys.size(), 3U);
  EXPECT_EQ(table.foreign_keys[0].name, "");
  EXPECT_EQ(table.foreign_keys[1].name, "fk");
  EXPECT_EQ(table.foreign_keys[2].name, "fk2");
  EXPECT_THAT(table.unmodelled, ElementsAre("COLLATE in UNIQUE"));
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

TEST(StoredTable, FindsWhenForeignKeysAreChecked) {
  const StoredTable table = read_stored_table(R"(CREATE TABLE t (
      a INT REFERENCES p DEFERRABLE INITIALLY DEFERRED,
      b INT REFERENCES p ON DELETE CASCADE DEFERRABLE,
      c INT REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED,
      d INT REFERENCES p))");
  ASSERT_EQ(table.foreign_keys.size(), 4U);
  EXPECT_EQ(table.foreign_keys[0].deferral, schema::Deferral::InitiallyDeferred);
  EXPECT_EQ(table.foreign_keys[1].deferral, schema::Deferral::InitiallyImmediate);
  EXPECT_EQ(table.foreign_keys[2].deferral, schema::Deferral::NotDeferrable);
  EXPECT_EQ(table.foreign_keys[3].deferral, schema::Deferral::NotDeferrable);
}

TEST(StoredTable, TellsWhatTheModelHasNoWordFor) {
  EXPECT_THAT(read_stored_table("CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE, b INT, "
                                "PRIMARY KEY (a DESC), UNIQUE (b) ON CONFLICT ABORT)")
                  .unmodelled,
              ElementsAre("ON CONFLICT IGNORE", "DESC in PRIMARY KEY"));
  EXPECT_THAT(read_stored_table("CREATE TABLE t (a INT PRIMARY KEY DESC)").unmodelled,
              ElementsAre("DESC in PRIMARY KEY"));
  EXPECT_TRUE(read_stored_table("CREATE TABLE t (a INTEGER, PRIMARY KEY (a AUTOINCREMENT))")
                  .has_auto_increment);
}

schema::Table table_of(std::vector<std::string> columns) {
  schema::Table table;
  table.name = "Things";
  for (std::string& name : columns) table.columns.push_back({.name = std::move(name)});
  return table;
}

TEST(PlainExpression, TakesTheTablesOwnNameAway) {
  const schema::Table table = table_of({"a", "b"});
  EXPECT_EQ(plain_expression("things.a > 0 AND \"THINGS\" . b = 'things.a'", table),
            "a > 0 AND b = 'things.a'");
  EXPECT_EQ(plain_expression("other.a > 0", table), "other.a > 0");
}

TEST(PlainExpression, MakesStringsOfDoubleQuotesAroundNoColumn) {
  const schema::Table table = table_of({"a", "B"});
  EXPECT_EQ(plain_expression("a IN (\"x\", \"it's\", \"b\") COLLATE \"nocase\"", table),
            "a IN ('x', 'it''s', \"b\") COLLATE \"nocase\"");
}

TEST(PlainDefault, IsAStringWhenItIsAName) {
  EXPECT_EQ(plain_default("\"x\""), "'x'");
  EXPECT_EQ(plain_default("Pending"), "'Pending'");
  EXPECT_EQ(plain_default("CURRENT_DATE"), "CURRENT_DATE");
  EXPECT_EQ(plain_default("NULL"), "NULL");
  EXPECT_EQ(plain_default("-1"), "-1");
  EXPECT_EQ(plain_default("(x)"), "(x)");
}

}  // namespace
}  // namespace parley::dialect
