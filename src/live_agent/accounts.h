#pragma once

// Accounts (`users`): finding, creating and changing them. Functions run inside a transaction given
// by the store; passwords arrive as hashes, because hashing is too slow for a transaction. The
// connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "live_agent/auth.h"
#include "live_agent/tables.h"
#include "store/connection.h"

namespace parley::live_agent {

/// The name to show: the full name, or the e-mail where there is none.
std::string display_name(const UserRow& user);

/// `email` in any letter case.
std::optional<UserRow> find_user_by_email(database::Connection& connection, std::string_view email);
std::optional<UserRow> find_user_by_id(database::Connection& connection, std::int64_t id);

/// The account that a token belongs to: by its id when it names one, else by e-mail.
std::optional<UserRow> find_user(database::Connection& connection, const Identity& identity);

/// The account of that id, when it is an active agent, supervisor or admin.
std::optional<UserRow> find_active_agent(database::Connection& connection, std::int64_t id);

struct NewUser {
  std::string email;
  std::string full_name;
  Role role = Role::Agent;
  std::string password_hash;
  std::optional<JsonObject> agent_rights;
};

/// Creates an account and returns its row. Throws the 400 problem when the e-mail is registered
/// already.
UserRow add_user(database::Connection& connection, const NewUser& user, Timestamp now);

/// The same for command lines: returns the id, throws Error{Conflict} when the e-mail is registered
/// already and Error{InvalidArgument} for what is no e-mail or does not fit its column.
std::int64_t create_user(database::Connection& connection, const std::string& email,
                         const std::string& name, Role role, const std::string& password_hash,
                         Timestamp now);

/// Notes the time of a login.
void record_login(database::Connection& connection, std::int64_t id, Timestamp now);

/// What to change of an account; absent members stay.
struct UserChange {
  std::optional<std::string> full_name;
  std::optional<std::string> email;
  std::optional<std::string> password_hash;
  std::optional<Role> role;
  std::optional<bool> is_active;
  std::optional<JsonObject> agent_rights;
};

/// Changes the account, and e-mail and name in its profile with it. Returns the row as it is then.
/// Throws the 400 problem when the new e-mail belongs to somebody else.
UserRow change_user(database::Connection& connection, UserRow user, const UserChange& change);

/// An account and its presence, which it may not have yet.
struct Agent {
  UserRow user;
  std::optional<ProfileRow> profile;
};

struct AgentPage {
  std::vector<Agent> agents;
  std::int64_t total = 0;
};

/// Agents, supervisors and admins by id.
AgentPage list_agents(database::Connection& connection, const api::Page& page);

/// The account of that id for somebody who manages agents. Throws 404 when there is none, and 403
/// when it is an admin's and the caller is none: managing agents must not be a way to an admin's
/// account.
UserRow managed_user(database::Connection& connection, const Caller& caller, std::int64_t id);

Agent with_profile(database::Connection& connection, UserRow user);

}  // namespace parley::live_agent
