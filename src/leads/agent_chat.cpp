#include "leads/agent_chat.h"

#include <fmt/format.h>

#include "ai/prompt_template.h"
#include "leads/agent_records.h"
#include "leads/questions.h"
#include "leads/variables.h"

namespace parley::leads {
namespace {

constexpr double kDraftTemperature = 0.7;
constexpr std::int64_t kDraftTokens = 2000;

constexpr std::string_view kPromptTask =
    "You write system prompts for an AI agent that exchanges messages with the leads of a "
    "business. "
    "Write one for the agent that is described. Where it is natural, use the placeholders "
    "{{first_name}}, {{service_requested}}, {{agent_name}} and {{business_name}}. Answer with the "
    "prompt alone.";
constexpr std::string_view kScenarioTask =
    "You design AI agents that exchange messages with the leads of a business. Answer with one "
    "JSON "
    "object for the described scenario, without any other text, with the fields name, description, "
    "use_case (lead_qualification, customer_support, general_sales, appointment_booking or "
    "follow_up), prompt_template, personality_traits (a list of words), personality_style, "
    "response_length and triggers (a list of new_lead, form_submission, email_opened, "
    "website_visit, meeting_scheduled, support_ticket).";

/// The wish with its details, a line each.
std::string text_of(const PromptWish& wish) {
  std::string text = wish.summary;
  for (const auto& detail : wish.details) {
    if (detail.value().is_null()) continue;
    const auto* said = detail.value().if_string();
    text += fmt::format("\n{}: {}", std::string_view(detail.key()),
                        said != nullptr ? std::string(*said) : to_text(detail.value()));
  }
  return text;
}

ai::Request draft(std::string_view task, const PromptWish& wish, const std::string& model) {
  return {.model = model.empty() ? fresh_agent().model : model,
          .api_key = {},
          .messages = {{ai::Role::System, std::string(task)}, {ai::Role::User, text_of(wish)}},
          .temperature = kDraftTemperature,
          .max_tokens = kDraftTokens};
}

const ai::Completion* completion_in(const ai::Outcome& outcome) {
  return std::get_if<ai::Completion>(&outcome);
}

/// `success`, `error` and `usage`.
JsonObject verdict_of(const ai::Outcome& outcome) {
  const ai::Completion* completion = completion_in(outcome);
  if (completion != nullptr) {
    return {{"success", true}, {"error", nullptr}, {"usage", usage_json(completion->usage)}};
  }
  return {{"success", false}, {"error", std::get<Error>(outcome).what()}, {"usage", JsonObject{}}};
}

std::string content_of(const ai::Outcome& outcome) {
  const ai::Completion* completion = completion_in(outcome);
  return completion == nullptr ? std::string() : completion->content;
}

}  // namespace

ai::Request chat_question(const AgentRow& agent, const ChatRequest& chat,
                          const std::string& model) {
  const std::string prompt = ai::fill(agent.prompt_template, {{"agent_name", agent.name}}).text;
  ai::Request request{.model = chat.model.value_or(model.empty() ? agent.model : model),
                      .api_key = {},
                      .messages = {{ai::Role::System, prompt}},
                      .temperature = chat.temperature.value_or(temperature_of(agent)),
                      .max_tokens = chat.max_tokens.value_or(agent.max_tokens)};
  request.messages.insert(request.messages.end(), chat.history.begin(), chat.history.end());
  request.messages.push_back({ai::Role::User, chat.message});
  return request;
}

ai::Request prompt_question(const PromptWish& wish, const std::string& model) {
  return draft(kPromptTask, wish, model);
}

ai::Request scenario_question(const PromptWish& wish, const std::string& model) {
  return draft(kScenarioTask, wish, model);
}

std::optional<JsonObject> object_said(std::string_view content) {
  const std::size_t start = content.find('{');
  const std::size_t end = content.rfind('}');
  if (start == std::string_view::npos || end == std::string_view::npos || end < start) {
    return std::nullopt;
  }
  try {
    return parse_json(content.substr(start, end - start + 1)).as_object();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

JsonObject usage_json(const std::optional<ai::Usage>& usage) {
  if (!usage) return {};
  return {{"prompt_tokens", usage->prompt_tokens},
          {"completion_tokens", usage->completion_tokens},
          {"total_tokens", usage->total_tokens}};
}

JsonObject chat_json(const ai::Outcome& outcome) {
  JsonObject answer = verdict_of(outcome);
  answer["response"] = content_of(outcome);
  return answer;
}

JsonObject prompt_json(const ai::Outcome& outcome) {
  JsonObject answer = verdict_of(outcome);
  answer["generated_prompt"] = content_of(outcome);
  return answer;
}

JsonObject scenario_json(const ai::Outcome& outcome, const std::string& description) {
  JsonObject answer = verdict_of(outcome);
  answer["scenario_description"] = description;
  answer["generated_data"] = JsonObject{};
  if (completion_in(outcome) == nullptr) return answer;
  if (auto said = object_said(content_of(outcome))) {
    answer["generated_data"] = *std::move(said);
  } else {
    answer["success"] = false;
    answer["error"] = "The model did not answer with a JSON object";
  }
  return answer;
}

JsonObject trial_json(const ai::Outcome& outcome) {
  JsonObject answer = verdict_of(outcome);
  answer.erase("usage");
  answer["response"] = content_of(outcome);
  const ai::Completion* completion = completion_in(outcome);
  answer["processing_time"] =
      completion == nullptr ? 0.0
                            : std::chrono::duration<double>(completion->response_time).count();
  return answer;
}

ai::Outcome no_model() { return Error(ErrorCode::Unavailable, std::string(kNoModel)); }

}  // namespace parley::leads
