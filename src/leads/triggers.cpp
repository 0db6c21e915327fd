#include "leads/triggers.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "leads/stored_json.h"

namespace parley::leads {
namespace {

using Goal = std::pair<std::string_view, std::string_view>;

constexpr auto kGoalsByUseCase = std::to_array<Goal>({{"lead_qualification", "qualify_lead"},
                                                      {"customer_support", "provide_support"},
                                                      {"general_sales", "close_lead"},
                                                      {"appointment_booking", "book_appointment"},
                                                      {"follow_up", "follow_up_lead"}});
constexpr auto kGoalsByEvent = std::to_array<Goal>({{"new_lead", "qualify_lead"},
                                                    {"form_submission", "qualify_lead"},
                                                    {"email_opened", "follow_up_lead"},
                                                    {"website_visit", "engage_visitor"},
                                                    {"meeting_scheduled", "prepare_meeting"},
                                                    {"support_ticket", "provide_support"}});
constexpr std::string_view kAnyGoal = "engage_lead";

template <std::size_t N>
std::optional<std::string> goal_in(const std::array<Goal, N>& goals, std::string_view key) {
  const auto found = std::ranges::find(goals, key, &Goal::first);
  return found == goals.end() ? std::nullopt : std::optional(std::string(found->second));
}

std::optional<std::string> first_text(const JsonObject& object,
                                      std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    if (auto text = text_at(object, field)) return text;
  }
  return std::nullopt;
}

/// A list of texts, or one text.
std::vector<std::string> texts_in(const Json& value) {
  if (const auto* text = value.if_string()) return {std::string(*text)};
  std::vector<std::string> texts;
  if (!value.is_array()) return texts;
  for (const Json& each : value.get_array()) {
    if (each.is_string()) texts.emplace_back(each.get_string());
  }
  return texts;
}

std::vector<std::string> sources_of(const JsonObject& trigger) {
  for (const std::string_view field : {"lead_sources", "sources"}) {
    if (const Json* value = trigger.if_contains(field)) {
      if (auto texts = texts_in(*value); !texts.empty()) return texts;
    }
  }
  return {};
}

bool admits(const Trigger& trigger, const LeadEvent& event) {
  if (trigger.sources.empty() || !event.source) return true;
  return std::ranges::find(trigger.sources, *event.source) != trigger.sources.end();
}

std::size_t step_count(const AgentRow& agent) { return list_in(agent.workflow_steps).size(); }

}  // namespace

std::optional<Trigger> parse_trigger(const Json& value) {
  if (const auto* text = value.if_string()) {
    if (text->empty()) return std::nullopt;
    return Trigger{.event = std::string(*text), .sources = {}};
  }
  const JsonObject* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  const std::optional<std::string> event = first_text(*object, {"event", "type", "event_type"});
  if (!event) return std::nullopt;
  const Json* active = object->if_contains("active");
  return Trigger{.event = *event,
                 .is_active = active == nullptr || *active != Json(false),
                 .sources = sources_of(*object)};
}

std::vector<Trigger> triggers_of(const AgentRow& agent) {
  std::vector<Trigger> triggers;
  for (const Json& each : list_in(agent.triggers)) {
    if (auto trigger = parse_trigger(each)) triggers.push_back(*std::move(trigger));
  }
  return triggers;
}

Fit fit_of(const AgentRow& agent, const LeadEvent& event) {
  if (!agent.is_active) return Fit::Inactive;
  const std::vector<Trigger> triggers = triggers_of(agent);
  Fit fit = triggers.empty() ? Fit::NoTriggers : Fit::OtherEvents;
  for (const Trigger& trigger : triggers) {
    if (trigger.event != event.type) continue;
    if (!trigger.is_active) {
      fit = std::max(fit, Fit::SwitchedOff);
    } else if (admits(trigger, event)) {
      return Fit::Fits;
    } else {
      fit = Fit::OtherSources;
    }
  }
  return fit;
}

std::string reason_of(Fit fit, const LeadEvent& event) {
  switch (fit) {
    case Fit::Fits: return "The agent has a trigger for " + event.type;
    case Fit::Inactive: return "The agent is not active";
    case Fit::NoTriggers: return "The agent has no triggers";
    case Fit::OtherEvents: return "The agent has no trigger for " + event.type;
    case Fit::SwitchedOff: return "The agent's trigger for " + event.type + " is switched off";
    case Fit::OtherSources:
      return "The agent's trigger for " + event.type + " is for leads of other sources";
  }
  return {};
}

std::vector<AgentRow> agents_for(std::vector<AgentRow> agents, const LeadEvent& event) {
  std::erase_if(agents, [&](const AgentRow& each) { return fit_of(each, event) != Fit::Fits; });
  std::ranges::sort(agents, [](const AgentRow& a, const AgentRow& b) {
    return std::pair(step_count(a), a.id) > std::pair(step_count(b), b.id);
  });
  return agents;
}

std::string goal_of_event(const AgentRow& agent, const std::string& event_type) {
  if (const auto goal = goal_in(kGoalsByUseCase, agent.use_case.value_or(""))) return *goal;
  return goal_in(kGoalsByEvent, event_type).value_or(std::string(kAnyGoal));
}

}  // namespace parley::leads
