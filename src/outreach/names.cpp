#include "outreach/names.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace parley::outreach {
namespace {

/// Random bytes in stock: asking the system for four at a time would cost more than the message.
class Digits {
 public:
  std::string next() {
    constexpr std::size_t kLength = 8;
    if (stock_.size() < kLength) stock_ = random_hex(2048);
    std::string digits = stock_.substr(stock_.size() - kLength);
    stock_.resize(stock_.size() - kLength);
    return digits;
  }

 private:
  std::string stock_;
};

std::int64_t microseconds_of(Timestamp at) {
  return (at - std::chrono::floor<std::chrono::seconds>(at)).count();
}

}  // namespace

std::string random_digits() {
  thread_local Digits digits;
  return digits.next();
}

std::string date_digits(Timestamp at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string second_digits(Timestamp at) {
  const std::chrono::hh_mm_ss time(at - std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{}_{:02}{:02}{:02}", date_digits(at), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string make_session_id(std::string_view user_id, std::string_view channel, Timestamp at) {
  return fmt::format("{}_{}_{}_{}", user_id, channel, second_digits(at), random_digits());
}

std::string make_log_id(std::string_view user_id, Timestamp at) {
  return fmt::format("{}_{}_{:06}_{}", user_id, second_digits(at), microseconds_of(at),
                     random_digits());
}

}  // namespace parley::outreach
