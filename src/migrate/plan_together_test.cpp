#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/plan.h"

namespace parley::migrate {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Schema notes() {
  Table table;
  table.name = "notes";
  table.columns = {{.name = "id", .type = integer()},
                   {.name = "body", .type = text(), .nullable = true}};
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  return {.tables = {table}};
}

std::vector<Change> two_checks() {
  return {AddCheck{"notes", Check{.name = "a", .expression = "id > 0"}},
          AddCheck{"notes", Check{.name = "b", .expression = "id < 9"}},
          DropColumn{"notes", "body"}};
}

TEST(PlanTogether, GivesTheStatementsToTheLastStep) {
  const Plan one = plan(two_checks(), notes(), dialect::sqlite());
  ASSERT_EQ(one.steps.size(), 3U);
  EXPECT_THAT(one.steps[0].statements, IsEmpty());
  EXPECT_THAT(one.steps[0].rebuilt, IsEmpty());
  EXPECT_THAT(one.steps[1].statements, IsEmpty());
  EXPECT_THAT(one.steps[2].statements, Not(IsEmpty()));
  EXPECT_THAT(one.steps[2].rebuilt, ElementsAre("notes"));
  for (const Step& step : one.steps) {
    EXPECT_TRUE(step.needs_foreign_keys_off);
    EXPECT_EQ(step.before, notes());
  }
  EXPECT_EQ(one.steps[0].reason, "add check a to notes");
}

TEST(PlanTogether, LeavesEnginesThatAlterInPlaceAlone) {
  for (const Step& step : plan(two_checks(), notes(), dialect::postgresql()).steps) {
    EXPECT_EQ(step.statements.size(), 1U);
    EXPECT_THAT(step.rebuilt, IsEmpty());
  }
}

}  // namespace
}  // namespace parley::migrate
