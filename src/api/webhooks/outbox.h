#pragma once

// The messages of subscriptions between the event log and their receivers, as rows: made from
// events, claimed for an attempt, settled after it, and brought back when somebody asks. Of the
// messages of one subscription about one topic only the first that is not finished is `pending`;
// the others are `waiting` for it, so that a receiver gets what happened in a conversation in
// order, and conversations do not wait for each other.
//
// Functions run inside a write transaction of the caller, on its thread, and throw what the driver
// throws. Requires, where not said otherwise: the subscription was locked in it (`find_and_lock`).

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/event_feed.h"
#include "api/webhooks/format.h"
#include "api/webhooks/subscriptions.h"
#include "base/vocabulary.h"

namespace parley::api::webhooks {

using Message = store::WebhookMessageRow;
using Attempt = store::WebhookAttemptRow;

enum class State {
  Waiting,    ///< For an earlier message of its topic.
  Pending,    ///< To be sent when its time has come.
  Delivered,  ///< The receiver took it.
  Dead        ///< Given up.
};

/// While this lasts, only the node that has begun an attempt deals with it. Longer than an attempt.
inline constexpr std::chrono::seconds kClaim{35};

/// Makes messages of the next events of the log that the subscription wants and its owner may see,
/// and moves the subscription on. True when there are more.
bool take_events(database::Connection& connection, const Subscription& subscription,
                 const Viewer& owner, const Format& format, Timestamp now);

/// Takes messages whose time has come, at most `count_max`, for an attempt each.
std::vector<Message> claim_due(database::Connection& connection, const std::string& subscription_id,
                               std::int64_t count_max, Timestamp now);

/// True when some message's time has come. Needs no lock.
bool has_due(database::Connection& connection, const std::string& subscription_id, Timestamp now);

/// How an attempt ended.
struct Outcome {
  Timestamp started_at{};
  std::chrono::milliseconds duration{};
  std::optional<int> status;         ///< Absent: there was no answer.
  std::optional<std::string> error;  ///< Absent: the receiver took it.
  bool is_gone = false;              ///< The receiver never wants anything again.
  /// After what time the receiver, which failed, asks to be called again (`Retry-After`).
  std::optional<std::chrono::milliseconds> retry_after;
};

/// The longest pause that a receiver may ask for.
inline constexpr std::chrono::hours kRetryAfterMax{24};

/// Records the attempt for which `message` was claimed. `chance` as for `pause_after`.
void settle(database::Connection& connection, const Message& message, const Outcome& outcome,
            const Pauses& pauses, double chance, Timestamp now);

/// Gives back a message whose attempt did not take place.
void give_back(database::Connection& connection, const Message& message, Timestamp now);

/// A message of kind `webhook.test` that says so, at once.
Message add_test(database::Connection& connection, const std::string& subscription_id,
                 Timestamp now);
inline constexpr std::string_view kTestKind = "webhook.test";

/// Has the message sent once more, or at once when it is not finished.
void redeliver(database::Connection& connection, const Message& message, Timestamp now);

/// From when to when events are replayed.
struct TimeRange {
  Timestamp from;
  Timestamp until;  ///< Not any more.
};
struct Replayed {
  std::int64_t messages = 0;
  std::optional<Timestamp> next;  ///< Where to go on, when the range was too much for once.
};
/// Has the events of the range sent again, with the id of the first time where there was one. What
/// is not in the log any more is left out.
Replayed replay(database::Connection& connection, const Subscription& subscription,
                const Viewer& owner, const Format& format, const TimeRange& range, Timestamp now);

struct MessagePage {
  std::vector<Message> messages;
  std::int64_t total = 0;
};
/// The newest first. Needs no lock, nor do the next three.
MessagePage list_messages(database::Connection& connection, const std::string& subscription_id,
                          std::optional<State> state, const Page& page);
std::optional<Message> find_message(database::Connection& connection,
                                    const std::string& subscription_id, const std::string& id);
std::vector<Attempt> attempts_of(database::Connection& connection, const std::string& message_id);

/// Deletes some messages that were finished before `limit`; true when there are more.
bool forget_messages(database::Connection& connection, Timestamp limit);

}  // namespace parley::api::webhooks

namespace parley {

template <>
inline constexpr auto words_of<api::webhooks::State> =
    std::to_array<std::string_view>({"waiting", "pending", "delivered", "dead"});

}  // namespace parley
