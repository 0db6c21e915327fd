#include "http/retry_after.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using namespace std::chrono_literals;

const Timestamp kNow = *parse_timestamp("1994-11-06 08:49:37");

TEST(RetryAfter, IsANumberOfSeconds) {
  EXPECT_EQ(retry_after("0", kNow), 0ms);
  EXPECT_EQ(retry_after("120", kNow), 120s);
}

TEST(RetryAfter, IsADate) {
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", kNow), 60s);
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow), 0s);
}

TEST(RetryAfter, IsNothingElse) {
  for (const char* value : {"", "soon", "-1", "1.5", "99999999999", "Sun, 06 Nov 1994 08:50:37 CET",
                            "Sun, 99 Nov 1994 08:50:37 GMT", "Sun, 06 Foo 1994 08:50:37 GMT"}) {
    EXPECT_EQ(retry_after(value, kNow), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace parley::http
