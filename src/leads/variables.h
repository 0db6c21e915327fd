#pragma once

// The variables that the templates of agents may name, the same for greetings, replies and
// follow-ups. A pure function; any thread.

#include <string>

#include "ai/prompt_template.h"
#include "leads/tables.h"

namespace parley::leads {

/// A variable without a value is empty, and one of a project that is not known is absent; templates
/// leave both as they are.
ai::Variables variables_of(const LeadRow& lead, const AgentRow& agent,
                           const AgentSessionRow& session);

/// What a lead is called: its first name, else the first word of its name, else "there".
std::string first_name_of(const LeadRow& lead);

/// Its name, else "Customer".
std::string full_name_of(const LeadRow& lead);

}  // namespace parley::leads
