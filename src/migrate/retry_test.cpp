#include "migrate/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::migrate {
namespace {

using testing::HasSubstr;

const ExecuteOptions kQuick{.statement_lock_timeout = std::chrono::milliseconds(100),
                            .retries = 2,
                            .retry_pause = std::chrono::milliseconds(0)};

TEST(Retries, TryAgainUntilTheLockIsGone) {
  int attempts = 0;
  with_retries(kQuick, "add column", [&] {
    if (++attempts < 3) throw Error(ErrorCode::Busy, "locked");
  });
  EXPECT_EQ(attempts, 3);
}

TEST(Retries, GiveUpAndSayWhatWaited) {
  int attempts = 0;
  try {
    with_retries(kQuick, "add column t.x", [&] {
      ++attempts;
      throw Error(ErrorCode::Deadlock, "locked");
    });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Deadlock);
    EXPECT_STREQ(error.what(),
                 "add column t.x: gave up after 3 attempts of at most 0.1 s each: locked");
    EXPECT_THAT(error.hint(), HasSubstr("--statement-lock-timeout"));
  }
  EXPECT_EQ(attempts, 3);
}

TEST(Retries, LeaveOtherErrorsAlone) {
  int attempts = 0;
  EXPECT_THROW(with_retries(kQuick, "x",
                            [&] {
                              ++attempts;
                              throw Error(ErrorCode::ConnectionLost, "gone");
                            }),
               Error);
  EXPECT_EQ(attempts, 1);
}

}  // namespace
}  // namespace parley::migrate
