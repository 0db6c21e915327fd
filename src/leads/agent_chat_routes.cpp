#include "leads/agent_chat.h"
#include "leads/agent_records.h"
#include "leads/chat_requests.h"
#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/session_requests.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kAgentsPrefix = "/api/agents";

using Answer = std::function<JsonObject(const ai::Outcome&)>;

/// Asks the model, and answers with what `answer` makes of the outcome.
void ask(const Context& context, const api::Exchange& exchange, ai::Request question,
         Answer answer) {
  const auto done = [exchange, answer = std::move(answer)](const ai::Outcome& outcome) {
    exchange.attempt([&] { exchange.answer(Response::json(200, answer(outcome))); });
  };
  if (!context.model) return done(no_model());
  context.model->ask(std::move(question), nullptr, done, {});
}

/// A question that needs nothing stored.
http::Handler drafting(const Context& context,
                       std::function<std::pair<ai::Request, Answer>(const Request&)> read) {
  return [context, read = std::move(read)](std::shared_ptr<Request> request,
                                           http::Responder responder) {
    context.gate.admit(*request);
    auto [question, answer] = read(*request);
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    ask(context, exchange, std::move(question), std::move(answer));
  };
}

/// A message to the agent of the path.
http::Handler chatting(const Context& context, Answer answer) {
  return [context, answer = std::move(answer)](std::shared_ptr<Request> request,
                                               http::Responder responder) {
    context.gate.admit(*request);
    const std::int64_t id = number_in_path(*request);
    const auto chat = std::make_shared<const ChatRequest>(read_chat(*request));
    const auto agent = std::make_shared<AgentRow>();
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    api::then_read(
        context.host.store, exchange,
        [agent, id](database::Connection& connection) { *agent = agent_of(connection, id); },
        [context, exchange, agent, chat, answer] {
          ask(context, exchange, chat_question(*agent, *chat, context.settings.replies.model),
              answer);
        });
  };
}

}  // namespace

std::vector<http::Route> agent_chat_routes(const Context& context) {
  const std::string base(kAgentsPrefix);
  const std::string& model = context.settings.replies.model;
  const auto prompt = [model](const Request& request) {
    return std::pair<ai::Request, Answer>(
        prompt_question(read_prompt_wish(request, "summary"), model), prompt_json);
  };
  const auto scenario = [model](const Request& request) {
    const PromptWish wish = read_prompt_wish(request, "scenario_description");
    return std::pair<ai::Request, Answer>(scenario_question(wish, model),
                                          [description = wish.summary](const ai::Outcome& outcome) {
                                            return scenario_json(outcome, description);
                                          });
  };
  return {
      {"POST", base + "/{id}/chat", chatting(context, chat_json), operation::chat_with_agent()},
      {"POST", base + "/{id}/test", chatting(context, trial_json), operation::test_agent()},
      {"POST", base + "/generate-prompt", drafting(context, prompt), operation::generate_prompt()},
      {"POST", base + "/generate-scenario-prompt", drafting(context, scenario),
       operation::generate_scenario()},
  };
}

}  // namespace parley::leads
