#pragma once

// What is told to the URLs that subscribed to this module's own webhooks: flat objects, as the
// original's receivers read them. Pure functions; any thread.

#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "leads/tables.h"

namespace parley::leads {

inline constexpr std::string_view kAgentMessageSent = "agent_message_sent";
inline constexpr std::string_view kOutboundLeadCreated = "lead_created";

/// A message of an agent with everything about it.
struct SentMessage {
  MessageRow message;
  AgentSessionRow session;
  LeadRow lead;
  AgentRow agent;
};

/// `agent_message_sent`.
JsonObject agent_message_payload(const SentMessage& sent);

/// `lead_created`, for a lead that did not come from the platform.
JsonObject lead_created_payload(const LeadRow& lead, Timestamp now);

/// `initial_message`, `follow_up` or `response`.
std::string kind_of(const MessageRow& message);

}  // namespace parley::leads
