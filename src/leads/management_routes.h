#pragma once

// The endpoints by which leads, agents and sessions are managed, by topic: each reads its request,
// calls the service and makes the answer. Called once, at start; the handlers are immutable.

#include <vector>

#include "http/router.h"
#include "leads/handlers.h"

namespace parley::leads {

std::vector<http::Route> session_routes(const Context& context);
std::vector<http::Route> lead_routes(const Context& context);
std::vector<http::Route> agent_routes(const Context& context);
/// Those of them that ask the model.
std::vector<http::Route> agent_chat_routes(const Context& context);
std::vector<http::Route> workflow_routes(const Context& context);
std::vector<http::Route> follow_up_routes(const Context& context);
std::vector<http::Route> dashboard_routes(const Context& context);

/// What is noted on messages after they were written.
std::vector<http::Route> message_mark_routes(const Context& context);

/// Whether the server answers, for whoever watches it; without a key.
std::vector<http::Route> health_routes();

}  // namespace parley::leads
