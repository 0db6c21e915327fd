#pragma once

// The endpoint that sends a message, which is what a server does most: requests that arrive
// together are written together (store::BulkWork). Called once, at start; the handler is immutable.

#include "live_agent/handlers.h"
#include "live_agent/messages.h"

namespace parley::live_agent {

/// Writes messages as they come in together, and notes what is to be pushed; no notifier: nothing.
std::shared_ptr<const store::BulkWork> bulk_send(store::Store& store, const Notifier* notifier);

/// Sends what is to be pushed of a message that is on disk; `done` is told whether the push of the
/// message itself was taken. Requires: it has one.
void deliver_pushes(Notifier& notifier, Sending& sending, std::function<void(bool was_taken)> done);

/// POST /live-agent/messages.
http::Handler send_handler(const Context& context);

}  // namespace parley::live_agent
