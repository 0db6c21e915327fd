#pragma once

// The events of the module: what is appended to the log when something happened. `data` is the
// object that the API answers with, so that a client has one reader for both. Everything about a
// lead has the lead's topic, so that whoever reads one topic reads one conversation in order. Who
// may call the module may see all of them. Pure functions; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "leads/tables.h"
#include "store/unit_of_work.h"

namespace parley::leads {

inline constexpr std::string_view kLeadCreated = "lead.created";
inline constexpr std::string_view kMessageCreated = "message.created";

/// The topic of events about a lead, its sessions, messages and follow-ups.
std::string lead_topic(std::int64_t lead_id);

store::Event lead_created(const LeadRow& lead);
store::Event lead_updated(const LeadRow& lead);
store::Event lead_deleted(const LeadRow& lead);

store::Event session_started(const AgentSessionRow& session);
/// The session, and its status of before as `old_status`.
store::Event session_status_changed(const AgentSessionRow& session, std::string_view old_status);

store::Event message_created(const MessageRow& message);
/// The message, after its delivery or its receipt was noted.
store::Event message_delivery(const MessageRow& message);

store::Event follow_up_scheduled(const FollowUpTaskRow& task);
store::Event follow_up_executed(const FollowUpTaskRow& task);
store::Event follow_up_cancelled(const FollowUpTaskRow& task);

store::Event agent_created(const AgentRow& agent);
store::Event agent_updated(const AgentRow& agent);
store::Event agent_deleted(const AgentRow& agent);

}  // namespace parley::leads
