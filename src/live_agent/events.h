#pragma once

// The events of the module: what is appended to the log when something happened, and who may see
// it. `data` is the object that the API answers with, so that a client has one reader for both.
// Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "live_agent/access.h"
#include "live_agent/accounts.h"
#include "live_agent/sessions.h"
#include "live_agent/tables.h"
#include "store/unit_of_work.h"

namespace parley::live_agent {

/// The topic of events about the account of that id.
std::string agent_topic(std::int64_t id);
inline constexpr std::string_view kAgentUpdated = "agent.updated";

/// `api_key.revoked`: ends the streams that were opened with the key; nobody is told. Its topic.
std::string api_key_topic(std::int64_t id);
inline constexpr std::string_view kApiKeyRevoked = "api_key.revoked";
store::Event api_key_revoked(std::int64_t id);

/// `session.created`: the session.
store::Event session_created(const SessionView& view);

/// `session.status_changed`: the session, its status of before as `old_status`, and the side that
/// changed it as `changed_by`. Whoever could see the session before or can see it now is told.
store::Event session_status_changed(const SessionRow& before, const SessionView& after,
                                    Side changed_by);

/// `message.created`: the message.
store::Event message_created(const SessionRow& session, const MessageRow& message);

/// Which messages one side has read.
struct Receipt {
  Side reader = Side::User;
  std::optional<std::int64_t> message_id;  ///< Absent: all that the other side had sent.
  std::int64_t messages_updated = 0;
  Timestamp read_at{};
};

/// `messages.read`: the receipt, with the session's id and its counters.
store::Event messages_read(const SessionRow& session, const Receipt& receipt);

/// `agent.created`, `agent.updated`: the agent as those who manage agents see it.
store::Event agent_created(const Agent& agent);
store::Event agent_updated(const Agent& agent);

/// True when `audience`, that of an event, includes the caller: by the rules of `access_to` for
/// what happened in a session; for what happened to an account, those who manage agents and the
/// agent. A bound API key sees what happened in sessions of its tenant only.
bool may_see(const JsonObject& audience, const Caller& caller);

/// Who sees what happens in the session now; also for what is not logged, such as typing.
JsonObject audience_of(const SessionRow& session);

/// The same as the text of the object, without making it: every message has one.
std::string audience_text(const SessionRow& session);

/// All agents, for their presence.
JsonObject audience_of_agents();

}  // namespace parley::live_agent
