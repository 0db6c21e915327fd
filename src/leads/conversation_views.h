#pragma once

// Conversations as they are read: lists of messages that a client goes on from, the sessions in
// which something happened last, and what a session is about. Read transactions of the caller.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "leads/tables.h"
#include "store/connection.h"
#include "store/query.h"

namespace parley::leads {

struct MessageWindow {
  std::int64_t limit = 50;
  std::optional<Timestamp> since;  ///< Only later ones.
  /// With `since`: also those of that instant with a higher id.
  std::optional<std::int64_t> since_id;
};

/// The messages of the lead, of all its sessions, for which `condition` holds, oldest first; the
/// limit keeps the oldest.
std::vector<MessageRow> messages_of(store::Connection& connection, std::int64_t lead_id,
                                    const MessageWindow& window,
                                    const store::Condition<MessageRow>& condition = {});

/// A session with its people and its last words.
struct Conversation {
  AgentSessionRow session;
  LeadRow lead;
  AgentRow agent;
  std::optional<std::string> last_content;
};

/// The newest `limit` by their last message; those without any come last.
std::vector<Conversation> recent_conversations(store::Connection& connection, std::int64_t limit);

/// The session with its people; nothing when there is no such session.
std::optional<Conversation> find_conversation(store::Connection& connection,
                                              std::int64_t session_id);
/// That of the lead's live session.
std::optional<Conversation> live_conversation(store::Connection& connection, std::int64_t lead_id);

JsonObject conversation_json(const Conversation& conversation);
/// `{session_id, agent, lead, session}`: what somebody who answers has to know.
JsonObject context_json(const Conversation& conversation);
/// Whether a person has the session, and since when.
JsonObject status_json(const AgentSessionRow& session);
/// Figures over all sessions.
JsonObject routing_figures_json(store::Connection& connection);

}  // namespace parley::leads
