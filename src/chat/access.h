#pragma once

// Who a member is and what that lets them do: roles, and the list of agents of a restricted member.
// Pure functions over values; any thread.

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "chat/tables.h"
#include "chat/vocabulary.h"

namespace parley::chat {

/// The roles that may call an endpoint.
class Roles {
 public:
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit(role);
  }
  constexpr bool contains(Role role) const { return (bits_ & bit(role)) != 0; }

  static constexpr Roles all() { return {Role::Owner, Role::Admin, Role::Member, Role::Viewer}; }

 private:
  static constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }

  unsigned bits_ = 0;
};

inline constexpr Roles kEverybody = Roles::all();
inline constexpr Roles kOwners{Role::Owner};
inline constexpr Roles kManagers{Role::Owner, Role::Admin};
inline constexpr Roles kEditors{Role::Owner, Role::Admin, Role::Member};

/// The role of a membership; a text that nobody knows may only look.
Role role_of(const MembershipRow& membership);

/// The ids in a list of agents as it is stored, lower case; nothing for null and for an empty list.
std::optional<std::vector<std::string>> agent_ids_of(const std::optional<Json>& manage_agent_ids);

/// The agents that a member may use; nothing: all of the account.
std::optional<std::vector<std::string>> usable_agents(const MembershipRow& membership);

/// True when the member may use the agent of that id.
bool may_use(const MembershipRow& membership, const std::string& agent_id);

}  // namespace parley::chat
