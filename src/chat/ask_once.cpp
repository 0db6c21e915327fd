#include "chat/ask_once.h"

#include "chat/agent_config.h"
#include "chat/problems.h"

namespace parley::chat {
namespace {

Answer answer_of(const Context& context, const AgentRow& agent, const std::string& text) {
  if (const auto problem = config_problem(agent.connection_type, agent.connection_config)) {
    return error_answer(*problem);
  }
  Question question;
  question.agent = agent;
  question.text = text;
  return context.answerer.answer(question, {}, context.cancellation);
}

}  // namespace

void look_once(const Context& context, const api::Exchange& exchange, OneLook look) {
  const auto agent = std::make_shared<AgentRow>();
  api::then_read(
      context.host.store, exchange,
      [find = std::move(look.find), agent](database::Connection& connection) {
        *agent = find(connection);
      },
      [context, exchange, agent, respond = std::move(look.respond)] {
        api::then_work(context.askers, exchange,
                       [exchange, agent, respond] { exchange.answer(respond(*agent)); });
      });
}

void ask_once(const Context& context, const api::Exchange& exchange, OneQuestion question) {
  look_once(context, exchange,
            {.find =
                 [context, find = std::move(question.find)](database::Connection& connection) {
                   AgentRow agent = find(connection);
                   if (context.answerer.lacks_key(agent)) throw lacks_ai_key();
                   return agent;
                 },
             .respond =
                 [context, text = std::move(question.text),
                  respond = std::move(question.respond)](const AgentRow& agent) {
                   return respond(agent, answer_of(context, agent, text()));
                 }});
}

json::array attempts_json(const Answer& answer) {
  json::array attempts;
  for (const std::string& attempt : answer.attempts) attempts.emplace_back(json::string(attempt));
  return attempts;
}

}  // namespace parley::chat
