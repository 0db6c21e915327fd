#pragma once

// From the Authorization header to a caller. What a token says (`Identity`) is read before any
// transaction; an agent's `users` row is looked up inside it, because the row decides and not the
// claim. Stateless; any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/message.h"
#include "http/token_verifier.h"
#include "live_agent/access.h"
#include "live_agent/settings.h"
#include "live_agent/tables.h"
#include "store/connection.h"

namespace parley::live_agent {

inline constexpr std::string_view kIssuer = "parley/live_agent";

/// Who a token says that its bearer is.
struct Identity {
  Role claimed_role = Role::User;
  std::string account;
  std::string name;
  std::string tenant;
  std::optional<std::int64_t> user_id;
  Timestamp valid_until = Timestamp::max();
  std::string rate_key;  ///< Whose requests are counted: the token (its digest), or the address
                         ///< without one.
  bool is_open_access = false;  ///< No token, on loopback, with `dev_open`: reads as a supervisor.
};

/// Who may call an endpoint.
enum class Level { User, Agent, ManageAgents };

/// The identity of a request. Throws the 401 problem when the token is absent, malformed, expired
/// or foreign.
Identity authenticate(const http::Request& request, const Settings& settings,
                      http::TokenVerifier& tokens, Timestamp now);

/// The caller behind an identity. Throws 401 when an agent has no active `users` row any more, and
/// 403 when the caller is below `level`.
Caller admit(database::Connection& connection, const Identity& identity, Level level);

/// The account as a caller: its role and rights, its name or else its e-mail. `tenant` is the
/// request's.
Caller caller_of(const UserRow& user, std::string tenant);

/// The role that a `users` row means; a text that nobody knows has no rights.
Role role_of(const UserRow& user);

/// Whom a token is for.
struct TokenSubject {
  std::string email;
  std::string name;  ///< Empty: no claim.
  Role role = Role::User;
  std::optional<std::int64_t> user_id;  ///< `users.id`, when there is a row.
};

/// A signed token that is valid for 24 hours from `now`.
std::string make_token(const Settings& settings, const TokenSubject& subject, Timestamp now);

}  // namespace parley::live_agent
