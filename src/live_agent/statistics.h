#pragma once

// The figures of the dashboard, over the sessions that the caller may see. Functions run inside a
// transaction given by the store. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "live_agent/access.h"
#include "store/connection.h"

namespace parley::live_agent {

struct StatusCounts {
  std::int64_t total = 0;
  std::int64_t pending = 0;
  std::int64_t active = 0;
  std::int64_t resolved = 0;
  std::int64_t closed = 0;

  bool operator==(const StatusCounts&) const = default;
};

struct DayCounts {
  std::string date;
  StatusCounts counts;
};

struct Statistics {
  StatusCounts counts;
  std::int64_t average_response_time_seconds = 0;
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
  std::vector<DayCounts> by_day;  ///< Ascending; days without sessions are absent.
};

struct StatisticsRequest {
  DateFilter date_filter = DateFilter::All;
  std::string agent;  ///< An id or an e-mail; empty: all.
};

/// The first instant that the filter includes, in UTC; nothing for `all`.
std::optional<Timestamp> start_of(DateFilter filter, Timestamp now);

Statistics statistics_of(database::Connection& connection, const Caller& caller,
                         const StatisticsRequest& request, Timestamp now);

}  // namespace parley::live_agent
