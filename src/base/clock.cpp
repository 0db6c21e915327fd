#include "base/clock.h"

#include <fmt/format.h>

#include <array>

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

/// `0031`: so many digits of the number, written at `out`. By hand, because every row and answer
/// has several times.
template <int kDigits>
char* put(char* out, std::int64_t number) {
  for (int i = kDigits - 1; i >= 0; --i, number /= 10)
    out[i] = static_cast<char>('0' + number % 10);
  return out + kDigits;
}

/// A time at the edge of what can be read may, in UTC, lie beyond the years of four digits.
char* put_year(char* out, int year) {
  return year >= 0 && year <= 9999 ? put<4>(out, year) : fmt::format_to(out, "{:04}", year);
}

/// `2025-01-31T09:30:00`
char* put_seconds(char* out, const std::chrono::year_month_day& date,
                  const std::chrono::hh_mm_ss<microseconds>& time, char separator) {
  out = put_year(out, static_cast<int>(date.year()));
  *out++ = '-';
  out = put<2>(out, static_cast<unsigned>(date.month()));
  *out++ = '-';
  out = put<2>(out, static_cast<unsigned>(date.day()));
  *out++ = separator;
  out = put<2>(out, time.hours().count());
  *out++ = ':';
  out = put<2>(out, time.minutes().count());
  *out++ = ':';
  return put<2>(out, time.seconds().count());
}

/// What becomes of a fraction that is zero.
enum class Zero { Written, LeftOut };

std::string format_time(Timestamp at, char separator, Zero zero, std::string_view end) {
  const sys_days day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<microseconds> time(at - day);
  std::array<char, 32> text;
  char* out = put_seconds(text.data(), date, time, separator);
  const auto fraction = time.subseconds().count();
  if (fraction != 0 || zero == Zero::Written) {
    *out++ = '.';
    out = put<6>(out, fraction);
  }
  return std::string(text.data(), out).append(end);
}

/// The time that was written last, and its text: what is stored or answered together mostly has one
/// time.
class LastText {
 public:
  template <class Make>
  const std::string& of(Timestamp time, Make make) {
    if (text_.empty() || time != time_) {
      text_ = make();
      time_ = time;
    }
    return text_;
  }

 private:
  Timestamp time_{};
  std::string text_;
};

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string format_rfc3339(Timestamp time) {
  thread_local LastText last;
  return last.of(time, [=] { return format_time(time, 'T', Zero::Written, "Z"); });
}

std::string format_sql(Timestamp time) {
  thread_local LastText last;
  return last.of(time, [=] { return format_time(time, ' ', Zero::LeftOut, ""); });
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
