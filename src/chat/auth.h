#pragma once

// From the Authorization header to a caller, in the order that the module promises: what the token
// says is read before any transaction; in it follow the user, the ids of the path, the membership
// and the role. The rows decide, not the claims. Stateless; any thread.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "chat/access.h"
#include "chat/settings.h"
#include "chat/tables.h"
#include "http/message.h"
#include "store/connection.h"

namespace parley::chat {

inline constexpr std::string_view kIssuer = "parley/chat";

/// Who a token says that its bearer is.
struct Identity {
  std::string user_id;
  Timestamp valid_until{};
};

/// The identity of a request. Throws the 401 problem when the token is absent, malformed, expired,
/// of another issuer, or a refresh token.
Identity authenticate(const http::Request& request, const Settings& settings, Timestamp now);

/// The account of an identity. Throws 401 when there is none, and 403 when it is not active or not
/// verified.
UserRow signed_in(database::Connection& connection, const Identity& identity);

/// The ids of a request's path, lower case.
using PathIds = std::map<std::string, std::string, std::less<>>;
/// Throws the 422 problem that names every id of the path that is no UUID.
PathIds path_ids(const http::Request& request);

/// A user, and where the path names an account, their membership in it.
struct Caller {
  UserRow user;
  MembershipRow membership;
  PathIds ids;

  Role role() const { return role_of(membership); }
  const std::string& id(std::string_view name) const { return ids.find(name)->second; }
};

/// The membership in `account_id`. Throws the 403 problems of somebody who is no member, or none of
/// these roles.
MembershipRow membership_of(database::Connection& connection, const std::string& user_id,
                            const std::string& account_id, const Roles& roles);

/// An access token, good for 15 minutes.
std::string make_access_token(const Settings& settings, const MembershipRow& membership,
                              Timestamp now);

/// The token of the Authorization header; empty when there is none.
std::string_view bearer_token(const http::Request& request);

/// What a refresh token says, whose row says whether it is still good.
struct RefreshIdentity {
  std::string user_id;
  std::string account_id;
  std::string jti;
};
/// Throws the 401 problem when the text is no refresh token of this module, or expired.
RefreshIdentity read_refresh_token(std::string_view token, const Settings& settings, Timestamp now);

inline constexpr std::chrono::days kRefreshLifetime{30};
/// Signed like the access tokens.
std::string make_refresh_token(const Settings& settings, const RefreshIdentity& identity,
                               Timestamp now);

/// SHA-256 in hexadecimal: how tokens are stored.
std::string hash_of_token(std::string_view token);

}  // namespace parley::chat
