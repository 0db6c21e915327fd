#include "base/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "base/error.h"

namespace parley {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Timestamp at(const char* text) { return *parse_timestamp(text); }

/// How far the clock that shows `local` is ahead of UTC.
std::chrono::seconds distance_at(const std::string& zone, const char* local) {
  for (const LocalStretch& stretch : local_stretches(zone, at("2030-01-01 00:00:00"))) {
    if (!stretch.end || at(local) < *stretch.end) return stretch.ahead_of_utc;
  }
  return {};
}

TEST(TimeZone, FollowsSummerTime) {
  EXPECT_EQ(distance_at("Europe/Berlin", "2024-01-15 12:00:00"), hours(1));
  EXPECT_EQ(distance_at("Europe/Berlin", "2024-07-15 12:00:00"), hours(2));
  EXPECT_EQ(distance_at("America/New_York", "2024-07-15 12:00:00"), -hours(4));
}

TEST(TimeZone, TakesAnHourThatComesTwiceForTheFirst) {
  EXPECT_EQ(distance_at("Europe/Berlin", "2024-10-27 02:59:59"), hours(2));
  EXPECT_EQ(distance_at("Europe/Berlin", "2024-10-27 03:00:00"), hours(1));
}

TEST(TimeZone, TakesAnHourThatNeverWasForTheTimeBefore) {
  EXPECT_EQ(distance_at("Europe/Berlin", "2024-03-31 02:30:00"), hours(1));
  EXPECT_EQ(distance_at("Europe/Berlin", "2024-03-31 03:00:00"), hours(2));
}

TEST(TimeZone, TakesDistances) {
  EXPECT_EQ(distance_at("+05:30", "2024-03-31 02:30:00"), hours(5) + minutes(30));
  EXPECT_EQ(distance_at("-0330", "1999-03-31 02:30:00"), -hours(3) - minutes(30));
  EXPECT_EQ(distance_at("UTC", "1999-03-31 02:30:00"), hours(0));
}

TEST(TimeZone, RefusesWhatIsNoZone) {
  for (const char* zone : {"", "Europe/Berln", "+2", "+99", "../etc/passwd", "/etc/localtime"}) {
    EXPECT_THROW(local_stretches(zone, at("2030-01-01 00:00:00")), Error) << zone;
  }
}

TEST(TimeZone, LeavesTheLocalTimeOfTheProcessAlone) {
  setenv("TZ", "Asia/Tokyo", 1);
  tzset();
  local_stretches("Europe/Berlin", at("2030-01-01 00:00:00"));
  const std::time_t time = 0;
  EXPECT_EQ(std::localtime(&time)->tm_hour, 9);
  unsetenv("TZ");
  tzset();
}

}  // namespace
}  // namespace parley
