#include "outreach/access.h"

#include "api/fields.h"
#include "base/text.h"
#include "outreach/context.h"
#include "outreach/names.h"
#include "outreach/tables.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

constexpr std::string_view kBearer = "Bearer ";

http::Problem no_key() {
  http::Problem problem =
      http::unauthenticated("An API key is needed: Authorization: Bearer <key>, or X-API-Key");
  problem.headers.emplace_back("WWW-Authenticate", "Bearer");
  return problem;
}

/// The key of the request; empty when it brings none.
std::string_view key_in(const http::Request& request) {
  const std::string_view header = request.header("Authorization");
  const bool is_bearer = header.size() > kBearer.size() &&
                         equals_ignoring_case(header.substr(0, kBearer.size()), kBearer);
  return is_bearer ? trim(header.substr(kBearer.size())) : trim(request.header("X-API-Key"));
}

std::string open_user(const http::Request& request) {
  const std::string_view name = trim(request.header("X-User-Id"));
  if (name.empty()) return std::string(kDefaultUser);
  if (is_storable_text(name) && code_points(name) <= kUserCharactersMax) return std::string(name);
  throw http::invalid_field("", "invalid_user", "X-User-Id is no user_id");
}

/// An open request, which ends with the first key.
api::Admission<Caller> open_access(const Context& context, const http::Request& request) {
  if (!context.settings.open_on_loopback || !request.peer_is_loopback) throw no_key();
  const Caller caller{.user_id = open_user(request), .is_admin = true};
  return {.owner = caller.user_id, .admit = [caller](database::Connection& connection) {
            if (store::exists<ApiKeyRow>(connection, {})) throw no_key();
            return caller;
          }};
}

}  // namespace

api::Admission<Caller> identify(const Context& context, const http::Request& request, Scope,
                                Counted counted) {
  const std::string_view key = key_in(request);
  const std::string_view who = key.empty() ? std::string_view(request.peer) : key;
  context.limits.count_request(who);
  if (counted == Counted::AsHeavy) context.limits.count_heavy(who);
  if (key.empty()) return open_access(context, request);
  throw no_key();
}

}  // namespace parley::outreach
