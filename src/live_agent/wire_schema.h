#pragma once

// The schemas of what `wire.h` writes and of what `requests.h` reads, for the API's document.
// Fields that a table has come from its declaration; only what is computed, and what a request may
// say, is named here. Pure functions; any thread.

#include "base/json_schema.h"
#include "http/operation.h"
#include "live_agent/vocabulary.h"

namespace parley::live_agent {

/// The session as its own row, without its preview.
JsonObject session_row_schema();
JsonObject session_schema();
JsonObject message_schema();
JsonObject profile_schema();
JsonObject agent_schema();
JsonObject presence_schema();
JsonObject push_token_schema();
JsonObject statistics_schema();

/// The keys of `agent_rights`, none of which needs to be there.
JsonObject rights_schema();

/// `{<name>: [item…], total, page, per_page}`.
JsonObject page_schema(std::string_view name, const JsonObject& item);

/// `{success: true, message, data}`.
JsonObject envelope_schema(const JsonObject& data);

/// The same without a message.
JsonObject bare_envelope_schema(const JsonObject& data);

/// How `problem_answer` writes problems.
http::ProblemShape problem_answer_shape();

}  // namespace parley::live_agent
