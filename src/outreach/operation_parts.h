#pragma once

// What the operations of the module have in common: who may call, what a call may say, how it
// fails. Pure functions, called at start.

#include "api/operation_parts.h"
#include "http/operation.h"

namespace parley::outreach::operation {

/// A route that reads, or writes, with a key.
http::Operation reading(http::Operation operation);
http::Operation writing(http::Operation operation);

/// `days`, and for a list also `limit` and `cursor`.
void add_days(http::Operation& operation);
void add_list(http::Operation& operation);

http::Parameter id_in_path(std::string name);

}  // namespace parley::outreach::operation
