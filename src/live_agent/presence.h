#pragma once

// Presence and push tokens (`live_agent_profiles`), keyed by the agent's e-mail. Functions run
// inside a transaction given by the store. The connection's thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "live_agent/access.h"
#include "live_agent/tables.h"
#include "store/connection.h"

namespace parley::live_agent {

std::optional<ProfileRow> find_profile(database::Connection& connection,
                                       std::string_view agent_email);

struct PresenceChange {
  bool is_online = false;
  std::string fcm_token;              ///< Empty: stays.
  std::optional<AgentStatus> status;  ///< Only `busy` counts, and only while online.
};

/// Sets the presence of the calling agent, whose profile is made when there is none. Returns the
/// profile.
ProfileRow set_presence(database::Connection& connection, const Caller& agent,
                        const PresenceChange& change, Timestamp now);

/// Sets the push token alone.
ProfileRow set_push_token(database::Connection& connection, const Caller& agent,
                          const std::string& fcm_token, Timestamp now);

/// Moves the profile of `old_email`, when there is one, to the e-mail and name of `user`.
void rename_profile(database::Connection& connection, const std::string& old_email,
                    const UserRow& user);

}  // namespace parley::live_agent
