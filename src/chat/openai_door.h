#pragma once

// The OpenAI-compatible door: whoever speaks the chat-completions protocol talks to an agent, which
// is the `model`. The key is a member's access token, or the token of an agent's credential, which
// opens that agent alone. With a chat's id in `metadata.chat_id` the question and the answer are
// kept in that chat and its history counts; without it the request's own messages are the history,
// and nothing is stored. Handlers are immutable; any thread.

#include <vector>

#include "chat/handlers.h"
#include "http/router.h"

namespace parley::chat {

/// POST /v1/chat/completions and GET /v1/models and /v1/models/{model}. Their problems look as
/// `openai_problem` says.
std::vector<http::Route> openai_routes(const Context& context);

}  // namespace parley::chat
