#include "live_agent/auth.h"

#include "base/check.h"
#include "base/text.h"
#include "http/jwt.h"
#include "live_agent/accounts.h"

namespace parley::live_agent {
namespace {

constexpr std::chrono::hours kTokenLifetime{24};

http::Problem unusable_token() {
  return http::unauthenticated("The access token is missing, invalid or expired");
}

/// The token of the Authorization header; empty when there is none.
std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view header = trim(request.header("Authorization"));
  if (!equals_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return {};
  return trim(header.substr(kScheme.size()));
}

std::optional<std::string> text_claim(const JsonObject& claims, std::string_view name) {
  const Json* claim = claims.if_contains(name);
  if (claim == nullptr || !claim->is_string() || claim->get_string().empty()) return std::nullopt;
  if (!is_storable_text(claim->get_string())) throw unusable_token();
  return std::string(claim->get_string());
}

std::string tenant_of_request(const http::Request& request, std::optional<std::string> claim) {
  return tenant_of({.claim = std::move(claim),
                    .tenant_header = request.header("X-Tenant-Domain"),
                    .host = request.header("Host"),
                    .origin = request.header("Origin")});
}

bool is_issuer_accepted(const JsonObject& claims, const Settings& settings) {
  const Json* issuer = claims.if_contains("iss");
  if (issuer == nullptr) return settings.allow_missing_issuer;
  return issuer->is_string() && issuer->get_string() == kIssuer;
}

std::optional<std::int64_t> user_id_claim(const JsonObject& claims) {
  const Json* claim = claims.if_contains("uid");
  if (claim == nullptr || claim->is_null()) return std::nullopt;
  if (!claim->is_int64()) throw unusable_token();
  return claim->get_int64();
}

/// Of verified claims; a token without `exp` does not expire.
Timestamp expiry_of(const JsonObject& claims) {
  const Json* claim = claims.if_contains("exp");
  if (claim == nullptr || !claim->is_number()) return Timestamp::max();
  const auto seconds = claim->to_number<double>();
  constexpr double kFarAway = 100'000'000'000;  // The year 5138: beyond it, microseconds overflow.
  if (seconds >= kFarAway) return Timestamp::max();
  return Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

Identity identity_of(const JsonObject& claims, const http::Request& request) {
  const auto email = text_claim(claims, "email");
  const auto account = email ? email : text_claim(claims, "sub");
  if (!account) throw unusable_token();
  const std::string role = lower(text_claim(claims, "role").value_or("user"));
  return {.claimed_role = parse_word<Role>(role).value_or(Role::User),
          .account = *account,
          .name = text_claim(claims, "name").value_or(*account),
          .tenant = tenant_of_request(request, text_claim(claims, "tenant_domain")),
          .user_id = user_id_claim(claims),
          .valid_until = expiry_of(claims)};
}

bool is_at_least(const Caller& caller, Level level) {
  switch (level) {
    case Level::User: return true;
    case Level::Agent: return caller.is_agent();
    case Level::ManageAgents:
      return caller.is_agent() && caller.rights.can_manage_agents && !caller.only_tenant;
    case Level::Admin: return caller.role == Role::Admin;
  }
  return false;
}

/// The account that a key belongs to, as far as the key reaches.
Caller caller_of_key(database::Connection& connection, const Identity& identity) {
  const store::ApiKeyRow key = identity.keys->use(connection, identity.key_hash);
  const std::optional<UserRow> user = find_user_by_email(connection, key.user_id);
  if (!user || !user->is_active) throw unusable_token();
  Caller caller = caller_of(*user, identity.tenant);
  if (key.tenant) caller.only_tenant = caller.tenant = lower(trim(*key.tenant));
  caller.key_id = key.id;
  caller.scopes = api::Scopes::parse(key.scopes).value_or(api::Scopes());
  if (!caller.is_agent()) caller.agent_id.reset();
  return caller;
}

Caller resolve(database::Connection& connection, const Identity& identity) {
  if (!identity.key_hash.empty()) return caller_of_key(connection, identity);
  if (identity.is_open_access) {
    return {.role = Role::Supervisor,
            .tenant = identity.tenant,
            .rights = rights_of(Role::Supervisor, std::nullopt)};
  }
  if (identity.claimed_role == Role::User) {
    return {.account = identity.account, .name = identity.name, .tenant = identity.tenant};
  }
  const std::optional<UserRow> user = find_user(connection, identity);
  if (!user || !user->is_active) throw unusable_token();
  return caller_of(*user, identity.tenant);
}

}  // namespace

Identity authenticate(const http::Request& request, const Settings& settings,
                      http::TokenVerifier& tokens, Timestamp now, api::ApiKeys* keys) {
  const auto hash = api::api_key_hash_in(request);
  if (hash && keys != nullptr) {
    return {.claimed_role = Role::Agent,  // Until the account is known.
            .account = "key " + *hash,
            .tenant = tenant_of_request(request, std::nullopt),
            .rate_key = *hash,
            .key_hash = *hash,
            .keys = keys};
  }
  if (settings.dev_open && request.peer_is_loopback && request.header("Authorization").empty()) {
    return {.tenant = tenant_of_request(request, std::nullopt),
            .rate_key = request.peer,
            .is_open_access = true};
  }
  auto verified = tokens.verify(bearer_token(request), now);
  auto* token = std::get_if<http::VerifiedToken>(&verified);
  if (token == nullptr || !is_issuer_accepted(*token->claims, settings)) throw unusable_token();
  Identity identity = identity_of(*token->claims, request);
  identity.rate_key = std::move(token->digest);
  return identity;
}

Caller admit(database::Connection& connection, const Identity& identity, Level level) {
  Caller caller = resolve(connection, identity);
  if (!is_at_least(caller, level)) throw http::forbidden("Access denied: the right is missing");
  require_scope(caller, identity.needed);
  return caller;
}

void require_scope(const Caller& caller, api::Scope scope) {
  if (caller.scopes.has(scope)) return;
  throw http::forbidden("Access denied: the API key lacks the scope " + word(scope));
}

Caller caller_of(const UserRow& user, std::string tenant) {
  const Role role = role_of(user);
  return {.role = role,
          .account = user.email,
          .name = display_name(user),
          .tenant = std::move(tenant),
          .agent_id = user.id,
          .rights = rights_of(role, user.agent_rights)};
}

Role role_of(const UserRow& user) { return parse_word<Role>(user.role).value_or(Role::User); }

std::string make_token(const Settings& settings, const TokenSubject& subject, Timestamp now) {
  PARLEY_CHECK(!settings.jwt_secret.empty());
  const auto issued = std::chrono::floor<std::chrono::seconds>(now);
  JsonObject claims{{"iss", kIssuer},
                    {"sub", subject.email},
                    {"email", subject.email},
                    {"role", word(subject.role)},
                    {"iat", issued.time_since_epoch().count()},
                    {"exp", (issued + kTokenLifetime).time_since_epoch().count()}};
  if (!subject.name.empty()) claims["name"] = subject.name;
  if (subject.user_id) claims["uid"] = *subject.user_id;
  return http::sign_jwt(claims, settings.jwt_secret);
}

}  // namespace parley::live_agent
