#include "chat/auth.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/ids.h"
#include "base/text.h"
#include "chat/problems.h"
#include "http/jwt.h"
#include "store/query.h"

namespace parley::chat {
namespace {

constexpr std::chrono::minutes kAccessLifetime{15};
constexpr std::string_view kBadHeader = "Missing or invalid Authorization header";
constexpr std::string_view kBadPayload = "Invalid token payload";
constexpr std::string_view kBadToken = "Invalid or expired token";

http::Problem refused(std::string_view detail) {
  return http::unauthenticated(std::string(detail));
}

std::string text_claim(const JsonObject& claims, std::string_view name) {
  const Json* claim = claims.if_contains(name);
  return claim != nullptr && claim->is_string() ? std::string(claim->get_string()) : std::string();
}

bool is_issuer_accepted(const JsonObject& claims, const Settings& settings) {
  const std::string issuer = text_claim(claims, "iss");
  return issuer == kIssuer || std::ranges::count(settings.accepted_issuers, issuer) > 0;
}

/// The claims of a token of this module that is valid now.
JsonObject claims_of(std::string_view token, const Settings& settings, Timestamp now) {
  const auto verified = http::verify_jwt(token, settings.jwt_secret, now);
  const auto* claims = std::get_if<JsonObject>(&verified);
  if (claims == nullptr || !is_issuer_accepted(*claims, settings)) throw refused(kBadToken);
  return *claims;
}

/// Of verified claims, where `exp` is a number when it is there. A token without one would be good
/// for ever, and none of ours is.
Timestamp expiry_of(const JsonObject& claims) {
  const Json* claim = claims.if_contains("exp");
  if (claim == nullptr) throw refused(kBadPayload);
  constexpr double kFarAway = 100'000'000'000;  // The year 5138: beyond it, microseconds overflow.
  const double seconds = std::min(claim->to_number<double>(), kFarAway);
  return Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

std::int64_t seconds_of(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view header = trim(request.header("Authorization"));
  if (!equals_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return {};
  return trim(header.substr(kScheme.size()));
}

Identity authenticate(const http::Request& request, const Settings& settings, Timestamp now) {
  const std::string_view token = bearer_token(request);
  if (token.empty()) throw refused(kBadHeader);
  const JsonObject claims = claims_of(token, settings, now);
  const std::string subject = text_claim(claims, "sub");
  if (!is_uuid(subject) || claims.contains("jti")) throw refused(kBadPayload);
  return {.user_id = lower(subject), .valid_until = expiry_of(claims)};
}

UserRow signed_in(database::Connection& connection, const Identity& identity) {
  std::optional<UserRow> user = store::select<UserRow>()
                                    .where(store::equals<&UserRow::id>(identity.user_id))
                                    .first(connection);
  if (!user) throw refused("User not found");
  if (!user->is_active || !user->email_verified_at) {
    throw http::forbidden("User is not active or not verified");
  }
  return *std::move(user);
}

PathIds path_ids(const http::Request& request) {
  PathIds ids;
  http::Problem problem;
  for (const auto& [name, value] : request.path_values) {
    if (is_uuid(value)) {
      ids.emplace(name, lower(value));
    } else {
      problem.errors.push_back({path_pointer(name), "uuid_parsing", name + " must be a UUID"});
    }
  }
  if (problem.errors.empty()) return ids;
  const http::FieldError first = problem.errors.front();
  http::Problem named = http::invalid_field(first.pointer, first.code, first.message);
  named.errors = std::move(problem.errors);
  throw named;
}

MembershipRow membership_of(database::Connection& connection, const std::string& user_id,
                            const std::string& account_id, const Roles& roles) {
  std::optional<MembershipRow> membership =
      store::select<MembershipRow>()
          .where(all_of(store::equals<&MembershipRow::account_id>(account_id),
                        store::equals<&MembershipRow::user_id>(user_id)))
          .first(connection);
  if (!membership) throw not_a_member();
  if (!roles.contains(role_of(*membership))) throw insufficient_role();
  return *std::move(membership);
}

std::string make_access_token(const Settings& settings, const MembershipRow& membership,
                              Timestamp now) {
  return http::sign_jwt({{"iss", kIssuer},
                         {"sub", membership.user_id},
                         {"aid", membership.account_id},
                         {"role", membership.role},
                         {"iat", seconds_of(now)},
                         {"exp", seconds_of(now + kAccessLifetime)}},
                        settings.jwt_secret);
}

RefreshIdentity read_refresh_token(std::string_view token, const Settings& settings,
                                   Timestamp now) {
  const JsonObject claims = claims_of(token, settings, now);
  RefreshIdentity identity{.user_id = lower(text_claim(claims, "sub")),
                           .account_id = lower(text_claim(claims, "aid")),
                           .jti = text_claim(claims, "jti")};
  if (!is_uuid(identity.user_id) || identity.jti.empty()) throw refused(kBadPayload);
  return identity;
}

std::string make_refresh_token(const Settings& settings, const RefreshIdentity& identity,
                               Timestamp now) {
  return http::sign_jwt({{"iss", kIssuer},
                         {"sub", identity.user_id},
                         {"aid", identity.account_id},
                         {"jti", identity.jti},
                         {"iat", seconds_of(now)},
                         {"exp", seconds_of(now + kRefreshLifetime)}},
                        settings.jwt_secret);
}

std::string hash_of_token(std::string_view token) { return to_hex(sha256(token)); }

}  // namespace parley::chat
