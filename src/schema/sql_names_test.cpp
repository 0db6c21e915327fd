#include "schema/sql_names.h"

#include <gtest/gtest.h>

namespace parley::schema {
namespace {

TEST(ColumnMention, IsAWholeWordOutsideLiterals) {
  EXPECT_TRUE(mentions_column("age >= 18", "age"));
  EXPECT_TRUE(mentions_column("18 <= age", "age"));
  EXPECT_TRUE(mentions_column("\"age\" > 1 OR `x` > 1", "x"));
  EXPECT_TRUE(mentions_column("größe > 1", "größe"));
  EXPECT_FALSE(mentions_column("page >= 18 AND age_max < 3", "age"));
  EXPECT_FALSE(mentions_column("kind = 'age'", "age"));
  EXPECT_FALSE(mentions_column("kind = 'it''s age'", "age"));
  EXPECT_FALSE(mentions_column("", "age"));
}

TEST(ColumnMention, IsNoFunctionOfThatName) {
  EXPECT_FALSE(mentions_column("length (name) > 0", "length"));
  EXPECT_TRUE(mentions_column("length(length) > 0", "length"));
  EXPECT_TRUE(mentions_column("status IN ('a')", "status"));
}

TEST(ColumnRename, ReplacesEveryMentionAndNothingElse) {
  EXPECT_EQ(rename_column_in("age > 1 AND (\"age\" < 9 OR page = 'age') AND age(age) > 0", "age",
                             "years"),
            "years > 1 AND (\"years\" < 9 OR page = 'age') AND age(years) > 0");
}

TEST(ColumnRename, SurvivesALiteralWithoutItsEnd) {
  EXPECT_EQ(rename_column_in("a = 'a", "a", "b"), "b = 'a");
}

}  // namespace
}  // namespace parley::schema
