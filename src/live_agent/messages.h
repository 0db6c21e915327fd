#pragma once

// Messages: sending them and reading pages of them. Functions run inside a transaction given by the
// store, and throw `http::Problem` for what the caller must hear. The connection's thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "live_agent/access.h"
#include "live_agent/auth.h"
#include "live_agent/tables.h"
#include "store/submission_queue.h"

namespace parley::live_agent {

inline constexpr std::size_t kMessageCharactersMax = 16000;

struct NewMessage {
  std::string message_text;
  Side sender = Side::User;
  std::optional<JsonObject> metadata;
};

/// A message of the caller that is not stored yet.
MessageRow new_message(const std::string& session_id, const Caller& caller,
                       const NewMessage& message, Timestamp created_at);

/// A message to send, and once it was sent the row of it.
struct Sending : store::BulkItem {
  Identity identity;
  std::string session_id;
  NewMessage message;
  std::string
      guard_id;  ///< Of an answer that was never delivered (store/idempotency.h); may be empty.

  std::string sent;          ///< The message as it goes over the wire.
  bool is_replayed = false;  ///< It had been sent before, and the answer did not arrive.
  /// The status of the session that the message has reopened; absent for all others.
  std::optional<SessionStatus> status_before;
  std::optional<WebhookDeliveryRow> push;         ///< To be delivered once the message is on disk.
  std::optional<WebhookDeliveryRow> status_push;  ///< The same, of a session that was reopened.
};

/// How long a message whose answer could not be delivered is recognised when it is sent again.
inline constexpr std::chrono::seconds kRetryWindow{120};

/// Sends messages into their sessions: the messages, and of each session last_message_at, status
/// and the other side's counter. Events: `message.created`, and behind it `session.status_changed`
/// when the message has reopened its session. Many are as few statements as one: this is what a
/// server does most. The error of an item is 401, 404, 403 (no access, or a side that is not the
/// caller's) or 409 `session_closed`; nothing is written for it. A message with a `guard_id` under
/// which an answer is kept has been sent already, and gets that answer.
void send_messages(store::UnitOfWork& unit, std::span<Sending* const> sendings, Timestamp now);

struct MessagePage {
  std::vector<MessageRow> messages;  ///< Ascending.
  std::int64_t total = 0;
};

/// Page 1 is the newest block of the session, page 2 the one before it, each ascending by id.
MessagePage newest_messages(database::Connection& connection, const std::string& session_id,
                            const api::Page& page);

/// Which messages a poll asks for.
struct MessageWindow {
  std::int64_t limit = 50;
  std::int64_t offset = 0;
  std::optional<Timestamp> since;        ///< Strictly later than this…
  std::optional<std::int64_t> since_id;  ///< …or of the same instant with a higher id.
};

struct PolledMessages {
  MessagePage page;
  bool has_more = false;
};

/// Without `since` the newest messages after leaving out `offset` newest; with it the oldest that
/// are later.
PolledMessages poll_messages(database::Connection& connection, const std::string& session_id,
                             const MessageWindow& window);

/// The message of that id; nothing when there is none.
std::optional<MessageRow> find_message(database::Connection& connection, std::int64_t id);

}  // namespace parley::live_agent
