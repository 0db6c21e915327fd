#pragma once

// What an agent says: the greeting of a session and the answers to its lead. Without a model both
// are fixed texts, written together with what caused them; with one they are jobs (reply_jobs.h).
// Functions of a write transaction in which the session's lead is locked, unless said otherwise.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "leads/tables.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// Who finds the words.
enum class Responding { Offline, ByModel };

/// The words for one message of an agent, and where they come from.
struct Words {
  std::string content;
  std::string model_used;
  std::string prompt_used;
  std::int64_t response_time_ms = 0;
  Json token_usage = JsonObject{};
  std::optional<std::string> ai_error;  ///< Why a fixed text stands in for the model's.
};

/// The fixed texts. Pure.
Words offline_greeting(const LeadRow& lead, const AgentRow& agent);
Words offline_reply(const LeadRow& lead, const AgentRow& agent);

/// Greets the lead of a session that has just begun: at once, or by a job, which is begun within a
/// second of the commit.
void greet(store::UnitOfWork& unit, Responding responding, AgentSessionRow& session,
           const LeadRow& lead, const AgentRow& agent, Timestamp now);

/// Stores these words of the agent as its greeting, or as the answer to `answered`, and moves the
/// agent's figures on. Returns the message.
MessageRow add_greeting(store::UnitOfWork& unit, AgentSessionRow& session, const LeadRow& lead,
                        const AgentRow& agent, const Words& words, Timestamp now);
MessageRow add_reply(store::UnitOfWork& unit, AgentSessionRow& session, const LeadRow& lead,
                     const AgentRow& agent, const MessageRow& answered, const Words& words,
                     Timestamp now);

/// The same of any other message of the agent, with this metadata.
MessageRow add_words(store::UnitOfWork& unit, AgentSessionRow& session, const LeadRow& lead,
                     const AgentRow& agent, const Words& words, JsonObject metadata, Timestamp now);

/// True when the session has been greeted.
bool has_greeting(store::Connection& connection, std::int64_t session_id);

}  // namespace parley::leads
