#include "chat/access.h"

#include <algorithm>

#include "base/text.h"

namespace parley::chat {

Role role_of(const MembershipRow& membership) {
  return parse_word<Role>(membership.role).value_or(Role::Viewer);
}

std::optional<std::vector<std::string>> agent_ids_of(const std::optional<Json>& manage_agent_ids) {
  if (!manage_agent_ids || !manage_agent_ids->is_array()) return std::nullopt;
  std::vector<std::string> ids;
  for (const Json& each : manage_agent_ids->get_array()) {
    if (each.is_string()) ids.push_back(lower(each.get_string()));
  }
  if (manage_agent_ids->get_array().empty()) return std::nullopt;
  return ids;
}

std::optional<std::vector<std::string>> usable_agents(const MembershipRow& membership) {
  if (kManagers.contains(role_of(membership))) return std::nullopt;
  return agent_ids_of(membership.manage_agent_ids);
}

bool may_use(const MembershipRow& membership, const std::string& agent_id) {
  const auto usable = usable_agents(membership);
  return !usable || std::ranges::find(*usable, agent_id) != usable->end();
}

}  // namespace parley::chat
