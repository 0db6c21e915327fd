#pragma once

// Whom a push is for, as its receiver needs to know it. Inside a read transaction; the connection's
// thread.

#include <string>

#include "base/json.h"
#include "live_agent/vocabulary.h"
#include "store/connection.h"

namespace parley::live_agent {

/// The side of the session as it is now. The user: `{side, tenant_domain, user_account}`. Agents
/// who are active and have a push token, `{side, agent_id, email, name, fcm_token}`: the one to
/// whom the session is assigned, or everyone who is online while it is nobody's. Empty when there
/// is nobody to tell, or no such session.
json::array recipients_of(store::Connection& connection, const std::string& session_id, Side side);

}  // namespace parley::live_agent
