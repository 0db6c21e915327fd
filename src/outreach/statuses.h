#pragma once

// Changing the status of messages: the one way there is, whoever says so. It keeps the history of
// each message, the figures of its session, also of one that has ended, and tells of it. Functions
// run inside a transaction given by the store. The connection's thread.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

/// Whether a status is taken as it is said, or only when it is further on the way.
enum class StatusRule {
  AsSaid,
  /// As callbacks come, twice and in any order: pending < sending < sent < delivered < read, and
  /// `failed` only from below delivered. One that comes too late fills its empty time column.
  ByRank
};

struct StatusChange {
  std::string log_id;
  MessageStatus status = MessageStatus::Pending;
  std::string message_id;  ///< These three overwrite only when they are not empty.
  std::string delivery_status;
  std::string error_message;
  StatusSource source = StatusSource::Api;
  std::optional<Timestamp> provider_time;  ///< When it happened, where the provider says so.
  StatusRule rule = StatusRule::AsSaid;
};

struct StatusOutcome {
  std::vector<MessageLogRow> changed;  ///< As they are now, each once.
  std::vector<std::string> unknown;    ///< Ids of no message of the user, in the order given.
};

/// Makes the changes, in order; several may be of one message. `user_id`: whose messages they must
/// be; nothing: anybody's. Appends a row to each message's history, and `message.status` once for
/// each message.
StatusOutcome change_statuses(store::UnitOfWork& unit, const std::optional<std::string>& user_id,
                              std::span<const StatusChange> changes, Timestamp now);

/// Writes into the time column of the status, when it has one that is empty.
void stamp(MessageLogRow& message, MessageStatus status, Timestamp at);

/// The row of the history that says what the status of `message` now is.
StatusEventRow status_event(const MessageLogRow& message, StatusSource source,
                            const std::optional<Timestamp>& provider_time, Timestamp now);

}  // namespace parley::outreach
