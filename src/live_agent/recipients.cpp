#include "live_agent/recipients.h"

#include <map>

#include "live_agent/accounts.h"
#include "live_agent/presence.h"
#include "live_agent/sessions.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;

bool has_push_token(const ProfileRow& profile) {
  return profile.fcm_token && !profile.fcm_token->empty();
}

JsonObject recipient(const UserRow& agent, const ProfileRow& profile) {
  return {{"side", word(Side::Agent)},
          {"agent_id", agent.id},
          {"email", agent.email},
          {"name", display_name(agent)},
          {"fcm_token", *profile.fcm_token}};
}

json::array assignee(store::Connection& connection, std::int64_t agent_id) {
  const std::optional<UserRow> agent = find_active_agent(connection, agent_id);
  if (!agent) return {};
  const std::optional<ProfileRow> profile = find_profile(connection, agent->email);
  if (!profile || !has_push_token(*profile)) return {};
  return {recipient(*agent, *profile)};
}

json::array everyone_online(store::Connection& connection) {
  std::map<std::string, ProfileRow> profiles;
  std::vector<std::string> emails;
  for (ProfileRow& profile :
       store::select<ProfileRow>().where(equals<&ProfileRow::is_online>(true)).all(connection)) {
    if (!has_push_token(profile)) continue;
    emails.push_back(profile.agent_id);
    profiles.emplace(profile.agent_id, std::move(profile));
  }
  json::array recipients;
  if (emails.empty()) return recipients;
  for (const UserRow& agent :
       store::select<UserRow>()
           .where(all_of(store::one_of<&UserRow::email>(emails), equals<&UserRow::is_active>(true)))
           .order_by<&UserRow::id>()
           .all(connection)) {
    const auto profile = profiles.find(agent.email);
    if (profile != profiles.end()) recipients.push_back(recipient(agent, profile->second));
  }
  return recipients;
}

}  // namespace

json::array recipients_of(store::Connection& connection, const std::string& session_id, Side side) {
  const std::optional<SessionRow> session = find_session(connection, session_id);
  if (!session) return {};
  if (side == Side::User) {
    return {JsonObject{{"side", word(Side::User)},
                       {"tenant_domain", session->tenant_domain},
                       {"user_account", session->user_account}}};
  }
  return session->assigned_agent_id ? assignee(connection, *session->assigned_agent_id)
                                    : everyone_online(connection);
}

}  // namespace parley::live_agent
