#pragma once

// Trying an agent, and having its prompts drafted: questions to the model that belong to no lead
// and leave nothing behind. What is asked and what the answer means are pure functions; the routes
// ask. Any thread.

#include <optional>
#include <string>
#include <vector>

#include "ai/language_model.h"
#include "base/json.h"
#include "leads/tables.h"

namespace parley::leads {

inline constexpr std::size_t kHistoryMax = 100;

/// A message to an agent that is tried, and what was said before.
struct ChatRequest {
  std::string message;
  std::vector<ai::Message> history;
  std::optional<std::string> model;
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
};

/// The agent's prompt, the history and the message. `model` stands for the agent's own when it is
/// not empty, and the request's for both.
ai::Request chat_question(const AgentRow& agent, const ChatRequest& chat, const std::string& model);

/// What a prompt is wished for.
struct PromptWish {
  std::string summary;
  JsonObject details;  ///< The other fields of the request, as given.
};

/// `model` as above; without one, that of a new agent.
ai::Request prompt_question(const PromptWish& wish, const std::string& model);

/// Asks for a whole agent, as a JSON object.
ai::Request scenario_question(const PromptWish& wish, const std::string& model);

/// The JSON object in an answer, which models like to wrap into words and fences.
std::optional<JsonObject> object_said(std::string_view content);

/// The reason why nothing is asked, when no model is configured.
inline constexpr std::string_view kNoModel =
    "No language model is configured (ai.base_url is empty)";

JsonObject usage_json(const std::optional<ai::Usage>& usage);

/// `{response, usage, success, error}`
JsonObject chat_json(const ai::Outcome& outcome);
/// `{generated_prompt, success, error, usage}`
JsonObject prompt_json(const ai::Outcome& outcome);
/// `{generated_data, scenario_description, success, error, usage}`
JsonObject scenario_json(const ai::Outcome& outcome, const std::string& description);
/// `{response, processing_time, success, error}`, the time in seconds.
JsonObject trial_json(const ai::Outcome& outcome);

/// What there is instead of an answer without a model.
ai::Outcome no_model();

}  // namespace parley::leads
