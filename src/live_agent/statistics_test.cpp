#include "live_agent/statistics.h"

#include <gtest/gtest.h>

namespace parley::live_agent {
namespace {

TEST(StartOfDateFilter, IsCountedInUtc) {
  const Timestamp now = parse_timestamp("2025-03-15T10:20:30.5Z").value();
  EXPECT_EQ(start_of(DateFilter::Today, now), parse_timestamp("2025-03-15T00:00:00Z"));
  EXPECT_EQ(start_of(DateFilter::LastWeek, now), parse_timestamp("2025-03-08T10:20:30.5Z"));
  EXPECT_EQ(start_of(DateFilter::ThisMonth, now), parse_timestamp("2025-03-01T00:00:00Z"));
  EXPECT_EQ(start_of(DateFilter::ThisYear, now), parse_timestamp("2025-01-01T00:00:00Z"));
  EXPECT_EQ(start_of(DateFilter::All, now), std::nullopt);
}

}  // namespace
}  // namespace parley::live_agent
