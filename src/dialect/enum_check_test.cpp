#include "dialect/enum_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using namespace schema;

Schema with_check(std::string name, std::string expression) {
  Table table;
  table.name = "notes";
  table.columns = {{.name = "state", .type = string(6)}};
  table.checks = {{.name = std::move(name), .expression = std::move(expression)}};
  return Schema{.tables = {table}};
}

Schema recognized(std::string name, std::string expression) {
  Schema schema = with_check(std::move(name), std::move(expression));
  recognize_enums(schema, sqlite_style());
  return schema;
}

TEST(EnumCheck, IsTextWithAListAndComesBack) {
  Schema schema{.enums = {{.name = "state", .values = {"queued", "it's"}}}};
  Table table;
  table.name = "notes";
  table.columns = {{.name = "Now", .type = enumeration("state")}};
  const Table stored = with_enum_checks(table, schema, sqlite_style());
  EXPECT_EQ(stored.columns[0].type, string(6));
  EXPECT_EQ(stored.checks[0].name, "enum_state__notes_Now");
  EXPECT_EQ(stored.checks[0].expression, "\"Now\" IN ('queued', 'it''s')");

  Schema found{.tables = {stored}};
  recognize_enums(found, sqlite_style());
  EXPECT_EQ(found.tables[0].columns[0].type, enumeration("state", 6));
  EXPECT_TRUE(found.tables[0].checks.empty());
  EXPECT_EQ(found.enums, schema.enums);
}

TEST(EnumCheck, IsKnownInTheWordsOfTheEngines) {
  for (const char* condition : {"`state` in (_utf8mb4'a',_utf8mb4'b')", "(STATE IN ('a', 'b'))"}) {
    const Schema schema = recognized("enum_e__notes_state", condition);
    ASSERT_EQ(schema.enums.size(), 1U) << condition;
    EXPECT_THAT(schema.enums[0].values, testing::ElementsAre("a", "b"));
  }
  EXPECT_EQ(recognized("enum_e__notes_state", "state = 'only'").enums.size(), 1U);
}

TEST(EnumCheck, IsKnownUnderTheNamesOfBeforeARename) {
  EXPECT_EQ(recognized("enum_e__old_name", "state IN ('a', 'b')").enums[0].name, "e");
}

TEST(EnumCheck, KeepsAnEnumsNameWithTwoUnderscores) {
  EXPECT_EQ(recognized("enum_a__b__notes_state", "state IN ('a')").enums[0].name, "a__b");
}

TEST(EnumCheck, IsNoCheckThatSaysSomethingElse) {
  for (const char* condition :
       {"state IN ('a') AND 1", "state IN ('a') OR state = 'b'", "other IN ('a')", "state <> 'a'",
        "state IN (1, 2)", "state IN ()", "state = 'a' || 'b'"}) {
    EXPECT_TRUE(recognized("enum_e__notes_state", condition).enums.empty()) << condition;
  }
  EXPECT_TRUE(recognized("check_e__notes_state", "state IN ('a')").enums.empty());
  EXPECT_TRUE(recognized("enum___notes_state", "state IN ('a')").enums.empty());
}

TEST(EnumCheck, OfTwoThatDifferTheSecondHasDrifted) {
  Schema schema = with_check("enum_e__notes_state", "state IN ('a', 'b')");
  schema.tables.push_back(schema.tables[0]);
  schema.tables[1].name = "more";
  schema.tables[1].checks[0] = {.name = "enum_e__more_state", .expression = "state IN ('a')"};
  recognize_enums(schema, sqlite_style());
  EXPECT_EQ(schema.tables[0].columns[0].type.kind, TypeKind::Enum);
  EXPECT_EQ(schema.tables[1].columns[0].type.kind, TypeKind::String);
  EXPECT_EQ(schema.tables[1].checks.size(), 1U);
}

}  // namespace
}  // namespace parley::dialect
