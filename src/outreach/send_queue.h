#pragma once

// The queue of messages to send (`send_queue`), which survives the end of any process. A row is a
// message that is still to be sent; its `next_at` is when it is due, and, while a worker has it,
// when that worker is given up. What the table says at any moment is enough to know what may be
// done: a message whose status is `pending` was not given to anybody, one that is `sending` and
// whose worker is gone may have been.
//
// Functions run inside a write transaction of the caller, on its thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/channels/carrier.h"
#include "outreach/quotas.h"
#include "outreach/sending_tables.h"
#include "outreach/tables.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

/// Puts messages into the queue of a channel, in order. Requires: they are `pending` and not in it.
void put_in_queue(database::Connection& connection, std::span<const std::string> log_ids,
                  const std::string& channel, Timestamp now);

/// Which of these messages are in the queue.
std::vector<std::string> queued_among(database::Connection& connection,
                                      std::span<const std::string> log_ids);

/// True when a message of the channel is due. For a read transaction.
bool has_due(database::Connection& connection, const std::string& channel, Timestamp now);

/// Whether a message that may have been sent may be sent again.
enum class Repeat { Allowed, Forbidden };

/// Who takes messages of a channel, and how.
struct Claimant {
  std::string channel;
  std::string worker;
  Repeat repeat = Repeat::Forbidden;
  /// A worker that has not been heard of for so long is given up: longer than any attempt may take.
  std::chrono::seconds lease{300};
};

/// Takes what is due, at most `count_max`. Messages that another worker was sending when it ended,
/// and that must not be repeated, leave the queue with the delivery status `unknown`.
std::vector<SendQueueRow> claim_due(store::UnitOfWork& unit, const Claimant& claimant,
                                    std::int64_t count_max, Timestamp now);

/// Gives back what was claimed and not begun.
void release(database::Connection& connection, const SendQueueRow& row, Timestamp due);

/// A message that is about to be sent: `sending`, and on disk as such.
struct BegunMessage {
  SendQueueRow row;
  MessageLogRow log;
  OutgoingMessage message;
};

/// What became of the wish to begin.
struct Begin {
  std::optional<BegunMessage> begun;  ///< Nothing: not now, or not at all any more.
  std::optional<QuotaDenied> denied;  ///< A quota of this user had no room.
  std::string user_id;
};

/// Begins to send a claimed message: takes its quotas and makes it `sending`. One that another has
/// taken meanwhile, or that is not to be sent any more, is left alone or leaves the queue.
Begin begin_sending(store::UnitOfWork& unit, const SendQueueRow& claimed, const Claimant& claimant,
                    const Carrier& carrier, const Quotas& quotas, Timestamp now);

/// Makes an unclaimed message due later.
void put_off(database::Connection& connection, const std::string& log_id, Timestamp due);

/// Records what became of an attempt. Without a retry left, a transient failure is one for good.
void record_outcome(store::UnitOfWork& unit, const BegunMessage& begun, const SendOutcome& outcome,
                    Repeat repeat, int retries_max, Timestamp now);

/// How long to wait after so many attempts.
std::chrono::seconds pause_after(std::int64_t attempts);

/// Queues a message again that failed, or whose outcome is unknown: what a person decides. Throws
/// the 409 problem when it is neither, or when what it said is not kept.
MessageLogRow retry_message(store::UnitOfWork& unit, const MessageLogRow& message, Timestamp now);

/// The same without a word for a message that we do not send, or that needs no retry.
void retry_message_if_ours(store::UnitOfWork& unit, const std::string& log_id, Timestamp now);

/// Deletes templates that no message of the queue needs any more.
void forget_templates(database::Connection& connection, Timestamp created_before);

}  // namespace parley::outreach
