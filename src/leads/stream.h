#pragma once

// The module on the stream: whoever has an API key sees all of its events, and has nothing to say
// there. Immutable; any thread.

#include "api/stream.h"
#include "leads/handlers.h"

namespace parley::leads {

/// What `/api/v1/stream` and `/api/v1/events` need from this module. `feed` outlives the source.
api::StreamSource stream_source(const Context& context, api::EventFeed& feed);

/// One who sees everything and says nothing.
std::shared_ptr<const api::Participant> listener();

}  // namespace parley::leads
