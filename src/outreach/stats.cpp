#include "outreach/stats.h"

#include "outreach/figures.h"
#include "outreach/lists.h"
#include "store/query.h"

namespace parley::outreach {

using store::all_of;
using store::equals;

QuickStats quick_stats(database::Connection& connection, Times times, const std::string& user_id,
                       Timestamp now) {
  const Timestamp since = now - std::chrono::days(kDays);
  const auto messages =
      all_of(equals<&MessageLogRow::user_id>(user_id), logged_since(times, since));
  QuickStats stats;
  Figures figures;
  for (const auto& [status, count] :
       store::count_by<&MessageLogRow::message_status>(connection, messages)) {
    figures.add(status, count);
  }
  stats.messages = figures.total;
  stats.success_rate = figures.success_rate();
  std::int64_t most = 0;
  for (const auto& [channel, count] :
       store::count_by<&MessageLogRow::channel>(connection, messages)) {
    if (count > most) stats.most_used_channel = channel;
    most = std::max(most, count);
  }
  const auto of_user = equals<&SessionSummaryRow::user_id>(user_id);
  stats.sessions = store::count(connection, all_of(of_user, started_since(times, since)));
  stats.has_open_session =
      store::exists(connection, all_of(of_user, store::is_null<&SessionSummaryRow::end_time>()));
  return stats;
}

}  // namespace parley::outreach
