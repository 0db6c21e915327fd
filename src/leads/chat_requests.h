#pragma once

// What the routes that ask the model read from their requests. Every function throws the 422
// problem that names all wrong fields. Pure functions; any thread.

#include <string_view>

#include "http/message.h"
#include "leads/agent_chat.h"

namespace parley::leads {

ChatRequest read_chat(const http::Request& request);

/// The text in `field`, and the rest of the body as details.
PromptWish read_prompt_wish(const http::Request& request, std::string_view field);

}  // namespace parley::leads
