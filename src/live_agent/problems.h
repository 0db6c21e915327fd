#pragma once

// The errors of this module's endpoints, in the form that its existing clients read: an
// `application/json` object that is the server's problem object with `success`, `error` and
// `details` beside it. Pure functions; any thread.

#include <string>

#include "http/router.h"

namespace parley::live_agent {

/// The answer of a problem, and the `ProblemStyle` of the module. A path that the original had and
/// Parley leaves out answers with the code `not_offered`.
http::Response problem_answer(const http::Problem& problem, const http::Request& request);

/// True for the paths of the original's features that are no part of Parley.
bool is_left_out(std::string_view path);

/// The paths under which those features lived, for the router.
std::vector<std::string> left_out_prefixes();

http::Problem session_not_found();
http::Problem message_not_found();
http::Problem session_closed();
http::Problem email_taken();

}  // namespace parley::live_agent
