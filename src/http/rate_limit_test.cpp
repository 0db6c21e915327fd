#include "http/rate_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace parley::http {
namespace {

using namespace std::chrono_literals;

class RateLimit : public testing::Test {
 protected:
  int taken_at_once(RateLimiter& limiter, std::string_view key) {
    int taken = 0;
    while (taken < 10'000 && !limiter.take(key)) ++taken;
    return taken;
  }

  ManualClock clock_{Timestamp(1'000'000s)};
};

TEST_F(RateLimit, AllowsACountAndThenSaysWhen) {
  RateLimiter limiter({.count = 10, .per = 60s}, clock_);
  EXPECT_EQ(taken_at_once(limiter, "a"), 10);
  EXPECT_EQ(limiter.take("a"), 6s);
  clock_.advance(5s + 1us);
  EXPECT_EQ(limiter.take("a"), 1s);
  clock_.advance(1s);
  EXPECT_EQ(limiter.take("a"), std::nullopt);
  EXPECT_EQ(limiter.take("a"), 6s);
}

TEST_F(RateLimit, RefillsToTheCountAndNoFurther) {
  RateLimiter limiter({.count = 10, .per = 60s}, clock_);
  taken_at_once(limiter, "a");
  clock_.advance(30s);
  EXPECT_EQ(taken_at_once(limiter, "a"), 5);
  clock_.advance(24h);
  EXPECT_EQ(taken_at_once(limiter, "a"), 10);
}

TEST_F(RateLimit, BeingRefusedCostsNothing) {
  RateLimiter limiter({.count = 1, .per = 10s}, clock_);
  EXPECT_EQ(limiter.take("a"), std::nullopt);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter.take("a"), 10s);
  clock_.advance(10s);
  EXPECT_EQ(limiter.take("a"), std::nullopt);
}

TEST_F(RateLimit, KeysDoNotShare) {
  RateLimiter limiter({.count = 1, .per = 60s}, clock_);
  EXPECT_EQ(limiter.take("a"), std::nullopt);
  EXPECT_EQ(limiter.take("b"), std::nullopt);
  EXPECT_EQ(limiter.take(""), std::nullopt);
  EXPECT_NE(limiter.take("a"), std::nullopt);
}

TEST_F(RateLimit, AClockSetBackLocksNobodyOut) {
  RateLimiter limiter({.count = 2, .per = 60s}, clock_);
  taken_at_once(limiter, "a");
  clock_.advance(-24h);
  EXPECT_EQ(limiter.take("a"), 30s);
  clock_.advance(30s);
  EXPECT_EQ(limiter.take("a"), std::nullopt);
}

TEST_F(RateLimit, RemembersAUsedKeyThroughAFloodAndForgetsTheRest) {
  RateLimiter limiter({.count = 1, .per = 60s}, clock_, 1000);
  EXPECT_EQ(limiter.take("busy"), std::nullopt);
  EXPECT_EQ(limiter.take("idle"), std::nullopt);
  for (int i = 0; i < 100'000; ++i) {
    limiter.take(std::to_string(i));
    if (i % 20 == 0) {
      ASSERT_NE(limiter.take("busy"), std::nullopt) << i;
    }
  }
  EXPECT_EQ(limiter.take("idle"), std::nullopt);
}

TEST_F(RateLimit, CountsExactlyOverThreads) {
  RateLimiter limiter({.count = 1000, .per = 3600s}, clock_);
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 500; ++j) taken += limiter.take("a") ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1000);
}

TEST(PerMinute, SaysWhenToComeBack) {
  ManualClock clock(Timestamp(1'000'000s));
  PerMinute limit(6, clock);
  for (int i = 0; i < 6; ++i) limit.count("a");
  limit.count("b");
  try {
    limit.count("a");
    FAIL();
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status, 429);
    EXPECT_EQ(problem.code, "too_many_requests");
    ASSERT_EQ(problem.headers.size(), 1u);
    EXPECT_EQ(problem.headers[0], std::pair(std::string("Retry-After"), std::string("10")));
  }
  clock.advance(10s);
  limit.count("a");
}

TEST(PerMinute, OfZeroIsNone) {
  const ManualClock clock(Timestamp(0s));
  PerMinute limit(0, clock);
  for (int i = 0; i < 1000; ++i) limit.count("a");
}

}  // namespace
}  // namespace parley::http
