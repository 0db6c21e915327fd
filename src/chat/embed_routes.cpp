#include "base/ids.h"
#include "base/text.h"
#include "chat/agents.h"
#include "chat/ask_once.h"
#include "chat/credentials.h"
#include "chat/embed.h"
#include "chat/embed_page.h"
#include "chat/operations.h"
#include "chat/problems.h"
#include "chat/routes.h"
#include "chat/wire.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kNonceBytes = 16;

std::string token_of(const Request& request) {
  const auto given = request.query.find("token");
  return given == request.query.end() ? std::string() : given->second;
}

Response visitor_answer(const AgentRow&, const Answer& answer) {
  const auto text_or_null = [](const std::optional<std::string>& text) {
    return text ? Json(json::string(*text)) : Json(nullptr);
  };
  return Response::json(200, JsonObject{{"answer", answer.content},
                                        {"resolution_note", text_or_null(answer.resolution_note)},
                                        {"action", word(answer.action)},
                                        {"dax_attempts", attempts_json(answer)},
                                        {"final_dax", text_or_null(answer.final_query)},
                                        {"error", text_or_null(answer.error)}});
}

http::Handler ask_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    context.limits.count_embed(request->peer);
    const PathIds ids = path_ids(*request);
    const std::string question = read_question(*request);
    const auto find = [context, id = ids.at("agent_id"),
                       token = token_of(*request)](database::Connection& connection) {
      return agent_for_visitor(connection, context.settings, id, token);
    };
    ask_once(context, api::Exchange(std::move(request), std::move(responder), context.host.style),
             {.find = find, .text = [question] { return question; }, .respond = visitor_answer});
  };
}

http::Handler launch_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    context.limits.count_embed(request->peer);
    const std::string id = read_agent_id(*request).value_or("");
    if (!is_uuid(id)) throw http::bad_request("agent_id must be the id of an agent");
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    const auto url = std::make_shared<std::string>();
    api::then_write(
        context.host.store, exchange,
        [context, id, url](store::UnitOfWork& unit) {
          const Embedded found = embedded_by_id(unit.connection, id);
          const auto credential = ensure_credential(unit.connection, found.agent, context.now());
          *url = embed_url(context.settings.app_base_url, *credential.raw_token);
        },
        [exchange, url] {
          exchange.answer(Response::json(200, JsonObject{{"frontend_url", *url}}));
        });
  };
}

JsonObject validated_json(const Embedded& found) {
  const bool has_questions =
      found.agent.recommended_questions && found.agent.recommended_questions->is_array();
  return {{"agent_id", found.agent.id},
          {"agent_name", found.agent.name},
          {"account_id", found.agent.account_id},
          {"status", found.agent.status},
          {"recommended_questions",
           has_questions ? *found.agent.recommended_questions : Json(json::array())},
          {"theme", full_theme(found.credential->theme)}};
}

http::Handler validate_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    context.limits.count_embed(request->peer);
    const std::string token = read_token_query(*request);
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    const auto answer = std::make_shared<JsonObject>();
    api::then_read(
        context.host.store, exchange,
        [token, answer](database::Connection& connection) {
          *answer = validated_json(embedded_by_token(connection, token));
        },
        [exchange, answer] { exchange.answer(Response::json(200, *answer)); });
  };
}

Response page_of(const Embedded& found, const std::string& token) {
  return embed_page(
      {.agent_id = found.agent.id,
       .agent_name = found.agent.name,
       .token = token,
       .recommended_questions = found.agent.recommended_questions,
       .theme = full_theme(found.credential ? found.credential->theme : std::nullopt)},
      random_hex(kNonceBytes));
}

/// People look at these, so problems are pages.
Response problem_page(const http::Problem& problem, const Request&) {
  return embed_problem_page(problem);
}

/// A page about what `find` finds.
http::Handler page_handler(
    const Context& context,
    const std::function<Embedded(database::Connection&, const Request&)>& find) {
  return [context, find](std::shared_ptr<Request> request, http::Responder responder) {
    const api::Exchange exchange(request, std::move(responder), problem_page);
    const auto page = std::make_shared<Response>();
    api::then_read(
        context.host.store, exchange,
        [find, request, page](database::Connection& connection) {
          *page = page_of(find(connection, *request), token_of(*request));
        },
        [exchange, page] { exchange.answer(std::move(*page)); });
  };
}

Embedded by_path(database::Connection& connection, const Request& request) {
  const std::string& id = request.path_values.at("agent_id");
  if (!is_uuid(id)) throw http::bad_request("This is not the id of an agent");
  return embedded_by_id(connection, lower(id));
}

Embedded by_token(database::Connection& connection, const Request& request) {
  const std::string token = token_of(request);
  if (token.empty()) throw http::bad_request("The link has no token");
  Embedded found = embedded_by_token(connection, token);
  require_active(found.agent);
  return found;
}

}  // namespace

std::vector<http::Route> embed_routes(const Context& context) {
  return {
      {"POST", "/embed/chat/{agent_id}", ask_handler(context), operation::ask_embedded()},
      {"POST", "/embed/launch", launch_handler(context), operation::launch_embedded()},
      {"GET", "/embed/validate-token", validate_handler(context),
       operation::validate_embed_token()},
      {"GET", "/embed/widget/{agent_id}", page_handler(context, by_path), operation::show_widget()},
      {"GET", "/embed/chatbot", page_handler(context, by_token), operation::show_chatbot()},
  };
}

http::Route health_route() {
  return {
      "GET", "/health",
      [](const std::shared_ptr<Request>&, const http::Responder& responder) { responder(ok()); },
      operation::show_health()};
}

}  // namespace parley::chat
