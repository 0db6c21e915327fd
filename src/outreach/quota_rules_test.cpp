#include "outreach/quota_rules.h"

#include <gtest/gtest.h>

namespace parley::outreach {
namespace {

using namespace std::chrono_literals;

Timestamp at(const char* text) { return parse_timestamp(text).value(); }

const Timestamp kNow = at("2025-03-15T10:00:00Z");
const DayCalendar kUtc("UTC", kNow);
constexpr Quota kMinute{.type = QuotaType::MessagesPerMinute,
                        .limit = 20,
                        .burst = 5,
                        .warning_percent = 80,
                        .critical_percent = 95};

TEST(QuotaRules, AMinuteSlides) {
  const std::vector<Taken> taken{{kNow - 60s, 7}, {kNow - 60s + 1us, 2}, {kNow, 1}};
  EXPECT_EQ(usage_of(counting(taken, QuotaType::MessagesPerMinute, kNow, kUtc)), 3);
  EXPECT_EQ(usage_of(counting(taken, QuotaType::MessagesPerHour, kNow, kUtc)), 10);
}

TEST(QuotaRules, ADayBeginsAtMidnight) {
  const std::vector<Taken> taken{{at("2025-03-14T23:59:59Z"), 7}, {at("2025-03-15T00:00:00Z"), 2}};
  EXPECT_EQ(usage_of(counting(taken, QuotaType::MessagesPerDay, kNow, kUtc)), 2);
  EXPECT_EQ(
      available_at({.type = QuotaType::MessagesPerDay, .limit = 2}, 2, 1, {{kNow, 2}}, kNow, kUtc),
      at("2025-03-16T00:00:00Z"));
}

TEST(QuotaRules, MidnightIsThatOfTheZone) {
  const DayCalendar berlin("Europe/Berlin", kNow);
  EXPECT_EQ(berlin.begin_of_day(kNow), at("2025-03-14T23:00:00Z"));
  EXPECT_EQ(berlin.end_of_day(kNow), at("2025-03-15T23:00:00Z"));
  // The day on which the clocks go forward has 23 hours.
  EXPECT_EQ(berlin.begin_of_day(at("2025-03-30T12:00:00Z")), at("2025-03-29T23:00:00Z"));
  EXPECT_EQ(berlin.end_of_day(at("2025-03-30T12:00:00Z")), at("2025-03-30T22:00:00Z"));
  const DayCalendar east("+05:30", kNow);
  EXPECT_EQ(east.begin_of_day(kNow), at("2025-03-14T18:30:00Z"));
}

TEST(QuotaRules, RefusesAZoneThatIsNone) { EXPECT_ANY_THROW(DayCalendar("Europe/Paradise", kNow)); }

TEST(QuotaRules, LevelsBeginAtTheirShare) {
  EXPECT_EQ(level_of(kMinute, 15), QuotaLevel::Normal);
  EXPECT_EQ(level_of(kMinute, 16), QuotaLevel::Warning);
  EXPECT_EQ(level_of(kMinute, 18), QuotaLevel::Warning);
  EXPECT_EQ(level_of(kMinute, 19), QuotaLevel::Critical);
  EXPECT_EQ(level_of({.limit = 100, .warning_percent = 90}, 100), QuotaLevel::Warning);
}

TEST(QuotaRules, TellsWhenThereIsRoomAgain) {
  const std::vector<Taken> taken{{kNow - 50s, 3}, {kNow - 20s, 10}, {kNow - 1s, 7}};
  EXPECT_EQ(available_at(kMinute, 25, 5, taken, kNow, kUtc), kNow);
  EXPECT_EQ(available_at(kMinute, 20, 1, taken, kNow, kUtc), kNow + 10s);
  EXPECT_EQ(available_at(kMinute, 20, 3, taken, kNow, kUtc), kNow + 10s);
  EXPECT_EQ(available_at(kMinute, 20, 4, taken, kNow, kUtc), kNow + 40s);
  EXPECT_EQ(available_at(kMinute, 20, 20, taken, kNow, kUtc), kNow + 59s);
}

}  // namespace
}  // namespace parley::outreach
