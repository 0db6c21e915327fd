#include "leads/problems.h"

#include <fmt/format.h>

#include "base/json_schema.h"

namespace parley::leads {
namespace {

/// `/metadata/sender` of the body is `["body", "metadata", "sender"]`.
json::array location_of(std::string_view pointer, const http::Request& request) {
  std::vector<std::string> fields;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    fields.emplace_back(pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  const std::string first = fields.empty() ? std::string() : fields.front();
  const bool is_in_path = request.path_values.contains(first);
  const bool is_in_query = request.query.contains(first) || request.method == "GET";
  json::array location{is_in_path ? "path" : is_in_query ? "query" : "body"};
  for (const std::string& field : fields) location.emplace_back(field);
  return location;
}

json::array details_of(const http::Problem& problem, const http::Request& request) {
  json::array details;
  for (const http::FieldError& error : problem.errors) {
    details.emplace_back(JsonObject{{"loc", location_of(error.pointer, request)},
                                    {"msg", error.message},
                                    {"type", error.code == "required" ? "missing" : error.code}});
  }
  if (details.empty()) {
    details.emplace_back(JsonObject{
        {"loc", location_of("", request)}, {"msg", problem.detail}, {"type", problem.code}});
  }
  return details;
}

JsonObject detail_schema() {
  const JsonObject item = json_schema::object({{"loc", json_schema::list_of(json_schema::text())},
                                               {"msg", json_schema::text()},
                                               {"type", json_schema::text()}});
  return {{"anyOf", json::array{json_schema::text(), json_schema::list_of(item)}}};
}

}  // namespace

http::Response problem_answer(const http::Problem& problem, const http::Request& request) {
  JsonObject body = http::to_json(problem, request.path);
  body["success"] = false;
  if (problem.status == 422) body["detail"] = details_of(problem, request);
  http::Response response = http::Response::json(problem.status, body);
  response.headers = problem.headers;
  return response;
}

http::ProblemShape problem_answer_shape() {
  JsonObject refused = json_schema::boolean();
  refused["const"] = false;
  const JsonObject schema = json_schema::with_fields(
      http::problem_shape().schema, {{"success", refused}, {"detail", detail_schema()}});
  return {"application/json", json_schema::named("LeadsProblem", schema)};
}

http::Problem lead_not_found(std::int64_t id) {
  return http::not_found(fmt::format("Lead not found: {}", id));
}
http::Problem lead_not_found(std::string_view external_id) {
  return http::not_found(fmt::format("Lead not found: {}", external_id));
}
http::Problem session_not_found(std::int64_t id) {
  return http::not_found(fmt::format("Session {} not found", id));
}
http::Problem message_not_found(std::int64_t id) {
  return http::not_found(fmt::format("Message {} not found", id));
}
http::Problem agent_not_found(std::int64_t id) {
  return http::not_found(fmt::format("Agent {} not found", id));
}

http::Problem refused(std::string code, std::string detail) {
  http::Problem problem = http::bad_request(std::move(detail));
  problem.code = std::move(code);
  return problem;
}

http::Problem invalid_timestamp() {
  return refused("invalid_timestamp", "Invalid timestamp format");
}

}  // namespace parley::leads
