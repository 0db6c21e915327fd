#pragma once

// The errors of this module's endpoints, in the form that its existing clients read: an
// `application/json` object that is the server's problem object, whose `detail` is a list of wrong
// fields on 422 and a text otherwise. Pure functions; any thread.

#include <string_view>

#include "http/router.h"

namespace parley::chat {

/// The answer of a problem, and the `ProblemStyle` of the module.
http::Response problem_answer(const http::Problem& problem, const http::Request& request);

/// A field of the path, as the pointer of a field error.
std::string path_pointer(std::string_view name);

http::Problem agent_not_found();
http::Problem no_access_to_agent();
http::Problem chat_not_found();
http::Problem message_not_found();
http::Problem not_a_member();
http::Problem insufficient_role();
http::Problem lacks_ai_key();
http::Problem email_taken();

}  // namespace parley::chat
