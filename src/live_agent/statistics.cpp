#include "live_agent/statistics.h"

#include <cmath>

#include "api/fields.h"
#include "live_agent/accounts.h"
#include "live_agent/queries.h"
#include "live_agent/sessions.h"

namespace parley::live_agent {
namespace {

/// The value of no id at all, for an agent that does not exist.
constexpr std::int64_t kNobody = 0;

std::int64_t agent_id_of(database::Connection& connection, const std::string& agent) {
  if (const auto id = api::whole_number(agent)) return *id <= api::kIntegerMax ? *id : kNobody;
  const std::optional<UserRow> user = find_user_by_email(connection, agent);
  return user ? user->id : kNobody;
}

void add(StatusCounts& counts, SessionStatus status, std::int64_t sessions) {
  counts.total += sessions;
  switch (status) {
    case SessionStatus::Pending: counts.pending += sessions; break;
    case SessionStatus::Active: counts.active += sessions; break;
    case SessionStatus::Resolved: counts.resolved += sessions; break;
    case SessionStatus::Closed: counts.closed += sessions; break;
  }
}

void count_days(Statistics& statistics, const std::vector<DayStatusCount>& counts) {
  for (const DayStatusCount& each : counts) {
    if (statistics.by_day.empty() || statistics.by_day.back().date != each.date) {
      statistics.by_day.push_back({.date = each.date, .counts = {}});
    }
    const SessionStatus status = status_of(each.status);
    add(statistics.by_day.back().counts, status, each.sessions);
    add(statistics.counts, status, each.sessions);
  }
}

std::int64_t average_seconds(const std::vector<FirstMessages>& sessions) {
  if (sessions.empty()) return 0;
  std::chrono::duration<double> sum{0};
  for (const FirstMessages& each : sessions) sum += each.from_agent - each.from_user;
  return std::llround(sum.count() / static_cast<double>(sessions.size()));
}

}  // namespace

std::optional<Timestamp> start_of(DateFilter filter, Timestamp now) {
  using std::chrono::January;
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{today};
  switch (filter) {
    case DateFilter::Today: return today;
    case DateFilter::LastWeek: return now - std::chrono::days(7);
    case DateFilter::ThisMonth: return std::chrono::sys_days(date.year() / date.month() / 1);
    case DateFilter::ThisYear: return std::chrono::sys_days(date.year() / January / 1);
    case DateFilter::All: return std::nullopt;
  }
  return std::nullopt;
}

Statistics statistics_of(database::Connection& connection, const Caller& caller,
                         const StatisticsRequest& request, Timestamp now) {
  const std::optional<Timestamp> start = start_of(request.date_filter, now);
  std::vector<store::Condition<SessionRow>> conditions{visible_to(caller)};
  if (start) conditions.push_back(store::greater_or_equal<&SessionRow::created_at>(*start));
  if (!request.agent.empty()) {
    conditions.push_back(
        store::equals<&SessionRow::assigned_agent_id>(agent_id_of(connection, request.agent)));
  }
  const auto condition = all_of(conditions);
  Statistics statistics;
  count_days(statistics, count_sessions_by_day(connection, condition));
  statistics.average_response_time_seconds = average_seconds(first_messages(connection, condition));
  statistics.from = start ? start : store::min<&SessionRow::created_at>(connection, condition);
  statistics.to = start ? now : store::max<&SessionRow::created_at>(connection, condition);
  return statistics;
}

}  // namespace parley::live_agent
