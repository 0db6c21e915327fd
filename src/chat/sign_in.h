#pragma once

// Signing in and staying so: the login's checks, and refresh tokens, one row per login whose token
// changes in place. Functions run inside a transaction given by the store; passwords are verified
// before, because that is too slow for one. The connection's thread.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/auth.h"
#include "chat/settings.h"
#include "chat/tables.h"
#include "chat/wire.h"
#include "store/connection.h"

namespace parley::chat {

/// `email` in any letter case.
std::optional<UserRow> find_user_by_email(database::Connection& connection, std::string_view email);

/// What a login or a refresh gives.
struct TokenPair {
  std::string access_token;
  std::string refresh_token;
};

/// Where a login comes from, as it is kept with its row.
struct LoginOrigin {
  std::string user_agent;
  std::string address;
};

/// Signs in a user whose password was right. Throws the 403 problems of an account that is not
/// verified and of one without membership.
TokenPair sign_in(database::Connection& connection, const Settings& settings, const UserRow& user,
                  const LoginOrigin& origin, Timestamp now);

/// Another pair for a refresh token, which is void from then on. Throws 401 when it is void
/// already, expired or nobody's.
TokenPair refresh(database::Connection& connection, const Settings& settings,
                  const std::string& token, Timestamp now);

/// Voids a refresh token; one that is void already stays so. Throws 401 for a text that is none.
void sign_out(database::Connection& connection, const Settings& settings, const std::string& token,
              Timestamp now);

/// Voids all refresh tokens of a user, or those for one account.
void revoke_tokens(database::Connection& connection, const std::string& user_id, Timestamp now);
void revoke_tokens(database::Connection& connection, const std::string& user_id,
                   const std::string& account_id, Timestamp now);

/// The memberships of a user, the oldest first.
std::vector<OwnMembership> memberships_of(database::Connection& connection,
                                          const std::string& user_id);

}  // namespace parley::chat
