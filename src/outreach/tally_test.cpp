#include "outreach/tally.h"

#include <gtest/gtest.h>

namespace parley::outreach {
namespace {

using Counts = std::vector<Tally::TextCount>;

TEST(Tally, CountsEachText) {
  Tally tally;
  EXPECT_EQ(tally.add("a"), 0U);
  EXPECT_EQ(tally.add(""), 1U);
  EXPECT_EQ(tally.add("a"), 0U);
  EXPECT_EQ(tally.size(), 2U);
  EXPECT_EQ(tally.text(1), "");
  EXPECT_EQ(tally.count(0), 2);
}

TEST(Tally, GivesTheMostFrequentFirstThenByText) {
  Tally tally;
  for (const char* text : {"c", "b", "b", "a", "d", "d"}) tally.add(text);
  EXPECT_EQ(tally.most(3), (Counts{{"b", 2}, {"d", 2}, {"a", 1}}));
  EXPECT_EQ(tally.most(10, 2), (Counts{{"b", 2}, {"d", 2}}));
  EXPECT_EQ(Tally().most(10), Counts{});
}

TEST(Tally, KeepsApartAnyNumberOfTexts) {
  constexpr int kTexts = 50'000;
  Tally tally;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kTexts; ++i) {
      ASSERT_EQ(tally.add("recipient" + std::to_string(i) + "@x.example"),
                static_cast<std::uint32_t>(i));
    }
  }
  EXPECT_EQ(tally.size(), static_cast<std::size_t>(kTexts));
  EXPECT_EQ(tally.text(kTexts - 1), "recipient49999@x.example");
  EXPECT_EQ(tally.count(7), 2);
  const std::string long_text(1 << 20, 'x');
  tally.add(long_text);
  tally.add("after");
  EXPECT_EQ(tally.text(kTexts), long_text);
  EXPECT_EQ(tally.text(kTexts + 1), "after");
}

}  // namespace
}  // namespace parley::outreach
