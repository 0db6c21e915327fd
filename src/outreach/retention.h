#pragma once

// Deletes what is too old to be kept: messages with their history, sessions, stored reports and
// delivery records. The figures of the sessions that stay are not touched. Functions run inside a
// transaction given by the store. The connection's thread.

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "outreach/queries.h"
#include "store/connection.h"

namespace parley::outreach {

enum class Deletion { ForReal, DryRun };

struct Deleted {
  std::int64_t messages = 0;
  std::int64_t sessions = 0;
  std::int64_t reports = 0;
  std::int64_t deliveries = 0;

  std::int64_t total() const { return messages + sessions + reports + deliveries; }
};

/// Deletes, or counts, what the user has from before `cutoff`. A delivery record is the user's when
/// one of the user's messages has its message_id.
Deleted delete_old(database::Connection& connection, Times times, const std::string& user_id,
                   Timestamp cutoff, Deletion deletion);

/// Tells the system log of it, unless nothing was deleted.
void note_deletion(database::Connection& connection, const Deleted& deleted,
                   const std::string& user_id, std::int64_t days, Timestamp now);

}  // namespace parley::outreach
