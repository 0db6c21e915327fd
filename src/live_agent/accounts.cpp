#include "live_agent/accounts.h"

#include <algorithm>

#include "api/fields.h"
#include "base/error.h"
#include "base/text.h"
#include "live_agent/presence.h"
#include "live_agent/problems.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::set;

store::Condition<UserRow> is_agent() {
  return store::one_of<&UserRow::role>(
      {word(Role::Agent), word(Role::Supervisor), word(Role::Admin)});
}

UserRow insert_user(database::Connection& connection, const NewUser& user, Timestamp now) {
  UserRow row{.email = lower(trim(user.email)),
              .full_name = user.full_name,
              .password_hash = user.password_hash,
              .role = word(user.role),
              .created_at = now};
  if (user.agent_rights) row.agent_rights = *user.agent_rights;
  row.id = store::insert(connection, row);
  return row;
}

/// SQLite would store any length, and the other engines answer with an error of their own.
bool fits_column(const std::string& text) {
  return is_storable_text(text) && code_points(text) <= api::kNameCharactersMax;
}

void require_free_email(database::Connection& connection, const std::string& email) {
  if (store::exists(connection, equals<&UserRow::email>(email))) throw email_taken();
}

}  // namespace

std::string display_name(const UserRow& user) {
  return user.full_name && has_visible_character(*user.full_name) ? *user.full_name : user.email;
}

std::optional<UserRow> find_user_by_email(database::Connection& connection,
                                          std::string_view email) {
  const std::string wanted = lower(trim(email));
  auto user = store::select<UserRow>().where(equals<&UserRow::email>(wanted)).first(connection);
  // To MySQL and MariaDB é may equal e: whoever has the one address has not the other.
  if (user && lower(user->email) != wanted) return std::nullopt;
  return user;
}

std::optional<UserRow> find_user_by_id(database::Connection& connection, std::int64_t id) {
  return store::select<UserRow>().where(equals<&UserRow::id>(id)).first(connection);
}

std::optional<UserRow> find_user(database::Connection& connection, const Identity& identity) {
  return identity.user_id ? find_user_by_id(connection, *identity.user_id)
                          : find_user_by_email(connection, identity.account);
}

std::optional<UserRow> find_active_agent(database::Connection& connection, std::int64_t id) {
  return store::select<UserRow>()
      .where(all_of(equals<&UserRow::id>(id), equals<&UserRow::is_active>(true), is_agent()))
      .first(connection);
}

UserRow add_user(database::Connection& connection, const NewUser& user, Timestamp now) {
  require_free_email(connection, lower(trim(user.email)));
  return insert_user(connection, user, now);
}

std::int64_t create_user(database::Connection& connection, const std::string& email,
                         const std::string& name, Role role, const std::string& password_hash,
                         Timestamp now) {
  if (trim(email).find('@') == std::string_view::npos || !fits_column(email)) {
    throw Error(ErrorCode::InvalidArgument, "'" + email + "' is no e-mail address");
  }
  if (!fits_column(name)) {
    throw Error(ErrorCode::InvalidArgument, "The name must be UTF-8 of at most 255 characters");
  }
  if (find_user_by_email(connection, email)) {
    throw Error(ErrorCode::Conflict,
                "An account with the e-mail " + lower(trim(email)) + " exists already",
                "Choose another e-mail.");
  }
  return insert_user(
             connection,
             {.email = email, .full_name = name, .role = role, .password_hash = password_hash}, now)
      .id;
}

void record_login(database::Connection& connection, std::int64_t id, Timestamp now) {
  store::update(connection, equals<&UserRow::id>(id), set<&UserRow::last_login>(now));
}

UserRow change_user(database::Connection& connection, UserRow user, const UserChange& change) {
  const std::string old_email = user.email;
  if (change.email && *change.email != old_email) {
    require_free_email(connection, *change.email);
    user.email = *change.email;
  }
  if (change.full_name) user.full_name = *change.full_name;
  if (change.password_hash) user.password_hash = *change.password_hash;
  if (change.role) user.role = word(*change.role);
  if (change.is_active) user.is_active = *change.is_active;
  if (change.agent_rights) user.agent_rights = *change.agent_rights;
  store::update(connection, equals<&UserRow::id>(user.id), set<&UserRow::email>(user.email),
                set<&UserRow::full_name>(user.full_name),
                set<&UserRow::password_hash>(user.password_hash), set<&UserRow::role>(user.role),
                set<&UserRow::is_active>(user.is_active),
                set<&UserRow::agent_rights>(user.agent_rights));
  if (change.email || change.full_name) rename_profile(connection, old_email, user);
  return user;
}

AgentPage list_agents(database::Connection& connection, const api::Page& page) {
  AgentPage found{.agents = {}, .total = store::count(connection, is_agent())};
  std::vector<std::string> emails;
  for (UserRow& user : store::select<UserRow>()
                           .where(is_agent())
                           .order_by<&UserRow::id>()
                           .limit(page.size)
                           .offset(page.offset())
                           .all(connection)) {
    emails.push_back(user.email);
    found.agents.push_back({.user = std::move(user), .profile = {}});
  }
  for (ProfileRow& profile : store::select<ProfileRow>()
                                 .where(store::one_of<&ProfileRow::agent_id>(emails))
                                 .all(connection)) {
    const auto agent = std::ranges::find(found.agents, profile.agent_id,
                                         [](const Agent& each) { return each.user.email; });
    if (agent != found.agents.end()) agent->profile = std::move(profile);
  }
  return found;
}

UserRow managed_user(database::Connection& connection, const Caller& caller, std::int64_t id) {
  std::optional<UserRow> user = find_user_by_id(connection, id);
  if (!user || role_of(*user) == Role::User) throw http::not_found("Agent not found");
  if (role_of(*user) == Role::Admin && caller.role != Role::Admin) {
    throw http::forbidden("Access denied: only an admin may change an admin");
  }
  return *std::move(user);
}

Agent with_profile(database::Connection& connection, UserRow user) {
  std::optional<ProfileRow> profile = find_profile(connection, user.email);
  return {.user = std::move(user), .profile = std::move(profile)};
}

}  // namespace parley::live_agent
