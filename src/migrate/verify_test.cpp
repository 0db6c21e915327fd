#include "migrate/verify.h"

#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

using namespace schema;

Schema wanted() {
  return dialect::sqlite().normalize(
      Schema{{Table{.name = "t",
                    .columns = {{.name = "id", .type = integer()},
                                {.name = "name", .type = text(), .nullable = true}},
                    .primary_key = PrimaryKey{.columns = {"id"}},
                    .indexes = {{.name = "idx_name", .parts = {{.column = "name"}}}}}}});
}

/// The one difference between what `edit` makes of the wanted schema and the wanted schema.
template <class Edit>
Difference only_difference(Edit edit) {
  Schema live = wanted();
  edit(live);
  const auto report = compare(live, wanted(), dialect::sqlite());
  EXPECT_EQ(report.differences.size(), 1U);
  return report.differences.empty() ? Difference{} : report.differences.front();
}

TEST(Verify, FindsNothingBetweenEquals) {
  EXPECT_TRUE(compare(wanted(), wanted(), dialect::sqlite()).differences.empty());
}

TEST(Verify, AMissingTableIsMissing) {
  const auto report = compare({}, wanted(), dialect::sqlite());
  ASSERT_FALSE(report.differences.empty());
  EXPECT_EQ(report.differences[0].level, Level::Missing);
  EXPECT_EQ(report.differences[0].object, "table t");
}

TEST(Verify, AMissingColumnIsMissingAndCanBeAdded) {
  Schema live = wanted();
  live.tables[0].columns.pop_back();
  live.tables[0].indexes.clear();
  const auto report = compare(live, wanted(), dialect::sqlite());
  ASSERT_EQ(report.differences.size(), 2U);
  EXPECT_EQ(report.differences[0].object, "t.name");
  EXPECT_TRUE(std::holds_alternative<AddColumn>(*report.differences[0].fix));
}

TEST(Verify, AMissingIndexIsRepairable) {
  const auto found = only_difference([](Schema& live) { live.tables[0].indexes.clear(); });
  EXPECT_EQ(found.level, Level::Repairable);
  EXPECT_EQ(found.object, "index idx_name on t");
  EXPECT_TRUE(found.fix.has_value());
}

TEST(Verify, AnExtraColumnIsANote) {
  const auto found = only_difference([](Schema& live) {
    live.tables[0].columns.push_back({.name = "more", .type = text(), .nullable = true});
  });
  EXPECT_EQ(found.level, Level::Note);
}

TEST(Verify, AnExtraColumnThatRefusesInsertsIsWrong) {
  const auto found = only_difference(
      [](Schema& live) { live.tables[0].columns.push_back({.name = "more", .type = text()}); });
  EXPECT_EQ(found.level, Level::Wrong);
}

TEST(Verify, AnotherTypeIsWrongAndLeftToPeople) {
  const auto found =
      only_difference([](Schema& live) { live.tables[0].columns[1].type = integer(); });
  EXPECT_EQ(found.level, Level::Wrong);
  EXPECT_FALSE(found.fix.has_value());
}

TEST(Verify, ANullableColumnThatRefusesNullIsWrong) {
  const auto found =
      only_difference([](Schema& live) { live.tables[0].columns[1].nullable = false; });
  EXPECT_EQ(found.level, Level::Wrong);
  EXPECT_TRUE(found.fix.has_value());
}

TEST(Verify, AMissingDefaultIsRepairable) {
  const auto found = only_difference(
      [](Schema& live) { live.tables[0].columns[1].default_value = std::string("x"); });
  EXPECT_EQ(found.level, Level::Repairable);
}

}  // namespace
}  // namespace parley::migrate
