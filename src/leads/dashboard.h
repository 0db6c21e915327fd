#pragma once

// What the dashboard of the web client shows, over everything that is stored. Functions run inside
// a transaction given by the store. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "leads/lead_records.h"
#include "leads/tables.h"
#include "leads/workflows.h"
#include "store/connection.h"

namespace parley::leads {

struct DashboardMetrics {
  LeadFigures leads;
  std::int64_t leads_today = 0;  ///< UTC.
  std::int64_t agents = 0;
  std::int64_t active_agents = 0;
  SessionFigures sessions;
  std::int64_t messages = 0;
  std::int64_t pending_follow_ups = 0;
};

DashboardMetrics dashboard_metrics(database::Connection& connection, Timestamp now);

/// Newest first.
std::vector<LeadRow> recent_leads(database::Connection& connection, std::int64_t count_max);

/// Something that happened lately.
struct Activity {
  std::string type;  ///< `lead_created`, `message`, `session_started`.
  std::string id;    ///< `message-7`.
  std::string title;
  std::string description;
  std::int64_t lead_id = 0;
  std::optional<std::int64_t> session_id;
  Timestamp at{};
};

/// Newest first, of leads, sessions and messages together.
std::vector<Activity> recent_activity(database::Connection& connection, std::int64_t count_max);

/// The sessions that began last, newest first.
std::vector<AgentSessionRow> newest_sessions(database::Connection& connection,
                                             std::int64_t count_max);

}  // namespace parley::leads
