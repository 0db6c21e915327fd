#pragma once

// The endpoints of the module, by topic: each reads its request, calls the service and makes the
// answer. Called once, at start; the handlers are immutable.

#include <vector>

#include "live_agent/handlers.h"

namespace parley::live_agent {

inline constexpr std::string_view kLiveAgentPrefix = "/api/v1/live-agent";
inline constexpr std::string_view kAuthPrefix = "/api/v1/auth";

std::vector<http::Route> session_routes(const Context& context);
std::vector<http::Route> message_routes(const Context& context);
std::vector<http::Route> agent_routes(const Context& context);

/// Those under `kAuthPrefix`.
std::vector<http::Route> auth_routes(const Context& context);

}  // namespace parley::live_agent
