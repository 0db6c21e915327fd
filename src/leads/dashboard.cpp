#include "leads/dashboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "leads/variables.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;

constexpr std::size_t kPreviewCharacters = 100;

template <auto Id>
std::vector<store::RowOf<Id>> newest(database::Connection& connection, std::int64_t count_max) {
  return store::select<store::RowOf<Id>>()
      .template order_by<Id>(Order::Descending)
      .limit(count_max)
      .all(connection);
}

Activity activity_of(const LeadRow& lead) {
  return {.type = "lead_created",
          .id = fmt::format("lead-{}", lead.id),
          .title = "New lead",
          .description = fmt::format("{} from {}", full_name_of(lead), lead.source),
          .lead_id = lead.id,
          .session_id = {},
          .at = lead.created_at.value_or(Timestamp{})};
}

Activity activity_of(const AgentSessionRow& session) {
  return {.type = "session_started",
          .id = fmt::format("session-{}", session.id),
          .title = "Session started",
          .description = "Opened by " + session.trigger_type,
          .lead_id = session.lead_id,
          .session_id = session.id,
          .at = session.created_at};
}

Activity activity_of(const MessageRow& message) {
  return {.type = "message",
          .id = fmt::format("message-{}", message.id),
          .title = "Message from " + message.sender_name.value_or(message.sender_type),
          .description = std::string(first_code_points(message.content, kPreviewCharacters)),
          .lead_id = message.lead_id,
          .session_id = message.agent_session_id,
          .at = message.created_at.value_or(Timestamp{})};
}

}  // namespace

DashboardMetrics dashboard_metrics(database::Connection& connection, Timestamp now) {
  const auto listed = is_listed();
  const Timestamp today = std::chrono::floor<std::chrono::days>(now);
  return {
      .leads = lead_figures(connection),
      .leads_today = store::count(connection, store::greater_or_equal<&LeadRow::created_at>(today)),
      .agents = store::count(connection, listed),
      .active_agents = store::count(connection, all_of(listed, equals<&AgentRow::is_active>(true))),
      .sessions = session_figures(connection),
      .messages = store::count<MessageRow>(connection),
      .pending_follow_ups =
          store::count(connection, equals<&FollowUpTaskRow::status>(word(TaskStatus::Pending)))};
}

std::vector<LeadRow> recent_leads(database::Connection& connection, std::int64_t count_max) {
  return newest<&LeadRow::id>(connection, count_max);
}

std::vector<AgentSessionRow> newest_sessions(database::Connection& connection,
                                             std::int64_t count_max) {
  return newest<&AgentSessionRow::id>(connection, count_max);
}

std::vector<Activity> recent_activity(database::Connection& connection, std::int64_t count_max) {
  std::vector<Activity> found;
  for (const auto& each : newest<&LeadRow::id>(connection, count_max)) {
    found.push_back(activity_of(each));
  }
  for (const auto& each : newest<&AgentSessionRow::id>(connection, count_max)) {
    found.push_back(activity_of(each));
  }
  for (const auto& each : newest<&MessageRow::id>(connection, count_max)) {
    found.push_back(activity_of(each));
  }
  std::ranges::stable_sort(found, std::greater<>(), &Activity::at);
  if (static_cast<std::int64_t>(found.size()) > count_max) {
    found.resize(static_cast<std::size_t>(count_max));
  }
  return found;
}

}  // namespace parley::leads
