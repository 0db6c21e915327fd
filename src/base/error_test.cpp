#include "base/error.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace parley {
namespace {

TEST(ErrorFacts, GiveEachCodeItsOwnRow) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(facts_of(code).code, code);
  }
}

TEST(ErrorFacts, NeverTellAStrangerAboutTheInside) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const ErrorFacts& facts = facts_of(static_cast<ErrorCode>(i));
    EXPECT_FALSE(facts.name.empty()) << i;
    EXPECT_FALSE(facts.public_text.empty()) << facts.name;
    EXPECT_GE(facts.http_status, 400) << facts.name;
    EXPECT_EQ(facts.http_status == 500 && facts.name != "invalid_configuration",
              facts.name == "internal")
        << facts.name;
    EXPECT_NE(facts.exit_code, ExitCode::Done) << facts.name;
  }
}

TEST(Error, CarriesCodeMessageAndHint) {
  const Error error(ErrorCode::LockHeld, "somebody else is at work", "Wait for them.");
  EXPECT_EQ(error.code(), ErrorCode::LockHeld);
  EXPECT_STREQ(error.what(), "somebody else is at work");
  EXPECT_EQ(error.hint(), "Wait for them.");
  EXPECT_EQ(facts_of(error.code()).exit_code, ExitCode::LockHeld);
}

TEST(CheckDeathTest, NamesTheBrokenCondition) {
  EXPECT_DEATH(PARLEY_CHECK(1 + 1 == 3), "check failed: 1 \\+ 1 == 3 .*error_test.cpp");
  PARLEY_CHECK(1 + 1 == 2);
}

}  // namespace
}  // namespace parley
