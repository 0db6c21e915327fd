#include "leads/problems.h"

#include <gmock/gmock.h>

namespace parley::leads {
namespace {

http::Request request_of(const std::string& method) {
  http::Request request;
  request.method = method;
  request.path = "/api/messages/route";
  return request;
}

TEST(LeadsProblem, HasAListOfDetailsForWrongFields) {
  http::Problem problem = http::invalid_field("/metadata/sender", "wrong_type", "must be a text");
  problem.errors.push_back({"/message", "required", "message is required"});
  const http::Response answer = problem_answer(problem, request_of("POST"));
  EXPECT_EQ(answer.content_type, "application/json");
  const Json body = parse_json(answer.body);
  EXPECT_EQ(body.at("success"), false);
  EXPECT_EQ(body.at("detail"), (Json{JsonObject{{"loc", json::array{"body", "metadata", "sender"}},
                                                {"msg", "must be a text"},
                                                {"type", "wrong_type"}},
                                     JsonObject{{"loc", json::array{"body", "message"}},
                                                {"msg", "message is required"},
                                                {"type", "missing"}}}));
  EXPECT_TRUE(body.at("message").is_string());
}

TEST(LeadsProblem, SaysWhereTheFieldWas) {
  http::Request request = request_of("GET");
  request.path_values["id"] = "x";
  const auto location = [&](const std::string& pointer) {
    const http::Response answer = problem_answer(http::invalid_field(pointer, "x", "x"), request);
    return parse_json(answer.body).at("detail").at(0).at("loc").at(0);
  };
  EXPECT_EQ(location("/limit"), "query");
  EXPECT_EQ(location("/id"), "path");
  request.method = "POST";
  EXPECT_EQ(location("/limit"), "body");
  request.query["limit"] = "0";
  EXPECT_EQ(location("/limit"), "query");
}

TEST(LeadsProblem, HasATextOtherwise) {
  const http::Response answer = problem_answer(lead_not_found("abc"), request_of("POST"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(parse_json(answer.body).at("detail"), "Lead not found: abc");
}

}  // namespace
}  // namespace parley::leads
