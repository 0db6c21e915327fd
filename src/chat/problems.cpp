#include "chat/problems.h"

#include "base/error.h"
#include "base/text.h"

namespace parley::chat {
namespace {

constexpr std::string_view kPathPointer = "/path/";

/// The value at a pointer of the body; null when it cannot be found.
Json input_in_body(const http::Request& request, std::string_view pointer) {
  boost::system::error_code error;
  Json body = json::parse(request.body, error);
  if (error) return nullptr;
  const Json* value = body.find_pointer(pointer, error);
  return value == nullptr || error ? Json(nullptr) : *value;
}

Json text_or_null(const auto& values, std::string_view name) {
  const auto found = values.find(std::string(name));
  return found == values.end() ? Json(nullptr) : Json(json::string(found->second));
}

/// Where the wrong value stands, as a list of steps, and the value.
struct Place {
  json::array steps;
  Json input;
};

Place place_of(const std::string& pointer, const http::Request& request) {
  if (pointer.starts_with(kPathPointer)) {
    const std::string_view name = std::string_view(pointer).substr(kPathPointer.size());
    return {{"path", name}, text_or_null(request.path_values, name)};
  }
  const bool is_query = request.method == "GET" || request.method == "DELETE";
  json::array steps{is_query ? "query" : "body"};
  for (const std::string& step : split(pointer, '/')) {
    if (!step.empty()) steps.emplace_back(step);
  }
  if (pointer.empty()) return {std::move(steps), nullptr};
  return {std::move(steps), is_query ? text_or_null(request.query, pointer.substr(1))
                                     : input_in_body(request, pointer)};
}

json::array detail_list(const http::Problem& problem, const http::Request& request) {
  json::array list;
  for (const http::FieldError& error : problem.errors) {
    Place place = place_of(error.pointer, request);
    list.push_back(JsonObject{{"type", error.code},
                              {"loc", std::move(place.steps)},
                              {"msg", error.message},
                              {"input", std::move(place.input)}});
  }
  if (list.empty()) {
    list.push_back(JsonObject{{"type", problem.code},
                              {"loc", json::array{"header"}},
                              {"msg", problem.detail},
                              {"input", nullptr}});
  }
  return list;
}

}  // namespace

http::Response problem_answer(const http::Problem& problem, const http::Request& request) {
  JsonObject body = http::to_json(problem, request.path);
  if (problem.status == 422) body["detail"] = detail_list(problem, request);
  http::Response response = http::Response::json(problem.status, body);
  response.headers = problem.headers;
  return response;
}

std::string path_pointer(std::string_view name) {
  return std::string(kPathPointer) + std::string(name);
}

http::Problem agent_not_found() { return http::not_found("Agent not found"); }
http::Problem no_access_to_agent() {
  return http::forbidden("You do not have access to this agent");
}
http::Problem chat_not_found() { return http::not_found("Chat not found"); }
http::Problem message_not_found() { return http::not_found("Message not found"); }
http::Problem not_a_member() { return http::forbidden("Not a member of this account"); }
http::Problem insufficient_role() { return http::forbidden("Insufficient role"); }

http::Problem lacks_ai_key() {
  http::Problem problem =
      http::bad_request("AI key is required: set one on the agent, or ai.api_key on the server");
  problem.code = "ai_key_required";
  return problem;
}

http::Problem email_taken() {
  return http::conflict("email_taken", "The e-mail is already registered");
}

}  // namespace parley::chat
