#pragma once

// The errors of this module's endpoints, in the form that its existing clients read: an
// `application/json` object that is the server's problem object with `success: false`, a one-line
// `message`, and `detail`, which is a text, or for 422 a list of `{loc, msg, type}`. Pure
// functions; any thread.

#include <cstdint>
#include <string_view>

#include "http/router.h"

namespace parley::leads {

/// The answer of a problem, and the `ProblemStyle` of the module.
http::Response problem_answer(const http::Problem& problem, const http::Request& request);

/// How `problem_answer` writes problems, for the API's document.
http::ProblemShape problem_answer_shape();

http::Problem lead_not_found(std::int64_t id);
http::Problem lead_not_found(std::string_view external_id);
http::Problem session_not_found(std::int64_t id);
http::Problem message_not_found(std::int64_t id);
http::Problem agent_not_found(std::int64_t id);

/// 400 with this text.
http::Problem refused(std::string code, std::string detail);

/// 400 "Invalid timestamp format".
http::Problem invalid_timestamp();

}  // namespace parley::leads
