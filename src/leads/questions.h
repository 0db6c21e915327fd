#pragma once

// What the model is asked when an agent is to say something: the agent's filled template with a
// block about the conversation as system message, the latest messages in their order, and the
// lead's new text once. Reads only; the connection's thread.

#include <cstdint>
#include <optional>
#include <string>

#include "ai/language_model.h"
#include "leads/tables.h"
#include "store/connection.h"

namespace parley::leads {

/// How many messages before the new one the model sees.
inline constexpr std::int64_t kContextMessages = 10;

/// Everything about one thing to say.
struct Question {
  AgentSessionRow session;
  LeadRow lead;
  AgentRow agent;
  std::optional<MessageRow> answered;  ///< Absent: it is the greeting.
  ai::Request request;
};

/// The question of a session as it is now. `model` stands for the agent's own when it is not empty.
Question question_of(store::Connection& connection, AgentSessionRow session, LeadRow lead,
                     AgentRow agent, std::optional<MessageRow> answered, const std::string& model);

/// The agent's temperature; the usual one when what is stored is none. Pure.
double temperature_of(const AgentRow& agent);

/// The system message. Pure.
std::string system_text(const LeadRow& lead, const AgentRow& agent, const AgentSessionRow& session);

/// What is kept of a system message with the answer: its beginning.
std::string kept_prompt(const std::string& system_text);

}  // namespace parley::leads
