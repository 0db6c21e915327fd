#include "leads/agent_chat.h"
#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/management_wire.h"
#include "leads/record_requests.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kAgentsPrefix = "/api/agents";

Prepare create_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, agent = read_new_agent(request)](store::UnitOfWork& unit) {
      return Response::json(200, agent_json(add_agent(unit, agent, store.now())));
    });
  };
}

Task list(const Request& request) {
  return reading([filter = read_agent_filter(request)](database::Connection& connection) {
    const AgentPage found = list_agents(connection, filter);
    return Response::json(200, page_json("agents", list_json(found.agents, agent_json), found.total,
                                         filter.page, "per_page"));
  });
}

Task show(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    return Response::json(200, agent_json(agent_of(connection, id)));
  });
}

Prepare change_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    change = read_agent_change(request)](store::UnitOfWork& unit) {
      return Response::json(200, agent_json(change_agent(unit, id, change, store.now())));
    });
  };
}

Task remove(const Request& request) {
  return writing([id = number_in_path(request)](store::UnitOfWork& unit) {
    remove_agent(unit, id);
    return Response::json(200, JsonObject{{"message", "Agent deleted"}});
  });
}

Task show_figures(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    return Response::json(200, agent_figures_json(agent_figures(connection, id)));
  });
}

Task show_all_figures(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, agents_figures_json(agents_figures(connection)));
  });
}

Task count_by_type(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, counts_json("type", agents_by_type(connection)));
  });
}

Prepare show_model_with(const Context& context) {
  const bool available = context.model != nullptr;
  return [available](const Request&) {
    return reading([available](database::Connection&) {
      return Response::json(
          200, JsonObject{{"available", available},
                          {"message", available ? "A language model is configured" : kNoModel}});
    });
  };
}

}  // namespace

std::vector<http::Route> agent_routes(const Context& context) {
  const std::string base(kAgentsPrefix);
  std::vector<http::Route> routes{
      {"POST", base, keyed(context, create_with(context)), operation::create_agent()},
      {"GET", base, keyed(context, list), operation::list_agents()},
      {"GET", base + "/{id}", keyed(context, show), operation::show_agent()},
      {"PUT", base + "/{id}", keyed(context, change_with(context)), operation::change_agent()},
      {"DELETE", base + "/{id}", keyed(context, remove), operation::delete_agent()},
      {"GET", base + "/{id}/stats", keyed(context, show_figures), operation::show_agent_figures()},
      {"GET", base + "/stats/overview", keyed(context, show_all_figures),
       operation::show_agents_figures()},
      {"GET", base + "/stats/by-type", keyed(context, count_by_type),
       operation::count_agents_by_type()},
      {"GET", base + "/openai/status", keyed(context, show_model_with(context)),
       operation::show_model()},
  };
  for (http::Route& each : agent_chat_routes(context)) routes.push_back(std::move(each));
  return routes;
}

}  // namespace parley::leads
