#pragma once

// The module on the stream: who may see its events, and the messages that a client sends over it.
// Immutable; any thread.

#include "api/stream.h"
#include "live_agent/handlers.h"

namespace parley::live_agent {

/// What `/api/v1/stream` and `/api/v1/events` need from this module. `feed` outlives the source.
/// Clients send `send`, `read`, `typing` and `presence`.
api::StreamSource stream_source(const Context& context, api::EventFeed& feed);

}  // namespace parley::live_agent
