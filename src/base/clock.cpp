#include "base/clock.h"

#include <fmt/format.h>

namespace parley {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;

/// Takes characters off the front of a text; once something did not fit, `ok` stays false.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  /// Exactly `digits` decimal digits, as a number of at most `limit`.
  int number(int digits, int limit) {
    int value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + digit();
    if (value > limit) ok_ = false;
    return value;
  }

  /// One of the characters of `choices`, or 0 when the next is none of them.
  char take_any(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return 0;
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  void expect_any(std::string_view choices) {
    if (take_any(choices) == 0) ok_ = false;
  }

  bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool at_end() const { return rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  int digit() {
    if (!at_digit()) {
      ok_ = false;
      return 0;
    }
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<sys_days> read_day(Reader& reader) {
  const int year = reader.number(4, 9999);
  reader.expect_any("-");
  const int month = reader.number(2, 12);
  reader.expect_any("-");
  const int day = reader.number(2, 31);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.ok() || !date.ok()) return std::nullopt;
  return sys_days(date);
}

microseconds read_fraction(Reader& reader) {
  if (reader.take_any(".") == 0) return microseconds(0);
  microseconds unit(100'000);
  microseconds fraction = reader.number(1, 9) * unit;
  while (reader.at_digit()) {
    unit /= 10;
    fraction += reader.number(1, 9) * unit;
  }
  return fraction;
}

/// How far the zone is ahead of UTC. PostgreSQL leaves out minutes that are zero: `+02`.
std::chrono::minutes read_zone(Reader& reader) {
  if (reader.at_end() || reader.take_any("Zz") != 0) return std::chrono::minutes(0);
  const char sign = reader.take_any("+-");
  if (sign == 0) reader.expect_any("+-");
  const int hours = reader.number(2, 23);
  const int minutes = reader.take_any(":") != 0 ? reader.number(2, 59) : 0;
  const std::chrono::minutes offset(hours * 60 + minutes);
  return sign == '-' ? -offset : offset;
}

struct CalendarTime {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<microseconds> time;

  explicit CalendarTime(Timestamp at)
      : date(std::chrono::floor<std::chrono::days>(at)),
        time(at - std::chrono::floor<std::chrono::days>(at)) {}
};

std::string format_seconds(const CalendarTime& at, char separator) {
  return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", static_cast<int>(at.date.year()),
                     static_cast<unsigned>(at.date.month()), static_cast<unsigned>(at.date.day()),
                     separator, at.time.hours().count(), at.time.minutes().count(),
                     at.time.seconds().count());
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string format_rfc3339(Timestamp time) {
  const CalendarTime at(time);
  return fmt::format("{}.{:06}Z", format_seconds(at, 'T'), at.time.subseconds().count());
}

std::string format_sql(Timestamp time) {
  const CalendarTime at(time);
  const auto fraction = at.time.subseconds().count();
  if (fraction == 0) return format_seconds(at, ' ');
  return fmt::format("{}.{:06}", format_seconds(at, ' '), fraction);
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader reader(text);
  const std::optional<sys_days> day = read_day(reader);
  if (!day) return std::nullopt;
  reader.expect_any("Tt ");
  const std::chrono::hours hours(reader.number(2, 23));
  reader.expect_any(":");
  const std::chrono::minutes minutes(reader.number(2, 59));
  reader.expect_any(":");
  const std::chrono::seconds seconds(reader.number(2, 60));
  const microseconds fraction = read_fraction(reader);
  const std::chrono::minutes zone = read_zone(reader);
  if (!reader.ok() || !reader.at_end()) return std::nullopt;

  const auto whole = *day + hours + minutes + seconds - zone;
  // A leap second (RFC 3339 section 5.7) only ever ends a day of UTC; it becomes the second after
  // it.
  const bool is_midnight = std::chrono::floor<std::chrono::days>(whole) == whole;
  if (seconds.count() == 60 && !is_midnight) return std::nullopt;
  return whole + fraction;
}

}  // namespace parley
