#pragma once

// The module's part in outgoing webhooks: who may manage them, and what a subscription sees.
// Immutable; any thread.

#include "api/served_module.h"
#include "live_agent/handlers.h"

namespace parley::live_agent {

/// Admins manage webhooks, with a token or with an API key of scope `admin`; a subscription sees
/// what its admin sees, in the one tenant that a key was bound to.
api::WebhookPart webhook_part(const Context& context);

}  // namespace parley::live_agent
