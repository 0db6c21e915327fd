#pragma once

// The endpoints of the module, by topic. See docs/guide/chat.md.

#include <vector>

#include "chat/handlers.h"
#include "http/router.h"

namespace parley::chat {

std::vector<http::Route> auth_routes(const Context& context);
std::vector<http::Route> account_routes(const Context& context);
std::vector<http::Route> agent_routes(const Context& context);
std::vector<http::Route> source_routes(const Context& context);
std::vector<http::Route> chat_routes(const Context& context);
std::vector<http::Route> embed_routes(const Context& context);
http::Route health_route();

}  // namespace parley::chat
