#pragma once

// The errors of this module's endpoints: `application/problem+json` (RFC 9457). Pure functions; any
// thread.

#include <string>

#include "http/router.h"

namespace parley::outreach {

/// The answer of a problem, and the `ProblemStyle` of the module: a 503 says when to come back.
http::Response problem_answer(const http::Problem& problem, const http::Request& request);

http::Problem session_not_found();
http::Problem message_not_found();

/// 400 `cursor_mismatch`: the cursor belongs to a list with other filters.
http::Problem cursor_mismatch();

/// 400 `not_json`.
http::Problem not_json(const std::string& why);

}  // namespace parley::outreach
