#pragma once

// Chat on the event stream (docs/guide/realtime.md): who may subscribe and what they see. Clients
// only listen; what they say goes over the API.

#include "api/stream.h"
#include "chat/handlers.h"

namespace parley::chat {

/// `feed` is that of the module's store; everything referred to outlives the source.
api::StreamSource stream_source(const Context& context, api::EventFeed& feed);

}  // namespace parley::chat
