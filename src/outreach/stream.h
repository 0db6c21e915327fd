#pragma once

// The module on the event stream: callers hear of what happens to the rows of their user_id.
// Immutable; any thread.

#include "api/stream.h"
#include "outreach/context.h"

namespace parley::outreach {

/// What `/api/v1/stream` and `/api/v1/events` need from this module. `feed` outlives the source. A
/// request without a key must ask for the module by name.
api::StreamSource stream_source(const Context& context, api::EventFeed& feed);

}  // namespace parley::outreach
