#pragma once

// What the routes of leads and agents read from their requests, as values for the services. Every
// function throws the 422 problem that names all wrong fields. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "leads/agent_records.h"
#include "leads/lead_records.h"
#include "leads/row_fields.h"

namespace parley::leads {

/// The columns that a caller may set.
using LeadFields = Fields<&LeadRow::name, &LeadRow::first_name, &LeadRow::last_name,
                          &LeadRow::email, &LeadRow::phone, &LeadRow::company, &LeadRow::address,
                          &LeadRow::external_id, &LeadRow::service_requested, &LeadRow::source,
                          &LeadRow::notes, &LeadRow::interaction_history>;
using AgentFields =
    Fields<&AgentRow::name, &AgentRow::description, &AgentRow::type, &AgentRow::use_case,
           &AgentRow::prompt_template, &AgentRow::prompt_template_name, &AgentRow::prompt_variables,
           &AgentRow::personality_traits, &AgentRow::personality_style, &AgentRow::response_length,
           &AgentRow::custom_personality_instructions, &AgentRow::model, &AgentRow::max_tokens,
           &AgentRow::knowledge, &AgentRow::enabled_tools, &AgentRow::tool_configs,
           &AgentRow::triggers, &AgentRow::actions, &AgentRow::workflow_steps,
           &AgentRow::integrations, &AgentRow::sample_conversations,
           &AgentRow::conversation_settings, &AgentRow::is_active, &AgentRow::is_public,
           &AgentRow::created_by>;

NewLead read_new_lead(const http::Request& request);
LeadChange read_lead_change(const http::Request& request);
LeadFilter read_lead_filter(const http::Request& request);

struct NoteRequest {
  std::string content;
  std::string author;
};
NoteRequest read_note(const http::Request& request);

AgentRow read_new_agent(const http::Request& request);
AgentChange read_agent_change(const http::Request& request);
AgentFilter read_agent_filter(const http::Request& request);

/// A quality as the column keeps it: a number from 0 to 1, or such a text. Nothing for anything
/// else.
std::optional<std::string> share_text(const Json& value);

/// A temperature as the column keeps it: a number from 0 to 2, or such a text. Nothing for anything
/// else.
std::optional<std::string> temperature_text(const Json& value);

}  // namespace parley::leads
