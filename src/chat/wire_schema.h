#pragma once

// The schemas of what the module sends, for the API's document: from the declarations of the
// tables, with what `wire.h` adds. Pure functions, called at start.

#include "base/json.h"
#include "http/operation.h"

namespace parley::chat {

JsonObject chat_schema();          ///< ChatOut.
JsonObject message_schema();       ///< ChatMessageOut.
JsonObject conversation_schema();  ///< A chat with its messages.
JsonObject answered_schema();      ///< What sending a message is answered with.
JsonObject agent_schema();         ///< AgentOut.
JsonObject credential_schema();
JsonObject theme_schema();
JsonObject profile_schema();
JsonObject tokens_schema();
JsonObject team_member_schema();

/// `{ok: true}`, and with a message.
JsonObject ok_schema();
JsonObject ok_message_schema();

/// How this module's problems look.
http::ProblemShape problem_answer_shape();

}  // namespace parley::chat
