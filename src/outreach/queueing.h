#pragma once

// Queueing the messages of a run: for new recipients, or those that were logged and wait. Functions
// run inside a write transaction of the caller, and throw `http::Problem` for what the caller must
// hear. The connection's thread.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/tables.h"
#include "outreach/template.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

struct SendRequest {
  MessageTemplate message;
  /// New messages, one each; nothing: those that the session has logged as `pending`.
  std::optional<std::vector<TemplateRecipient>> recipients;
  std::vector<std::string> log_ids;  ///< Of the logged ones only these; none: all.
  std::optional<std::string> via;    ///< The configured channel.
};

/// Most messages that one request queues.
inline constexpr std::size_t kQueuedAtOnce = 10'000;

struct Queued {
  std::vector<std::string> log_ids;
  bool has_more = false;  ///< There are further pending ones: ask again.
};

/// Queues messages of the session for the configured channel of that name. Messages that are queued
/// already stay as they are. Throws the 422 problem for a recipient that the session's channel
/// cannot reach, and the 404 and 409 problems for a `log_id` that is none of the session's, or not
/// pending.
Queued queue_messages(store::UnitOfWork& unit, const SessionSummaryRow& session,
                      const SendRequest& request, const std::string& channel, Timestamp now);

/// Logs a pending message of the session for each recipient and queues none: their fields stand in
/// its metadata, where a later `queue_messages` finds them. Throws as that does.
std::vector<std::string> log_pending(store::UnitOfWork& unit, const SessionSummaryRow& session,
                                     const MessageTemplate& message,
                                     const std::vector<TemplateRecipient>& recipients,
                                     Timestamp now);

}  // namespace parley::outreach
