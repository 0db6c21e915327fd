#include "live_agent/presence.h"

#include "live_agent/accounts.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::set;

/// The profile as it is stored, or a new one that is not stored yet (id 0).
ProfileRow profile_of(database::Connection& connection, const Caller& agent, Timestamp now) {
  ProfileRow profile = find_profile(connection, agent.account)
                           .value_or(ProfileRow{.agent_id = agent.account,
                                                .is_online = false,
                                                .status = word(AgentStatus::Offline),
                                                .created_at = now});
  profile.agent_name = agent.name;
  profile.updated_at = now;
  return profile;
}

ProfileRow save(database::Connection& connection, ProfileRow profile) {
  if (profile.id == 0) {
    profile.id = store::insert(connection, profile);
    return profile;
  }
  store::update(connection, equals<&ProfileRow::id>(profile.id),
                set<&ProfileRow::agent_name>(profile.agent_name),
                set<&ProfileRow::fcm_token>(profile.fcm_token),
                set<&ProfileRow::is_online>(profile.is_online),
                set<&ProfileRow::status>(profile.status),
                set<&ProfileRow::last_seen>(profile.last_seen),
                set<&ProfileRow::updated_at>(profile.updated_at));
  return profile;
}

AgentStatus status_after(const PresenceChange& change) {
  if (!change.is_online) return AgentStatus::Offline;
  return change.status == AgentStatus::Busy ? AgentStatus::Busy : AgentStatus::Online;
}

}  // namespace

std::optional<ProfileRow> find_profile(database::Connection& connection,
                                       std::string_view agent_email) {
  return store::select<ProfileRow>()
      .where(equals<&ProfileRow::agent_id>(std::string(agent_email)))
      .first(connection);
}

ProfileRow set_presence(database::Connection& connection, const Caller& agent,
                        const PresenceChange& change, Timestamp now) {
  ProfileRow profile = profile_of(connection, agent, now);
  profile.is_online = change.is_online;
  profile.status = word(status_after(change));
  profile.last_seen = now;
  if (!change.fcm_token.empty()) profile.fcm_token = change.fcm_token;
  return save(connection, std::move(profile));
}

ProfileRow set_push_token(database::Connection& connection, const Caller& agent,
                          const std::string& fcm_token, Timestamp now) {
  ProfileRow profile = profile_of(connection, agent, now);
  profile.fcm_token = fcm_token;
  return save(connection, std::move(profile));
}

void rename_profile(database::Connection& connection, const std::string& old_email,
                    const UserRow& user) {
  // Whoever left a profile behind under the new e-mail has no account any more.
  if (user.email != old_email) {
    store::erase(connection, equals<&ProfileRow::agent_id>(user.email));
  }
  store::update(connection, equals<&ProfileRow::agent_id>(old_email),
                set<&ProfileRow::agent_id>(user.email),
                set<&ProfileRow::agent_name>(display_name(user)));
}

}  // namespace parley::live_agent
