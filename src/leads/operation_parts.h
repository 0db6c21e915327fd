#pragma once

// What the operations of the module have in common: how a call may fail, and how long its lists
// are. Pure functions, called at start.

#include <cstdint>

#include "api/operation_parts.h"
#include "http/operation.h"

namespace parley::leads::operation {

/// A route that reads, or writes, with a token.
http::Operation reading(http::Operation operation);
http::Operation writing(http::Operation operation);

/// How long a list without pages may be; `otherwise` when that is not said.
http::Parameter list_limit(std::int64_t otherwise);

}  // namespace parley::leads::operation
