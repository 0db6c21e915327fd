#include "chat/members.h"

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "chat/access.h"
#include "chat/events.h"
#include "chat/problems.h"
#include "chat/sign_in.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

std::vector<MembershipRow> members_of(database::Connection& connection,
                                      const std::string& account_id) {
  return store::select<MembershipRow>()
      .where(equals<&MembershipRow::account_id>(account_id))
      .order_by<&MembershipRow::created_at>()
      .order_by<&MembershipRow::id>()
      .all(connection);
}

std::vector<InvitationRow> open_invitations(database::Connection& connection,
                                            const std::string& account_id) {
  return store::select<InvitationRow>()
      .where(all_of(equals<&InvitationRow::account_id>(account_id),
                    store::is_null<&InvitationRow::accepted_at>()))
      .order_by<&InvitationRow::created_at>()
      .order_by<&InvitationRow::id>()
      .all(connection);
}

TeamMember team_member(MembershipRow membership, const UserRow& user) {
  return {.user_id = std::move(membership.user_id),
          .email = user.email,
          .role = std::move(membership.role),
          .agents = std::move(membership.manage_agent_ids),
          .status = user.is_active ? TeamMember::Status::Active : TeamMember::Status::Inactive};
}

TeamMember invited(InvitationRow invitation, Timestamp now) {
  return {.user_id = {},
          .email = std::move(invitation.email),
          .role = std::move(invitation.role),
          .agents = std::move(invitation.manage_agent_ids),
          .status = invitation.expires_at > now ? TeamMember::Status::Pending
                                                : TeamMember::Status::Expired};
}

void require_new(database::Connection& connection, const std::string& account_id,
                 const std::string& email, Timestamp now) {
  const auto user = find_user_by_email(connection, email);
  const bool is_member =
      user && store::exists(connection, all_of(equals<&MembershipRow::account_id>(account_id),
                                               equals<&MembershipRow::user_id>(user->id)));
  if (is_member) throw http::bad_request("This person is already a member of the account");
  const bool is_pending =
      store::exists(connection, all_of(equals<&InvitationRow::account_id>(account_id),
                                       equals<&InvitationRow::email>(email),
                                       store::is_null<&InvitationRow::accepted_at>(),
                                       store::greater<&InvitationRow::expires_at>(now)));
  if (is_pending) throw http::bad_request("An invitation for this e-mail is pending already");
}

void require_agents_of(database::Connection& connection, const std::string& account_id,
                       const std::optional<Json>& agents) {
  const auto ids = agent_ids_of(agents);
  if (!ids) return;
  for (const std::string& id : *ids) {
    const bool is_there =
        is_uuid(id) && store::exists(connection, all_of(equals<&AgentRow::id>(id),
                                                        equals<&AgentRow::account_id>(account_id)));
    if (!is_there) throw http::bad_request("Agent " + id + " is not in this account");
  }
}

MembershipRow member_for(database::Connection& connection, const std::string& account_id,
                         const std::string& user_id) {
  std::optional<MembershipRow> member =
      store::select<MembershipRow>()
          .where(all_of(equals<&MembershipRow::account_id>(account_id),
                        equals<&MembershipRow::user_id>(user_id)))
          .for_update()
          .first(connection);
  if (!member) throw http::not_found("Member not found");
  return *std::move(member);
}

/// Locks them, so that of two owners who leave at once the second is the last. Before any other
/// membership is locked, and by id, so that changes wait for each other and never both ways.
std::size_t count_owners(database::Connection& connection, const std::string& account_id) {
  return store::select<MembershipRow>()
      .where(all_of(equals<&MembershipRow::account_id>(account_id),
                    equals<&MembershipRow::role>(word(Role::Owner))))
      .order_by<&MembershipRow::id>()
      .for_update()
      .all(connection)
      .size();
}

bool is_last_owner(const MembershipRow& member, std::size_t owners) {
  return role_of(member) == Role::Owner && owners == 1;
}

/// An admin must not be able to rid an account of its owner.
void require_right_over(const Caller& caller, const MembershipRow& member) {
  if (role_of(member) == Role::Owner && caller.role() != Role::Owner) {
    throw http::forbidden("Only an OWNER may change an OWNER");
  }
}

}  // namespace

AccountRow account_of(database::Connection& connection, const std::string& id) {
  return store::select<AccountRow>().where(equals<&AccountRow::id>(id)).first(connection).value();
}

