#include "outreach/problems.h"

namespace parley::outreach {
namespace {

http::Problem bad_request_of(std::string code, std::string detail) {
  http::Problem problem = http::bad_request(std::move(detail));
  problem.code = std::move(code);
  return problem;
}

}  // namespace

http::Problem session_not_found() { return http::not_found("Session not found"); }
http::Problem message_not_found() { return http::not_found("Message not found"); }

http::Problem cursor_mismatch() {
  return bad_request_of("cursor_mismatch", "The cursor belongs to a list with other filters");
}

http::Problem not_json(const std::string& why) {
  return bad_request_of("not_json", "The body is " + why);
}

}  // namespace parley::outreach
