#include "leads/replies.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/text.h"
#include "leads/conversation.h"
#include "leads/reply_jobs.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "leads/variables.h"
#include "leads/wire.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

constexpr std::size_t kQuotedCharacters = 100;
constexpr std::string_view kFallbackModel = "fallback";

Words fallback(std::string content, std::string_view prompt) {
  return {.content = std::move(content),
          .model_used = std::string(kFallbackModel),
          .prompt_used = std::string(prompt),
          .ai_error = {}};
}

/// `avg_response_time`, a text with one digit, after one more answer.
std::string moved_average(const AgentRow& agent, std::int64_t response_time_ms) {
  const std::string stored = agent.avg_response_time.value_or("0.0");
  double average = 0;
  std::from_chars(stored.data(), stored.data() + stored.size(), average);
  if (!std::isfinite(average) || average < 0) average = 0;
  const auto before = static_cast<double>(std::max<std::int64_t>(agent.total_interactions, 0));
  const double seconds = static_cast<double>(response_time_ms) / 1000.0;
  return fmt::format("{:.1f}", (average * before + seconds) / (before + 1));
}

void count_interaction(store::Connection& connection, const AgentRow& agent, const Words& words,
                       Timestamp now) {
  store::update(connection, equals<&AgentRow::id>(agent.id),
                set<&AgentRow::total_interactions>(agent.total_interactions + 1),
                set<&AgentRow::last_used_at>(now),
                set<&AgentRow::avg_response_time>(moved_average(agent, words.response_time_ms)));
}

JsonObject generation_context(const AgentSessionRow& session, const AgentRow& agent,
                              const Words& words) {
  return {{"agent_id", agent.id},
          {"session_goal", value_json(session.session_goal)},
          {"trigger_type", session.trigger_type},
          {"message_count", session.message_count},
          {"responder", words.model_used == kFallbackModel ? "fallback" : "model"}};
}

}  // namespace

Words offline_greeting(const LeadRow& lead, const AgentRow& agent) {
  const std::string service(trim(lead.service_requested.value_or("")));
  return fallback(
      fmt::format("Hi {}! I'm {}. Thank you for reaching out about {}. I'm glad to help: is there "
                  "anything else I should know before we begin?",
                  first_name_of(lead), agent.name, service.empty() ? "your inquiry" : service),
      "fallback_greeting");
}

Words offline_reply(const LeadRow& lead, const AgentRow& agent) {
  return fallback(fmt::format("Thank you for your message, {}. {} has received it and will answer "
                              "you shortly.",
                              first_name_of(lead), agent.name),
                  "fallback_response");
}

void greet(store::UnitOfWork& unit, Responding responding, AgentSessionRow& session,
           const LeadRow& lead, const AgentRow& agent, Timestamp now) {
  if (responding == Responding::ByModel) {
    queue_greeting(unit.connection, session, now);
  } else {
    add_greeting(unit, session, lead, agent, offline_greeting(lead, agent), now);
  }
}

MessageRow add_words(store::UnitOfWork& unit, AgentSessionRow& session, const LeadRow& lead,
                     const AgentRow& agent, const Words& words, JsonObject metadata,
                     Timestamp now) {
  // Before the message, whose foreign key locks the agent as well, but not enough to change it.
  const AgentRow current = lock_agent(unit.connection, agent.id).value_or(agent);
  metadata["generation_context"] = generation_context(session, current, words);
  if (words.ai_error) metadata["ai_error"] = *words.ai_error;
  MessageRow message = blank_message(SenderType::Agent, words.content);
  message.agent_id = agent.id;
  message.sender_name = agent.name;
  message.external_platform = lead.source;
  message.external_conversation_id = conversation_of(unit.connection, session);
  message.message_metadata = std::move(metadata);
  message.prompt_used = words.prompt_used;
  message.model_used = words.model_used;
  message.response_time_ms = words.response_time_ms;
  message.token_usage = words.token_usage;
  message = add_message(unit, session, std::move(message), now);
  count_interaction(unit.connection, current, words, now);
  return message;
}

MessageRow add_greeting(store::UnitOfWork& unit, AgentSessionRow& session, const LeadRow& lead,
                        const AgentRow& agent, const Words& words, Timestamp now) {
  return add_words(unit, session, lead, agent, words,
                   {{"is_initial_message", true}, {"message_type", "greeting"}}, now);
}

MessageRow add_reply(store::UnitOfWork& unit, AgentSessionRow& session, const LeadRow& lead,
                     const AgentRow& agent, const MessageRow& answered, const Words& words,
                     Timestamp now) {
  const std::string_view quoted = first_code_points(answered.content, kQuotedCharacters);
  return add_words(unit, session, lead, agent, words,
                   {{"is_response_to", quoted}, {"message_type", "response"}}, now);
}

bool has_greeting(store::Connection& connection, std::int64_t session_id) {
  const std::vector<MessageRow> said =
      store::select<MessageRow>()
          .where(all_of(equals<&MessageRow::agent_session_id>(session_id),
                        equals<&MessageRow::sender_type>(word(SenderType::Agent))))
          .all(connection);
  return std::ranges::any_of(said, [](const MessageRow& each) {
    const JsonObject metadata = object_in(each.message_metadata);
    const Json* is_initial = metadata.if_contains("is_initial_message");
    return is_initial != nullptr && *is_initial == Json(true);
  });
}

}  // namespace parley::leads
