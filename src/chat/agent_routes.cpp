#include <algorithm>
#include <iterator>

#include "chat/agents.h"
#include "chat/ask_once.h"
#include "chat/credentials.h"
#include "chat/operations.h"
#include "chat/routes.h"
#include "chat/wire.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

Prepare create_with(const Context& context) {
  return [&clock = context.host.clock](const Request& request) {
    return writing([&clock, fields = later(read_new_agent, request)](store::UnitOfWork& unit,
                                                                     const Caller& caller) {
      const AgentFields& wanted = fields.value();
      return Response::json(201, agent_json(create_agent(unit, caller, wanted, clock.now())));
    });
  };
}

Task list(const Request& request) {
  return reading([window = later(read_window, request)](database::Connection& connection,
                                                        const Caller& caller) {
    const Window& part = window.value();
    const AgentPage page = list_agents(connection, caller, part);
    json::array agents;
    for (const AgentRow& agent : page.agents) agents.push_back(agent_json(agent));
    return Response::json(200, JsonObject{{"agents", std::move(agents)}, {"total", page.total}});
  });
}

Task show(const Request&) {
  return reading([](database::Connection& connection, const Caller& caller) {
    return Response::json(200, agent_json(agent_then_access(connection, caller)));
  });
}

Prepare change_with(const Context& context) {
  return [&clock = context.host.clock](const Request& request) {
    return writing([&clock, fields = later(read_agent_change, request)](store::UnitOfWork& unit,
                                                                        const Caller& caller) {
      const AgentFields& wanted = fields.value();
      AgentRow agent = agent_then_access(unit.connection, caller);
      return Response::json(200,
                            agent_json(change_agent(unit, std::move(agent), wanted, clock.now())));
    });
  };
}

Task remove(const Request&) {
  return writing([](store::UnitOfWork& unit, const Caller& caller) {
    delete_agent(unit, agent_then_access(unit.connection, caller));
    return ok_message("Agent deleted successfully");
  });
}

/// DAX of a dataset and SQL of a database have fields of their own here, as the original has it.
Response answer_json(const AgentRow& agent, const Answer& answer) {
  const bool is_sql = agent.connection_type == word(ConnectionType::Db);
  const Json final_query =
      answer.final_query ? Json(json::string(*answer.final_query)) : Json(nullptr);
  const auto text_or_null = [](const std::optional<std::string>& text) {
    return text ? Json(json::string(*text)) : Json(nullptr);
  };
  return Response::json(200,
                        JsonObject{{"answer", answer.content},
                                   {"resolution_note", text_or_null(answer.resolution_note)},
                                   {"action", word(answer.action)},
                                   {"dax_attempts", is_sql ? json::array() : attempts_json(answer)},
                                   {"final_dax", is_sql ? Json(nullptr) : final_query},
                                   {"sql_attempts", is_sql ? attempts_json(answer) : json::array()},
                                   {"final_sql", is_sql ? final_query : Json(nullptr)},
                                   {"error", text_or_null(answer.error)}});
}

http::Handler ask_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    const api::Admission<Caller> admission = admission_of(context, *request, kEverybody);
    context.limits.count_message(admission.owner);
    const auto question = later(read_question, *request);
    const auto find = [admission, question](database::Connection& connection) {
      const Caller caller = admission.admit(connection);
      question.value();
      return agent_then_access(connection, caller);
    };
    ask_once(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        {.find = find, .text = [question] { return question.value(); }, .respond = answer_json});
  };
}

// ---- Credentials. ----

/// The credential of the path, of an agent that the caller may use.
AgentCredentialRow own_credential(database::Connection& connection, const Caller& caller) {
  const AgentRow agent = agent_then_access(connection, caller);
  return credential_for(connection, agent.id, caller.id("credential_id"));
}

Prepare issue_with(const Context& context) {
  return [context](const Request& request) {
    return writing([context, given = later(read_agent_id, request)](store::UnitOfWork& unit,
                                                                    const Caller& caller) {
      const std::optional<std::string>& agent_id = given.value();
      const AgentRow agent = agent_then_access(unit.connection, caller);
      if (agent_id && *agent_id != agent.id) throw http::bad_request("Agent ID mismatch");
      const auto credential = issue_credential(unit.connection, agent, context.now());
      return Response::json(201, credential_json(credential, context.settings.app_base_url));
    });
  };
}

Prepare list_credentials_with(const Context& context) {
  return [context](const Request&) {
    return reading([context](database::Connection& connection, const Caller& caller) {
      const AgentRow agent = agent_then_access(connection, caller);
      json::array list;
      if (const auto credential = credential_of_agent(connection, agent.id)) {
        list.push_back(credential_json(*credential, context.settings.app_base_url));
      }
      return Response::json(200, std::move(list));
    });
  };
}

Prepare switch_with(const Context& context) {
  return [context](const Request& request) {
    return writing([context, wanted = later(read_switch, request)](store::UnitOfWork& unit,
                                                                   const Caller& caller) {
      const std::optional<bool>& is_active = wanted.value();
      const auto credential =
          switch_credential(unit.connection, own_credential(unit.connection, caller), is_active);
      return Response::json(200, credential_json(credential, context.settings.app_base_url));
    });
  };
}

Prepare set_theme_with(const Context& context) {
  return [context](const Request& request) {
    return writing([context, wanted = later(read_theme, request)](store::UnitOfWork& unit,
                                                                  const Caller& caller) {
      const std::optional<Json>& theme = wanted.value();
      const auto credential =
          set_theme(unit.connection, own_credential(unit.connection, caller), theme);
      return Response::json(200, credential_json(credential, context.settings.app_base_url));
    });
  };
}

Task remove_credential(const Request&) {
  return writing([](store::UnitOfWork& unit, const Caller& caller) {
    delete_credential(unit.connection, own_credential(unit.connection, caller));
    return ok_message("Credential deleted successfully");
  });
}

std::vector<http::Route> credential_routes(const Context& context, const std::string& agent) {
  const std::string credentials = agent + "/credentials";
  const std::string credential = credentials + "/{credential_id}";
  const auto editors = [&](Prepare prepare) {
    return for_members(context, kEditors, std::move(prepare));
  };
  return {
      {"POST", credentials, editors(issue_with(context)), operation::issue_credential()},
      {"GET", credentials, editors(list_credentials_with(context)), operation::list_credentials()},
      {"PATCH", credential + "/toggle", editors(switch_with(context)),
       operation::switch_credential()},
      {"PATCH", credential + "/theme", editors(set_theme_with(context)), operation::set_theme()},
      {"DELETE", credential, editors(remove_credential), operation::delete_credential()},
  };
}

}  // namespace

std::vector<http::Route> agent_routes(const Context& context) {
  const std::string agents = "/agents/{account_id}";
  const std::string agent = agents + "/{agent_id}";
  std::vector<http::Route> routes{
      {"POST", agents, for_members(context, kEditors, create_with(context)),
       operation::create_agent()},
      {"GET", agents, for_members(context, kEverybody, list), operation::list_agents()},
      {"GET", agent, for_members(context, kEverybody, show), operation::show_agent()},
      {"PATCH", agent, for_members(context, kEditors, change_with(context)),
       operation::change_agent()},
      {"DELETE", agent, for_members(context, kEditors, remove), operation::delete_agent()},
      {"POST", agent + "/chat", ask_handler(context), operation::ask_agent()},
  };
  std::ranges::move(credential_routes(context, agent), std::back_inserter(routes));
  return routes;
}

}  // namespace parley::chat
