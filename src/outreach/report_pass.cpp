#include "outreach/report_pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace parley::outreach {
namespace {

using std::chrono::floor;

constexpr std::size_t kErrorsMax = 10;
constexpr std::size_t kNamesMax = 10;
constexpr std::size_t kPeaksMax = 3;
constexpr std::int64_t kRepeatedMin = 2;
constexpr std::chrono::hours kLongWait{24};

// When a recommendation is made.
constexpr double kGoodRate = 80;
constexpr double kChannelGap = 20;
constexpr double kPoorTemplateRate = 50;
constexpr std::int64_t kEnoughMessages = 10;
constexpr std::int64_t kManyErrors = 5;

std::uint64_t key_of(std::uint32_t error, std::size_t day) {
  return (std::uint64_t{error} << 32) | day;
}

/// The positions of the greatest values, at most three, the earlier one of equal values first;
/// zeros are none.
template <class Values, class Count>
std::vector<std::size_t> peaks(const Values& values, Count count) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (count(values[i]) > 0) positions.push_back(i);
  }
  std::ranges::stable_sort(
      positions, [&](std::size_t a, std::size_t b) { return count(values[a]) > count(values[b]); });
  positions.resize(std::min(positions.size(), kPeaksMax));
  return positions;
}

double mean_of(const std::vector<std::chrono::duration<double>>& lengths) {
  if (lengths.empty()) return 0;
  std::chrono::duration<double> sum{0};
  for (const auto& length : lengths) sum += length;
  return sum.count() / static_cast<double>(lengths.size());
}

bool was_tried(const Figures& figures) { return figures.total >= kEnoughMessages; }

}  // namespace

ReportPass::ReportPass(Timestamp start, Timestamp end)
    : start_(start), end_(end), first_day_(floor<std::chrono::days>(start)) {
  days_.resize(static_cast<std::size_t>((floor<std::chrono::days>(end) - first_day_).count()) + 1);
}

ReportPass::Outcomes& ReportPass::Group::of(std::string_view text) {
  const std::uint32_t number = texts_.add(text);
  if (number == outcomes_.size()) outcomes_.emplace_back();
  return outcomes_[number];
}

std::vector<std::uint32_t> ReportPass::Group::most_used_first() const {
  std::vector<std::uint32_t> numbers(texts_.size());
  std::iota(numbers.begin(), numbers.end(), 0U);
  std::ranges::sort(numbers, [&](std::uint32_t a, std::uint32_t b) {
    if (texts_.count(a) != texts_.count(b)) return texts_.count(a) > texts_.count(b);
    return texts_.text(a) < texts_.text(b);
  });
  return numbers;
}

std::size_t ReportPass::day_of(Timestamp time) const {
  return static_cast<std::size_t>((floor<std::chrono::days>(time) - first_day_).count());
}

