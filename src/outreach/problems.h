#pragma once

// The errors of this module's endpoints: `application/problem+json` (RFC 9457). Pure functions; any
// thread.

#include <string>

#include "http/router.h"

namespace parley::outreach {

http::Problem session_not_found();
http::Problem message_not_found();

/// 400 `cursor_mismatch`: the cursor belongs to a list with other filters.
http::Problem cursor_mismatch();

/// 400 `not_json`.
http::Problem not_json(const std::string& why);

}  // namespace parley::outreach
