#include "leads/message_agents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "leads/rows.h"
#include "leads/triggers.h"
#include "leads/vocabulary.h"
#include "leads/workflows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;

constexpr auto kMessageEvents = std::to_array<std::string_view>(
    {"new_lead", "form_submission", "website_visit", "general", "message_received"});

/// Whose agents come first.
constexpr auto kUseCases =
    std::to_array<std::string_view>({"general_sales", "lead_qualification", "customer_support"});

struct GoalWords {
  std::string_view goal;
  std::array<std::string_view, 4> words;
};
constexpr GoalWords kGoalWords[] = {
    {"provide_pricing", {"price", "cost", "quote", "estimate"}},
    {"book_appointment", {"schedule", "appointment", "meeting", "call"}},
    {"provide_support", {"support", "help", "problem", "issue"}},
    {"provide_information", {"info", "information", "learn", "tell me"}},
};

using Goal = std::pair<std::string_view, std::string_view>;
constexpr auto kGoalsByUseCase = std::to_array<Goal>({{"lead_qualification", "qualify_lead"},
                                                      {"customer_support", "provide_support"},
                                                      {"general_sales", "close_lead"},
                                                      {"appointment_booking", "book_appointment"}});
constexpr std::string_view kAnyGoal = "engage_lead";

std::size_t rank_of(const AgentRow& agent) {
  const auto found = std::ranges::find(kUseCases, agent.use_case.value_or(""));
  return static_cast<std::size_t>(found - kUseCases.begin());
}

bool is_letter(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
         static_cast<unsigned char>(character) >= 0x80;
}

/// True when `word` begins a word of `text`, so that "costs" speaks of cost and "recall" of no
/// call.
bool speaks_of(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (at == 0 || !is_letter(text[at - 1])) return true;
  }
  return false;
}

}  // namespace

bool takes_messages(const AgentRow& agent) {
  if (!agent.is_active) return false;
  for (const std::string_view event : kMessageEvents) {
    const Fit fit = fit_of(agent, {.type = std::string(event), .source = {}});
    if (fit == Fit::Fits || fit == Fit::NoTriggers) return true;
  }
  return false;
}

std::optional<AgentRow> agent_for_message(std::vector<AgentRow> agents) {
  std::erase_if(agents, [](const AgentRow& agent) { return !takes_messages(agent); });
  const auto first = std::ranges::min_element(
      agents, {}, [](const AgentRow& agent) { return std::pair(rank_of(agent), agent.id); });
  if (first == agents.end()) return std::nullopt;
  return std::move(*first);
}

std::optional<AgentRow> agent_for_message(store::Connection& connection) {
  return agent_for_message(store::select<AgentRow>()
                               .where(equals<&AgentRow::is_active>(true))
                               .order_by<&AgentRow::id>()
                               .all(connection));
}

std::string goal_of_message(const AgentRow& agent, std::string_view message) {
  const std::string text = lower(message);
  for (const GoalWords& each : kGoalWords) {
    const bool is_meant = std::ranges::any_of(
        each.words, [&](std::string_view word) { return speaks_of(text, word); });
    if (is_meant) return std::string(each.goal);
  }
  const auto found = std::ranges::find(kGoalsByUseCase, agent.use_case.value_or(""), &Goal::first);
  return std::string(found == kGoalsByUseCase.end() ? kAnyGoal : found->second);
}

AgentRow holding_agent(store::UnitOfWork& unit, Timestamp now) {
  const auto is_holding = equals<&AgentRow::type>(std::string(kHoldingType));
  const auto find = store::select<AgentRow>().where(is_holding).order_by<&AgentRow::id>();
  if (const auto found = find.first(unit.connection)) return *found;
  hold_name(unit.connection, "agent", kHoldingType);
  auto look_again =
      store::select<AgentRow>().where(is_holding).order_by<&AgentRow::id>().for_update();
  if (const auto found = look_again.first(unit.connection)) return *found;
  AgentRow agent{.name = "Holding agent",
                 .description = "Holds the messages of leads for whom there is no agent",
                 .type = std::string(kHoldingType),
                 .use_case = std::string(kHoldingType),
                 .prompt_template = "",
                 .prompt_variables = Json(JsonObject{}),
                 .personality_traits = Json(json::array{}),
                 .personality_style = "professional",
                 .response_length = "moderate",
                 .model = "none",
                 .temperature = "0",
                 .knowledge = Json(json::array{}),
                 .enabled_tools = Json(json::array{}),
                 .tool_configs = Json(JsonObject{}),
                 .triggers = Json(json::array{}),
                 .actions = Json(json::array{}),
                 .workflow_steps = Json(json::array{}),
                 .integrations = Json(json::array{}),
                 .sample_conversations = Json(json::array{}),
                 .conversation_settings = Json(JsonObject{}),
                 .created_by = "system",
                 .success_rate = "0.0",
                 .avg_response_time = "0.0",
                 .created_at = now,
                 .updated_at = now};
  agent.id = store::insert(unit.connection, agent);
  return agent;
}

std::optional<AgentSessionRow> lock_held_session(store::Connection& connection,
                                                 std::int64_t lead_id) {
  const auto holding = store::select<AgentRow>()
                           .where(equals<&AgentRow::type>(std::string(kHoldingType)))
                           .order_by<&AgentRow::id>()
                           .first(connection);
  if (!holding) return std::nullopt;
  return store::select<AgentSessionRow>()
      .where(all_of(equals<&AgentSessionRow::lead_id>(lead_id),
                    equals<&AgentSessionRow::agent_id>(holding->id),
                    equals<&AgentSessionRow::session_status>(word(SessionStatus::Paused))))
      .order_by<&AgentSessionRow::id>(store::Order::Descending)
      .for_update()
      .first(connection);
}

}  // namespace parley::leads
