#pragma once

// The module's events as outgoing webhooks: whoever has an API key subscribes and sees everything.
// Beside the standard format there is that of the original's receivers (outbound.h). Called once,
// at start; any thread calls what comes back.

#include "api/served_module.h"
#include "leads/handlers.h"

namespace parley::leads {

/// The format of subscriptions made by `/api/webhooks/outbound/urls`.
inline constexpr std::string_view kOutboundFormat = "leads";

api::WebhookPart webhook_part(const Context& context);

/// The body of an event for the original's receivers: an agent's message, or a lead that did not
/// come from the platform; nothing for any other. Reads on the connection.
std::optional<std::string> outbound_body(store::Connection& connection,
                                         const store::LoggedEvent& event);

}  // namespace parley::leads
