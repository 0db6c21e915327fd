#include "chat/handlers.h"

namespace parley::chat {
namespace {

/// The user and the ids of the path: what comes before any membership.
Caller caller_of(database::Connection& connection, const Identity& identity,
                 const Later<PathIds>& ids) {
  Caller caller{.user = signed_in(connection, identity), .membership = {}, .ids = {}};
  caller.ids = ids.value();
  return caller;
}

}  // namespace

Task reading(std::function<http::Response(database::Connection&, const Caller&)> serve) {
  return api::reading<Caller>(std::move(serve));
}

Task writing(Serve serve) { return api::writing<Caller>(std::move(serve)); }

api::Admission<Caller> user_admission_of(const Context& context, const http::Request& request) {
  const Identity identity = authenticate(request, context.settings, context.now());
  return {.owner = identity.user_id,
          .admit = [identity, ids = later(path_ids, request)](database::Connection& connection) {
            return caller_of(connection, identity, ids);
          }};
}

api::Admission<Caller> admission_of(const Context& context, const http::Request& request,
                                    const Roles& roles) {
  const Identity identity = authenticate(request, context.settings, context.now());
  return {
      .owner = identity.user_id,
      .admit = [identity, roles, ids = later(path_ids, request)](database::Connection& connection) {
        Caller caller = caller_of(connection, identity, ids);
        caller.membership =
            membership_of(connection, caller.user.id, caller.id("account_id"), roles);
        return caller;
      }};
}

http::Handler for_members(const Context& context, const Roles& roles, Prepare prepare) {
  return api::endpoint<Caller>(
      context.host,
      [context, roles](const http::Request& request) {
        return admission_of(context, request, roles);
      },
      std::move(prepare));
}

http::Handler for_users(const Context& context, Prepare prepare) {
  return api::endpoint<Caller>(
      context.host,
      [context](const http::Request& request) { return user_admission_of(context, request); },
      std::move(prepare));
}

http::Response ok(JsonObject more) {
  JsonObject answer{{"ok", true}};
  for (auto& field : more) answer[field.key()] = std::move(field.value());
  return http::Response::json(200, answer);
}

http::Response ok_message(std::string_view message) { return ok({{"message", message}}); }

}  // namespace parley::chat
