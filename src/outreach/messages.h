#pragma once

// Messages as they are logged, and found again. Functions run inside a transaction given by the
// store, and throw `http::Problem` for what the caller must hear. The connection's thread.

#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/records.h"
#include "outreach/tables.h"
#include "store/connection.h"
#include "store/submission_queue.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

/// The messages of one request, and once they are written the rows of them, in order.
struct Logging : store::BulkItem {
  std::string user_id;
  std::vector<Record> records;

  std::vector<MessageLogRow> logged;
};

/// Logs messages: the rows, the first status of those that are not pending in their history, and
/// the figures of their sessions; `message.logged` for each. A record without a session goes to the
/// newest open one of its channel, which is opened when there is none. Many are as few statements
/// as one. The error of an item is 404 for a session that is not the caller's; nothing is written
/// for it.
void log_messages(store::UnitOfWork& unit, std::span<Logging* const> loggings, Timestamp now);

/// The message of the user. Throws the 404 problem when there is none.
MessageLogRow message_for(database::Connection& connection, const std::string& user_id,
                          const std::string& log_id);

}  // namespace parley::outreach
