#include "outreach/access.h"

#include "api/fields.h"
#include "base/text.h"
#include "outreach/context.h"
#include "outreach/names.h"
#include "store/query.h"
#include "store/tables.h"

namespace parley::outreach {
namespace {

http::Problem no_key() {
  http::Problem problem =
      http::unauthenticated("An API key is needed: Authorization: Bearer <key>, or X-API-Key");
  problem.headers.emplace_back("WWW-Authenticate", "Bearer");
  return problem;
}

std::string open_user(const http::Request& request) {
  const std::string_view name = trim(request.header("X-User-Id"));
  if (name.empty()) return std::string(kDefaultUser);
  if (is_storable_text(name) && code_points(name) <= kUserCharactersMax) return std::string(name);
  throw http::invalid_field("", "invalid_user", "X-User-Id is no user_id");
}

/// An open request, which ends with the first key.
api::Admission<Caller> open_access(const Context& context, const http::Request& request) {
  const bool brings_token =
      !request.header("Authorization").empty() || !request.header("X-API-Key").empty();
  if (brings_token || !context.settings.open_on_loopback || !request.peer_is_loopback) {
    throw no_key();
  }
  const Caller caller{.user_id = open_user(request), .is_admin = true};
  return {.owner = caller.user_id, .admit = [caller](database::Connection& connection) {
            if (store::exists<store::ApiKeyRow>(connection, {})) throw no_key();
            return caller;
          }};
}

/// The caller that a key is.
Caller caller_of(const store::ApiKeyRow& key, Scope scope) {
  const auto scopes = api::Scopes::parse(key.scopes);
  if (!scopes || !scopes->has(scope)) {
    throw http::forbidden("The key lacks the scope " + word(scope));
  }
  return {.user_id = key.user_id, .is_admin = scopes->has(Scope::Admin)};
}

}  // namespace

api::Admission<Caller> identify(const Context& context, const http::Request& request, Scope scope,
                                Counted counted) {
  const std::optional<std::string> hash = api::api_key_hash_in(request);
  const std::string_view who = hash ? std::string_view(*hash) : std::string_view(request.peer);
  context.limits.count_request(who);
  if (counted == Counted::AsHeavy) context.limits.count_heavy(who);
  if (!hash) return open_access(context, request);
  return {
      .owner = *hash,
      .admit = [&keys = context.api_keys, hash = *hash, scope](database::Connection& connection) {
        return caller_of(keys.use(connection, hash), scope);
      }};
}

}  // namespace parley::outreach
