#pragma once

// The endpoints of the module, by topic: each reads its request, calls the service and makes the
// answer. Called once, at start; the handlers are immutable.

#include <vector>

#include "http/router.h"
#include "leads/handlers.h"

namespace parley::leads {

inline constexpr std::string_view kWebhooksPrefix = "/api/webhooks";
inline constexpr std::string_view kMessagesPrefix = "/api/messages";

std::vector<http::Route> webhook_routes(const Context& context);
std::vector<http::Route> outbound_routes(const Context& context);
std::vector<http::Route> message_routes(const Context& context);

}  // namespace parley::leads
