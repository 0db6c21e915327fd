#include "leads/questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "ai/context_window.h"
#include "ai/prompt_template.h"
#include "base/text.h"
#include "leads/conversation.h"
#include "leads/variables.h"

namespace parley::leads {
namespace {

constexpr std::size_t kKeptPromptCharacters = 200;
constexpr double kTemperature = 0.7;
constexpr double kTemperatureMax = 2;

ai::Role role_of(const MessageRow& message) {
  return message.sender_type == word(SenderType::Lead) ? ai::Role::User : ai::Role::Assistant;
}

std::string or_unknown(const std::optional<std::string>& value) {
  return value && !trim(*value).empty() ? *value : "not known";
}

/// What a model is told in place of a lead's message when it is to begin.
std::string greeting_wish(const LeadRow& lead) {
  return fmt::format("Write your first message to {}.", first_name_of(lead));
}

}  // namespace

double temperature_of(const AgentRow& agent) {
  const std::string_view text = trim(agent.temperature);
  double temperature = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), temperature);
  const bool is_usable = error == std::errc() && end == text.data() + text.size() &&
                         temperature >= 0 && temperature <= kTemperatureMax;
  return is_usable ? temperature : kTemperature;
}

std::string system_text(const LeadRow& lead, const AgentRow& agent,
                        const AgentSessionRow& session) {
  const ai::Filled filled = ai::fill(agent.prompt_template, variables_of(lead, agent, session));
  return fmt::format(
      "{}\n\nThis conversation:\n- Lead: {}\n- Service: {}\n- Source: {}\n- Goal: {}\n"
      "- Messages so far: {}\nAnswer the lead's last message. Do not repeat what has been said.",
      filled.text, full_name_of(lead), or_unknown(lead.service_requested), lead.source,
      or_unknown(session.session_goal), session.message_count);
}

std::string kept_prompt(const std::string& system_text) {
  return std::string(first_code_points(system_text, kKeptPromptCharacters)) + "...";
}

Question question_of(store::Connection& connection, AgentSessionRow session, LeadRow lead,
                     AgentRow agent, std::optional<MessageRow> answered, const std::string& model) {
  ai::Request request{.model = model.empty() ? agent.model : model,
                      .temperature = temperature_of(agent),
                      .max_tokens = agent.max_tokens};
  request.messages.push_back({ai::Role::System, system_text(lead, agent, session)});
  std::vector<ai::Message> history;
  for (const MessageRow& each :
       latest_messages(connection, session.id, answered, kContextMessages)) {
    history.push_back({role_of(each), each.content});
  }
  std::ranges::move(ai::latest(history, {.messages_max = kContextMessages}),
                    std::back_inserter(request.messages));
  request.messages.push_back({ai::Role::User, answered ? answered->content : greeting_wish(lead)});
  return {.session = std::move(session),
          .lead = std::move(lead),
          .agent = std::move(agent),
          .answered = std::move(answered),
          .request = std::move(request)};
}

}  // namespace parley::leads