AccountRow rename_account(database::Connection& connection, const std::string& id,
                          const std::string& name) {
  store::update(connection, equals<&AccountRow::id>(id), set<&AccountRow::name>(name));
  return account_of(connection, id);
}

std::vector<TeamMember> team_of(database::Connection& connection, const std::string& account_id,
                                Timestamp now) {
  std::vector<MembershipRow> members = members_of(connection, account_id);
  std::vector<std::string> user_ids;
  for (const MembershipRow& each : members) user_ids.push_back(each.user_id);
  const std::vector<UserRow> users =
      store::select<UserRow>().where(store::one_of<&UserRow::id>(user_ids)).all(connection);
  std::vector<TeamMember> team;
  for (MembershipRow& member : members) {
    const auto user = std::ranges::find(users, member.user_id, &UserRow::id);
    if (user != users.end()) team.push_back(team_member(std::move(member), *user));
  }
  for (InvitationRow& invitation : open_invitations(connection, account_id)) {
    team.push_back(invited(std::move(invitation), now));
  }
  return team;
}

std::string invite(database::Connection& connection, const Caller& caller,
                   const Invitation& invitation, Timestamp now) {
  const std::string& account_id = caller.membership.account_id;
  if (invitation.role == Role::Owner) throw http::forbidden("Nobody is invited as an OWNER");
  require_new(connection, account_id, invitation.email, now);
  require_agents_of(connection, account_id, invitation.agents);
  std::string secret = random_hex(32);
  store::insert(connection, InvitationRow{.id = make_uuid_at(now),
                                          .account_id = account_id,
                                          .email = invitation.email,
                                          .role = word(invitation.role),
                                          .token_hash = hash_of_token(secret),
                                          .expires_at = now + kInvitationLifetime,
                                          .accepted_at = {},
                                          .manage_schema_ids = {},
                                          .manage_agent_ids = invitation.agents,
                                          .created_at = now});
  return secret;
}

void change_member(store::UnitOfWork& unit, const Caller& caller, const std::string& user_id,
                   const MemberChange& change) {
  const std::size_t owners = count_owners(unit.connection, caller.membership.account_id);
  MembershipRow member = member_for(unit.connection, caller.membership.account_id, user_id);
  if (change.role && *change.role != role_of(member)) {
    if (*change.role == Role::Owner) throw http::forbidden("Nobody can be promoted to OWNER");
    if (is_last_owner(member, owners)) {
      throw http::bad_request("The last OWNER of an account keeps the role");
    }
  }
  require_right_over(caller, member);
  if (change.agents) {
    require_agents_of(unit.connection, member.account_id, *change.agents);
    member.manage_agent_ids = *change.agents;
  }
  if (change.role) member.role = word(*change.role);
  store::update(unit.connection, equals<&MembershipRow::id>(member.id),
                set<&MembershipRow::role>(member.role),
                set<&MembershipRow::manage_agent_ids>(member.manage_agent_ids));
  unit.events.push_back(member_updated(member));
}

void remove_member(store::UnitOfWork& unit, const Caller& caller, const std::string& user_id,
                   Timestamp now) {
  const std::size_t owners = count_owners(unit.connection, caller.membership.account_id);
  const MembershipRow member = member_for(unit.connection, caller.membership.account_id, user_id);
  if (is_last_owner(member, owners)) {
    throw http::bad_request("The last OWNER of an account stays in it");
  }
  require_right_over(caller, member);
  store::erase(unit.connection, equals<&MembershipRow::id>(member.id));
  revoke_tokens(unit.connection, member.user_id, member.account_id, now);
  unit.events.push_back(member_removed(member));
}

AccountRow found_account(database::Connection& connection, const std::string& name,
                         const UserRow& owner, Timestamp now) {
  const AccountRow account{
      .id = make_uuid_at(now), .name = name, .owner_user_id = owner.id, .created_at = now};
  store::insert(connection, account);
  add_member(connection, account.id, owner.id, Role::Owner, {}, now);
  return account;
}

MembershipRow add_member(database::Connection& connection, const std::string& account_id,
                         const std::string& user_id, Role role, const std::optional<Json>& agents,
                         Timestamp now) {
  MembershipRow membership{.id = make_uuid_at(now),
                           .account_id = account_id,
                           .user_id = user_id,
                           .role = word(role),
                           .manage_schema_ids = {},
                           .manage_agent_ids = agents,
                           .created_at = now};
  store::insert(connection, membership);
  return membership;
}

}  // namespace parley::chat
