#include "live_agent/problems.h"

#include <algorithm>
#include <array>

namespace parley::live_agent {
namespace {

/// The knowledge base, user guides, unanswered questions, feedback, access groups, and the WhatsApp
/// relay.
constexpr auto kLeftOut = std::to_array<std::string_view>(
    {"knowledge-base", "qa", "user-guide", "user-guides", "unanswered-questions", "feedback",
     "access-groups", "access-control", "whatsapp"});
constexpr auto kBases = std::to_array<std::string_view>({"/api/v1/live-agent/", "/api/v1/"});

/// `/initial_message` is the field `initial_message`, and the whole body is `body`.
std::string field_of(std::string_view pointer) {
  if (pointer.empty()) return "body";
  std::string field(pointer.substr(1));
  std::ranges::replace(field, '/', '.');
  return field;
}

JsonObject details_of(const std::vector<http::FieldError>& errors) {
  JsonObject details;
  for (const http::FieldError& error : errors) {
    details.emplace(field_of(error.pointer), error.message);
  }
  return details;
}

}  // namespace

bool is_left_out(std::string_view path) {
  for (const std::string_view base : kBases) {
    if (!path.starts_with(base)) continue;
    const std::string_view rest = path.substr(base.size());
    return std::ranges::find(kLeftOut, rest.substr(0, rest.find('/'))) != kLeftOut.end();
  }
  return false;
}

std::vector<std::string> left_out_prefixes() {
  std::vector<std::string> prefixes;
  for (const std::string_view name : kLeftOut) {
    prefixes.push_back(std::string(kBases.back()) + std::string(name));
  }
  return prefixes;
}

http::Response problem_answer(const http::Problem& problem, const http::Request& request) {
  http::Problem shown = problem;
  if (shown.status == 404 && is_left_out(request.path)) {
    shown.code = "not_offered";
    shown.detail = "This feature of the original live agent is not offered by this server";
  }
  JsonObject body = http::to_json(shown, request.path);
  body["success"] = false;
  body["error"] = http::reason_of(shown.status);
  if (!shown.errors.empty()) body["details"] = details_of(shown.errors);
  http::Response response = http::Response::json(shown.status, body);
  response.headers = shown.headers;
  return response;
}

http::Problem session_not_found() { return http::not_found("Session not found"); }
http::Problem message_not_found() { return http::not_found("Message not found"); }

http::Problem session_closed() { return http::conflict("session_closed", "The session is closed"); }

http::Problem email_taken() {
  return {.status = 400,
          .code = "email_taken",
          .detail = "The e-mail is already registered",
          .errors = {},
          .headers = {}};
}

}  // namespace parley::live_agent
