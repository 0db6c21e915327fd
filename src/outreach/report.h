#pragma once

// The analytics report: what came of a user's messages in the last days, computed in one pass over
// them whose memory is that of the different texts in it. Functions that take a connection run
// inside a transaction given by the store.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "outreach/queries.h"
#include "store/connection.h"

namespace parley::outreach {

/// How long a stored report is given out again.
inline constexpr std::chrono::hours kReportLifetime{1};

using TextCount = std::pair<std::string, std::int64_t>;
using Rated = std::pair<std::string, double>;

struct TemplateFigures {
  std::string name;
  std::int64_t total = 0;
  std::int64_t successful = 0;
  std::int64_t failed = 0;
  std::int64_t delivered = 0;  ///< Those that were read included.
  std::int64_t read = 0;
};

struct Report {
  std::string report_id;
  Timestamp generated_at{};
  std::string user_id;
  Timestamp start{};
  Timestamp end{};
  std::int64_t total_messages_sent = 0;
  std::int64_t total_sessions = 0;
  std::vector<std::string> channels_used;   ///< Most used first, then by name.
  std::vector<std::string> templates_used;  ///< The same.
  double overall_success_rate = 0;
  std::vector<Rated> success_by_channel;
  std::vector<Rated> success_by_template;
  std::vector<TextCount> success_by_day;  ///< By date, days without a success left out.
  double average_messages_per_session = 0;
  double average_session_duration = 0;  ///< Seconds.
  std::vector<std::int64_t> peak_sending_hours;
  std::vector<std::string> busiest_days;
  std::vector<TextCount> common_errors;
  /// Of each of those, how many on each date of the range.
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> error_trends;
  std::vector<TextCount> top_companies;
  std::vector<TextCount> repeat_recipients;
  std::vector<TemplateFigures> template_performance;
  std::vector<std::string> recommendations;
};

Report make_report(database::Connection& connection, Times times, const std::string& user_id,
                   std::int64_t days, Timestamp now);

/// `{user_id}_{days}d_{YYYYMMDD}`
std::string report_id_of(const std::string& user_id, std::int64_t days, Timestamp now);

/// The 22 fields.
std::string report_text(const Report& report);

/// The text that was stored under the id and is younger than `kReportLifetime`.
std::optional<std::string> stored_report(database::Connection& connection,
                                         const std::string& report_id, Timestamp now);

/// Puts the report, as that text, in the place of an older one of its id.
void store_report(database::Connection& connection, const Report& report, const std::string& text);

}  // namespace parley::outreach
