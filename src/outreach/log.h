#pragma once

// The endpoints that log messages, which is what this module does most: requests that arrive
// together are written together (store::BulkWork). Called once, at start; handlers are immutable.

#include <memory>

#include "outreach/context.h"
#include "store/submission_queue.h"

namespace parley::outreach {

/// Writes messages as they come in together.
std::shared_ptr<const store::BulkWork> bulk_log(store::Store& store);

/// POST /messages and POST /messages/batch.
http::Handler log_handler(const Context& context);
http::Handler log_batch_handler(const Context& context);

}  // namespace parley::outreach
