#pragma once

// Accounts and who is in them: names, members, roles, invitations. Functions run inside a
// transaction given by the store, and throw `http::Problem` for what the caller must hear. The
// connection's thread.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/auth.h"
#include "chat/tables.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::chat {

inline constexpr std::chrono::days kInvitationLifetime{7};

/// Requires: there is one, as there is for every membership.
AccountRow account_of(database::Connection& connection, const std::string& id);
AccountRow rename_account(database::Connection& connection, const std::string& id,
                          const std::string& name);

/// Somebody in the list of a team: a member, or one who has been invited.
struct TeamMember {
  std::optional<std::string> user_id;
  std::string email;
  std::string role;
  std::optional<Json> agents;
  enum class Status { Active, Inactive, Pending, Expired } status = Status::Active;
};
std::vector<TeamMember> team_of(database::Connection& connection, const std::string& account_id,
                                Timestamp now);

struct Invitation {
  std::string email;
  Role role = Role::Member;
  std::optional<Json> agents;  ///< Ids, or nothing for all.
};
/// Invites and returns the secret of the invitation. Throws 400 when that is a member or invited
/// already, or an agent is not one of the account.
std::string invite(database::Connection& connection, const Caller& caller,
                   const Invitation& invitation, Timestamp now);

/// What to change of a member; absent members stay.
struct MemberChange {
  std::optional<Role> role;
  std::optional<std::optional<Json>> agents;  ///< An inner nothing: all agents.
};
/// Throws 404 for nobody, 400 for the last owner, 403 for making an owner, or changing one without
/// being one.
void change_member(store::UnitOfWork& unit, const Caller& caller, const std::string& user_id,
                   const MemberChange& change);

/// The same for letting somebody go, whose tokens for the account are void then. Their chats stay.
void remove_member(store::UnitOfWork& unit, const Caller& caller, const std::string& user_id,
                   Timestamp now);

/// A new account of that name with its owner. Returns its row.
AccountRow found_account(database::Connection& connection, const std::string& name,
                         const UserRow& owner, Timestamp now);

MembershipRow add_member(database::Connection& connection, const std::string& account_id,
                         const std::string& user_id, Role role, const std::optional<Json>& agents,
                         Timestamp now);

}  // namespace parley::chat
