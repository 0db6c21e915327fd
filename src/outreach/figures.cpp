#include "outreach/figures.h"

#include <cmath>

namespace parley::outreach {

void Figures::add(std::optional<MessageStatus> status, std::int64_t messages) {
  total += messages;
  if (!status) return;
  switch (*status) {
    case MessageStatus::Pending:
    case MessageStatus::Sending: pending += messages; break;
    case MessageStatus::Sent:
    case MessageStatus::Delivered:
    case MessageStatus::Read: successful += messages; break;
    case MessageStatus::Failed: failed += messages; break;
    case MessageStatus::Cancelled: cancelled += messages; break;
  }
}

double Figures::success_rate() const { return rate_of(successful, total); }

bool is_success(std::string_view status) {
  Figures one;
  one.add(status, 1);
  return one.successful == 1;
}

double rate_of(std::int64_t successful, std::int64_t total) {
  if (total == 0) return 0;
  return static_cast<double>(successful) * 100 / static_cast<double>(total);
}

double rounded(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

Figures figures_of(const SessionSummaryRow& session) {
  return {.total = session.total_messages.value_or(0),
          .successful = session.successful_messages.value_or(0),
          .failed = session.failed_messages.value_or(0),
          .pending = session.pending_messages.value_or(0),
          .cancelled = session.cancelled_messages.value_or(0)};
}

void set_figures(SessionSummaryRow& session, const Figures& figures) {
  session.total_messages = figures.total;
  session.successful_messages = figures.successful;
  session.failed_messages = figures.failed;
  session.pending_messages = figures.pending;
  session.cancelled_messages = figures.cancelled;
  session.success_rate = figures.success_rate();
}

}  // namespace parley::outreach
