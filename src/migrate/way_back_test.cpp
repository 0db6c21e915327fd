#include "migrate/way_back.h"

#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

/// `change: reason` of each loss, `!` in front when there is no way back at all.
std::vector<std::string> losses(const std::string& changes) {
  const auto revision = parse_revision("revision: a1\nupgrade: [" + changes + "]\n", "a1.yaml");
  std::vector<std::string> texts;
  for (const LostOnTheWayBack& each : lost_on_the_way_back(revision)) {
    texts.push_back((each.way_back == WayBack::None ? "!" : "") + each.change + ": " + each.reason);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(WayBack, LosesNothingOfWhatTheSchemaKnows) {
  EXPECT_EQ(losses("add_column: t.c text, drop_index: i on t, alter_enum: e (a), drop_view: v"),
            Texts{});
  EXPECT_EQ(losses("{execute: a, undo: b}"), Texts{});
}

TEST(WayBack, SaysWhichValuesStayLost) {
  EXPECT_EQ(losses("drop_table: t, drop_column: t.c"),
            (Texts{"drop table t: its rows do not come back",
                   "drop column t.c: its values do not come back"}));
  EXPECT_EQ(losses("{alter_enum: e (a), replace: {b: a}}"),
            Texts{"alter enum e: rows keep the value that replaced theirs"});
  EXPECT_EQ(losses("{backfill: t, set: {a: b}}"),
            Texts{"backfill t.a: the columns keep what was set"});
}

TEST(WayBack, EndsAtSqlThatNobodyCanUndo) {
  EXPECT_EQ(losses("execute: vacuum"), Texts{"!run SQL: vacuum: it has no 'undo'"});
}

TEST(WayBack, IsWhatTheFileSaysWhenItSaysOne) {
  const auto revision =
      parse_revision("revision: a1\nupgrade: [drop_table: t]\ndowngrade: []\n", "a1.yaml");
  EXPECT_TRUE(lost_on_the_way_back(revision).empty());
}

}  // namespace
}  // namespace parley::migrate
