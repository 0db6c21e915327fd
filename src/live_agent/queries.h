#pragma once

// The queries of this module that a declaration alone cannot express. Their SQL is the same for
// every engine, and its names still come from the declarations. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "live_agent/tables.h"
#include "live_agent/vocabulary.h"
#include "store/connection.h"
#include "store/query.h"

namespace parley::live_agent {

/// How many sessions of one day (UTC) have a status.
struct DayStatusCount {
  std::string date;  ///< `2025-01-31`.
  std::optional<std::string> status;
  std::int64_t sessions = 0;
};

/// By creation day and status, days ascending.
std::vector<DayStatusCount> count_sessions_by_day(database::Connection& connection,
                                                  const store::Condition<SessionRow>& condition);

/// The first message of each side of one session.
struct FirstMessages {
  Timestamp from_user;
  Timestamp from_agent;
};

/// Of each of the sessions in which both sides have written.
std::vector<FirstMessages> first_messages(database::Connection& connection,
                                          const store::Condition<SessionRow>& condition);

/// Sets the counter of the reading side to the number of messages that `unread` holds for. One
/// statement: as part of a write, InnoDB's subquery sees what others have committed, where a SELECT
/// of its own would see the snapshot of the transaction (MySQL manual, "Locks Set by Different SQL
/// Statements").
void recount_unread(database::Connection& connection, const std::string& session_id, Side reader,
                    const store::Condition<MessageRow>& unread, Timestamp now);

}  // namespace parley::live_agent
