#include "migrate/progress.h"

#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

TEST(Progress, TellsRowsRatePercentAndWhatIsLeft) {
  const Progress progress{.task = "003_more",
                          .step = "fill messages.kind",
                          .steps_done = 1,
                          .steps_total = 5,
                          .rows_done = 12'000,
                          .rows_total = 50'000,
                          .rows_before = 2'000,
                          .elapsed = std::chrono::seconds(5)};
  EXPECT_EQ(
      to_text(progress),
      "003_more: step 2 of 5, fill messages.kind: 12 000 of 50 000 rows (24 %), 2 000 rows/s, "
      "19 s left");
}

TEST(Progress, OfAStepWithoutRowsIsItsName) {
  EXPECT_EQ(to_text({.task = "a", .step = "create table t", .steps_total = 1}),
            "a: step 1 of 1, create table t");
}

TEST(Progress, GuessesNothingBeforeTheFirstRow) {
  const Progress progress{.rows_total = 10, .elapsed = std::chrono::seconds(1)};
  EXPECT_FALSE(progress.rate());
  EXPECT_FALSE(progress.remaining());
  EXPECT_EQ(progress.percent(), 0);
}

TEST(Progress, StaysAtAHundredPercentWhenRowsCameMeanwhile) {
  EXPECT_EQ((Progress{.rows_done = 12, .rows_total = 10}).percent(), 100);
}

TEST(Grouped, SetsThreeDigitsApart) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1 234 567");
  EXPECT_EQ(grouped(-1'000), "-1 000");
}

}  // namespace
}  // namespace parley::migrate
