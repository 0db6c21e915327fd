#pragma once

// The endpoint that sends a message, which is what a server does most: requests that arrive together
// are written together (store::BulkWork). Called once, at start; the handler is immutable.

#include "live_agent/handlers.h"

namespace parley::live_agent {

/// Writes messages as they come in together.
std::shared_ptr<const store::BulkWork> bulk_send(store::Store& store);

/// POST /live-agent/messages.
http::Handler send_handler(const Context& context);

}  // namespace parley::live_agent
