#include "base/clock.h"

#include <gtest/gtest.h>

namespace parley {
namespace {

using std::chrono::microseconds;

constexpr Timestamp at(int year, unsigned month, unsigned day, int hour = 0, int minute = 0,
                       int second = 0, int micros = 0) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day)) +
         std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         microseconds(micros);
}

TEST(FormatRfc3339, AlwaysHasSixFractionDigits) {
  EXPECT_EQ(format_rfc3339(at(2025, 1, 31, 9, 30)), "2025-01-31T09:30:00.000000Z");
  EXPECT_EQ(format_rfc3339(at(2025, 1, 31, 9, 30, 1, 20)), "2025-01-31T09:30:01.000020Z");
}

TEST(FormatRfc3339, WritesTimesBeforeTheEpoch) {
  EXPECT_EQ(format_rfc3339(at(1969, 12, 31, 23, 59, 59, 999'999)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_rfc3339(at(1, 1, 1)), "0001-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_rfc3339(*parse_timestamp("9999-12-31T23:00:00-02:00")),
            "10000-01-01T01:00:00.000000Z");
  EXPECT_EQ(format_rfc3339(*parse_timestamp("0000-01-01T00:00:00+01:00")),
            "-001-12-31T23:00:00.000000Z");
}

TEST(FormatSql, LeavesAnEmptyFractionOut) {
  EXPECT_EQ(format_sql(at(2025, 1, 31, 9, 30)), "2025-01-31 09:30:00");
  EXPECT_EQ(format_sql(at(2025, 1, 31, 9, 30, 0, 500'000)), "2025-01-31 09:30:00.500000");
}

TEST(ParseTimestamp, ReadsWhatIsFormatted) {
  for (const Timestamp time :
       {at(2025, 1, 31, 9, 30, 1, 20), at(1, 1, 1), at(9999, 12, 31, 23, 59, 59),
        at(1969, 12, 31, 23, 59, 59, 999'999)}) {
    EXPECT_EQ(parse_timestamp(format_rfc3339(time)), time);
    EXPECT_EQ(parse_timestamp(format_sql(time)), time);
  }
}

TEST(ParseTimestamp, KnowsLeapDays) {
  EXPECT_EQ(parse_timestamp("2024-02-29T00:00:00Z"), at(2024, 2, 29));
  EXPECT_EQ(parse_timestamp("2000-02-29T00:00:00Z"), at(2000, 2, 29));
  EXPECT_EQ(parse_timestamp("2023-02-29T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_timestamp("1900-02-29T00:00:00Z"), std::nullopt);
}

TEST(ParseTimestamp, ReadsEveryZone) {
  const Timestamp expected = at(2025, 1, 31, 9, 30);
  for (const char* text : {"2025-01-31T09:30:00Z", "2025-01-31t09:30:00z", "2025-01-31 09:30:00",
                           "2025-01-31T09:30:00-00:00", "2025-01-31 11:30:00+02",
                           "2025-01-31T15:00:00+05:30", "2025-01-31T01:00:00-08:30"}) {
    EXPECT_EQ(parse_timestamp(text), expected) << text;
  }
  EXPECT_EQ(parse_timestamp("2025-01-01T00:30:00+01:00"), at(2024, 12, 31, 23, 30));
}

TEST(ParseTimestamp, DropsDigitsPastTheSixth) {
  EXPECT_EQ(parse_timestamp("2025-01-31T09:30:00.5Z"), at(2025, 1, 31, 9, 30, 0, 500'000));
  EXPECT_EQ(parse_timestamp("2025-01-31T09:30:00.000001Z"), at(2025, 1, 31, 9, 30, 0, 1));
  EXPECT_EQ(parse_timestamp("2025-01-31T09:30:00.123456999999999999+00:00"),
            at(2025, 1, 31, 9, 30, 0, 123'456));
}

TEST(ParseTimestamp, TakesALeapSecondForTheSecondAfterIt) {
  EXPECT_EQ(parse_timestamp("2016-12-31T23:59:60Z"), at(2017, 1, 1));
  EXPECT_EQ(parse_timestamp("1990-12-31T15:59:60-08:00"), at(1991, 1, 1));
  EXPECT_EQ(parse_timestamp("2016-12-31T12:00:60Z"), std::nullopt);
}

TEST(ParseTimestamp, RefusesEverythingElse) {
  for (const char* text : {"",
                           "now",
                           "2025-01-31",
                           "2025-01-31T",
                           "2025-01-31T09:30Z",
                           "2025-01-31T09:30:00.Z",
                           "2025-01-31T09:30:00,5Z",
                           "2025-01-31T24:00:00Z",
                           "2025-01-31T09:60:00Z",
                           "2025-01-31T09:30:61Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-01-00T00:00:00Z",
                           "2025-04-31T00:00:00Z",
                           "0000-00-00 00:00:00",
                           "25-01-31T09:30:00Z",
                           "2025-1-31T09:30:00Z",
                           "2025/01/31 09:30:00",
                           "2025-01-31T09:30:00+24:00",
                           "2025-01-31T09:30:00+02:60",
                           "2025-01-31T09:30:00+2",
                           "2025-01-31T09:30:00+02:",
                           "2025-01-31T09:30:00 Z",
                           "2025-01-31T09:30:00Zx",
                           " 2025-01-31T09:30:00Z",
                           "2025-01-31_09:30:00",
                           "+025-01-31T09:30:00Z"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock(at(2025, 1, 31));
  EXPECT_EQ(clock.now(), at(2025, 1, 31));
  clock.advance(std::chrono::hours(24));
  EXPECT_EQ(clock.now(), at(2025, 2, 1));
  clock.set(at(2020, 1, 1));
  EXPECT_EQ(clock.now(), at(2020, 1, 1));
}

TEST(SystemClock, TellsTheTimeOfTheSystem) {
  const Timestamp before = std::chrono::floor<microseconds>(std::chrono::system_clock::now());
  const Timestamp told = SystemClock().now();
  EXPECT_LE(before, told);
  EXPECT_LE(told, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace parley
