#include "leads/handlers.h"

namespace parley::leads {

http::Handler keyed(const Context& context, Prepare prepare) {
  return api::endpoint<Caller>(
      context.host,
      [&gate = context.gate](const http::Request& request) { return gate.admission(request); },
      std::move(prepare));
}

Task reading(std::function<http::Response(store::Connection&)> serve) {
  return api::reading<Caller>(
      [serve = std::move(serve)](store::Connection& connection, const Caller&) {
        return serve(connection);
      });
}

Task writing(std::function<http::Response(store::UnitOfWork&)> serve) {
  return api::writing<Caller>(
      [serve = std::move(serve)](store::UnitOfWork& unit, const Caller&) { return serve(unit); });
}

}  // namespace parley::leads
