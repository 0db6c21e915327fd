#pragma once

// The triggers of an agent: which events open a session with it, and what such a session is for.
// A trigger is a text, or an object with `event` (or `type`, `event_type`); what has another form
// is kept and ignored. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "leads/tables.h"

namespace parley::leads {

/// A trigger whose form is known.
struct Trigger {
  std::string event;
  bool is_active = true;
  std::vector<std::string> sources;  ///< Of the leads that it is for; empty: all.
};

/// The trigger that `value` describes; nothing when its form is unknown.
std::optional<Trigger> parse_trigger(const Json& value);

/// Those of the agent's triggers whose form is known, in their order.
std::vector<Trigger> triggers_of(const AgentRow& agent);

/// Something that happened to a lead.
struct LeadEvent {
  std::string type;                   ///< `new_lead`; a word outside the vocabulary is as good.
  std::optional<std::string> source;  ///< Of the lead; absent: no agent is left out for it.
};

/// What an agent has to do with an event.
enum class Fit { Fits, Inactive, NoTriggers, OtherEvents, SwitchedOff, OtherSources };

Fit fit_of(const AgentRow& agent, const LeadEvent& event);

/// The same as a sentence for people.
std::string reason_of(Fit fit, const LeadEvent& event);

/// The agents that fit, the one that gets the lead first: most workflow steps, then newest.
std::vector<AgentRow> agents_for(std::vector<AgentRow> agents, const LeadEvent& event);

/// What a session that the event opened is for: by the agent's use case, else by the event.
std::string goal_of_event(const AgentRow& agent, const std::string& event_type);

}  // namespace parley::leads