std::string ReportPass::date_of(std::size_t day) const {
  const std::chrono::year_month_day date{first_day_ + std::chrono::days(day)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

void ReportPass::take(const ReportedMessage& message) {
  if (message.timestamp < start_ || message.timestamp > end_) return;
  take_outcome(message);
  sessions_.add(message.session_id);
  if (!message.email.empty()) recipients_.add(message.email);
  if (!message.company.empty()) companies_.add(message.company);
  if (message.email.empty() && message.phone.empty()) ++without_address_;
  if (!message.error.empty()) {
    ++errors_by_day_[key_of(errors_.add(message.error), day_of(message.timestamp))];
  }
}

void ReportPass::take_outcome(const ReportedMessage& message) {
  const std::optional<MessageStatus> status = parse_word<MessageStatus>(message.status);
  Figures one;
  one.add(status, 1);
  const bool is_read = status == MessageStatus::Read;
  const bool is_delivered = is_read || status == MessageStatus::Delivered;
  all_.add(status, 1);
  for (Outcomes* outcomes :
       {&channels_.of(message.channel), &templates_.of(message.template_name)}) {
    outcomes->figures.add(status, 1);
    if (is_delivered) ++outcomes->delivered;
    if (is_read) ++outcomes->read;
  }
  count_day(message, one.successful == 1);
  const bool waits = status == MessageStatus::Pending;
  if (waits && message.timestamp < end_ - kLongWait) ++waiting_long_;
}

void ReportPass::count_day(const ReportedMessage& message, bool is_success) {
  Day& day = days_[day_of(message.timestamp)];
  ++day.messages;
  if (is_success) ++day.successes;
  const auto since_midnight = message.timestamp - floor<std::chrono::days>(message.timestamp);
  ++hours_[static_cast<std::size_t>(floor<std::chrono::hours>(since_midnight).count())];
}

Report ReportPass::finish(const std::vector<std::chrono::duration<double>>& sessions) const {
  Report report;
  report.total_messages_sent = all_.total;
  report.total_sessions = static_cast<std::int64_t>(sessions_.size());
  report.overall_success_rate = all_.success_rate();
  if (report.total_sessions > 0) {
    report.average_messages_per_session = static_cast<double>(report.total_messages_sent) /
                                          static_cast<double>(report.total_sessions);
  }
  report.average_session_duration = mean_of(sessions);
  report.top_companies = companies_.most(kNamesMax);
  report.repeat_recipients = recipients_.most(kNamesMax, kRepeatedMin);
  fill_ways(report);
  fill_days(report);
  fill_errors(report);
  fill_recommendations(report);
  return report;
}

void ReportPass::fill_ways(Report& report) const {
  for (const std::uint32_t each : channels_.most_used_first()) {
    const std::string name(channels_.texts().text(each));
    report.channels_used.push_back(name);
    report.success_by_channel.emplace_back(name, channels_.outcomes(each).figures.success_rate());
  }
  for (const std::uint32_t each : templates_.most_used_first()) {
    const std::string name(templates_.texts().text(each));
    const Outcomes& outcomes = templates_.outcomes(each);
    report.templates_used.push_back(name);
    report.success_by_template.emplace_back(name, outcomes.figures.success_rate());
    report.template_performance.push_back({.name = name,
                                           .total = outcomes.figures.total,
                                           .successful = outcomes.figures.successful,
                                           .failed = outcomes.figures.failed,
                                           .delivered = outcomes.delivered,
                                           .read = outcomes.read});
  }
}

void ReportPass::fill_days(Report& report) const {
  for (std::size_t day = 0; day < days_.size(); ++day) {
    if (days_[day].successes > 0) {
      report.success_by_day.emplace_back(date_of(day), days_[day].successes);
    }
  }
  for (const std::size_t hour : peaks(hours_, [](std::int64_t messages) { return messages; })) {
    report.peak_sending_hours.push_back(static_cast<std::int64_t>(hour));
  }
  for (const std::size_t day : peaks(days_, [](const Day& each) { return each.messages; })) {
    report.busiest_days.push_back(date_of(day));
  }
}

void ReportPass::fill_errors(Report& report) const {
  report.common_errors = errors_.most(kErrorsMax);
  for (const auto& [error, count] : report.common_errors) {
    std::vector<std::int64_t> trend(days_.size());
    for (std::uint32_t number = 0; number < errors_.size(); ++number) {
      if (errors_.text(number) != error) continue;
      for (std::size_t day = 0; day < days_.size(); ++day) {
        const auto found = errors_by_day_.find(key_of(number, day));
        if (found != errors_by_day_.end()) trend[day] = found->second;
      }
    }
    report.error_trends.emplace_back(error, std::move(trend));
  }
}

bool ReportPass::has_channel_behind() const {
  double best = 0;
  for (const std::uint32_t each : channels_.most_used_first()) {
    best = std::max(best, channels_.outcomes(each).figures.success_rate());
  }
  return std::ranges::any_of(channels_.most_used_first(), [&](std::uint32_t each) {
    const Figures& figures = channels_.outcomes(each).figures;
    return was_tried(figures) && best - figures.success_rate() >= kChannelGap;
  });
}

bool ReportPass::has_poor_template() const {
  return std::ranges::any_of(templates_.most_used_first(), [&](std::uint32_t each) {
    const Figures& figures = templates_.outcomes(each).figures;
    return was_tried(figures) && figures.success_rate() < kPoorTemplateRate;
  });
}

void ReportPass::fill_recommendations(Report& report) const {
  const auto advise = [&](bool holds, const char* text) {
    if (holds) report.recommendations.emplace_back(text);
  };
  const bool repeats_an_error =
      !report.common_errors.empty() && report.common_errors.front().second >= kManyErrors;
  advise(all_.total > 0 && report.overall_success_rate < kGoodRate,
         "Less than 80 % of the messages were successful: look at the most frequent errors.");
  advise(has_channel_behind(), "A channel is 20 points or more behind the best: see its errors.");
  advise(has_poor_template(), "A template succeeds in less than half of its messages: revise it.");
  advise(repeats_an_error, "One error came five times or more: remove its cause.");
  advise(waiting_long_ > 0, "Messages have been pending for more than 24 hours.");
  advise(without_address_ > 0, "Recipients have neither an e-mail address nor a phone number.");
}

}  // namespace parley::outreach
