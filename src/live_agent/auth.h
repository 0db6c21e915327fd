#pragma once

// From the Authorization header to a caller. What a token says (`Identity`) is read before any
// transaction; an agent's `users` row is looked up inside it, because the row decides and not the
// claim. An API key says nothing by itself: key and account are both looked up. Stateless; any
// thread.

#include <cstdint>
#include <optional>
#include <string>

#include "api/api_keys.h"
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
  std::string key_hash;  ///< Of the API key that was brought instead of a token; else empty.
  api::ApiKeys* keys = nullptr;          ///< Where that is looked up.
  api::Scope needed = api::Scope::Read;  ///< Of an API key, for what is asked.
  bool is_open_access = false;  ///< No token, on loopback, with `dev_open`: reads as a supervisor.
};

/// Who may call an endpoint.
enum class Level { User, Agent, ManageAgents, Admin };

/// The identity of a request. Throws the 401 problem when the token is absent, malformed, expired
/// or foreign. `keys` knows API keys and outlives the identity; without it there are none.
Identity authenticate(const http::Request& request, const Settings& settings,
                      http::TokenVerifier& tokens, Timestamp now, api::ApiKeys* keys = nullptr);

/// The caller behind an identity. Throws 401 when an agent has no active `users` row any more or an
/// API key is unknown or revoked, and 403 when the caller is below `level` or the key lacks the
/// scope.
Caller admit(database::Connection& connection, const Identity& identity, Level level);

/// Refuses an API key without that scope. Throws 403.
void require_scope(const Caller& caller, api::Scope scope);

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
