#include "chat/agent_config.h"
#include "chat/ask_once.h"
#include "chat/operations.h"
#include "chat/routes.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

/// A look at the source of an agent of the path.
http::Handler look_handler(const Context& context, const SourceLook& look) {
  return [context, look](std::shared_ptr<Request> request, http::Responder responder) {
    const api::Admission<Caller> admission = admission_of(context, *request, kEverybody);
    context.limits.count_message(admission.owner);
    look_once(context, api::Exchange(std::move(request), std::move(responder), context.host.style),
              {.find =
                   [admission](database::Connection& connection) {
                     return agent_then_access(connection, admission.admit(connection));
                   },
               .respond =
                   [context, look](const AgentRow& agent) {
                     return Response::json(200, look(agent.connection_type, agent.connection_config,
                                                     context.cancellation));
                   }});
  };
}

/// What a configuration that is not stored is of: the word in the body, else what its keys say.
ConnectionType type_of(const JsonObject& config) {
  return config.contains("database_type") ? ConnectionType::Db : ConnectionType::PowerBi;
}

/// The same for a configuration in the body, of anybody who is signed in.
http::Handler test_handler(const Context& context, const SourceLook& look,
                           std::optional<ConnectionType> type) {
  return [context, look, type](std::shared_ptr<Request> request, http::Responder responder) {
    const api::Admission<Caller> admission = user_admission_of(context, *request);
    context.limits.count_message(admission.owner);
    const auto config = later(read_connection, *request);
    const auto find = [admission, config, type](database::Connection& connection) {
      admission.admit(connection);
      AgentRow agent;
      agent.connection_config = config.value();
      const ConnectionType wanted = type.value_or(type_of(config.value()));
      agent.connection_type = word(wanted);
      if (const auto problem = config_problem(wanted, agent.connection_config)) {
        throw http::bad_request(*problem);
      }
      return agent;
    };
    look_once(context, api::Exchange(std::move(request), std::move(responder), context.host.style),
              {.find = find, .respond = [context, look](const AgentRow& agent) {
                 return Response::json(200, look(agent.connection_type, agent.connection_config,
                                                 context.cancellation));
               }});
  };
}

}  // namespace

std::vector<http::Route> source_routes(const Context& context) {
  const std::string agent = "/agents/{account_id}/{agent_id}";
  const SourceLooks& looks = context.looks;
  return {
      {"POST", agent + "/check-connection", look_handler(context, looks.check_connection),
       operation::check_connection()},
      {"POST", agent + "/get-schema", look_handler(context, looks.get_schema),
       operation::read_schema()},
      {"POST", "/agents/test-connection",
       test_handler(context, looks.check_connection, ConnectionType::PowerBi),
       operation::test_connection()},
      {"POST", "/agents/test-db-connection",
       test_handler(context, looks.check_connection, ConnectionType::Db),
       operation::test_db_connection()},
      {"POST", "/agents/get-schema", test_handler(context, looks.get_schema, std::nullopt),
       operation::test_schema()},
  };
}

}  // namespace parley::chat
