#pragma once

// The endpoints of sending, by topic. Called once, at start.

#include <vector>

#include "http/router.h"
#include "outreach/sending_context.h"

namespace parley::outreach {

/// Queueing, retrying, and the history of a message.
std::vector<http::Route> queue_routes(const SendingContext& context);
std::vector<http::Route> delivery_routes(const SendingContext& context);
std::vector<http::Route> quota_routes(const SendingContext& context);
/// Previews, split texts, names of variables.
std::vector<http::Route> text_routes(const SendingContext& context);
/// Callbacks of providers.
std::vector<http::Route> callback_routes(const SendingContext& context);

}  // namespace parley::outreach
