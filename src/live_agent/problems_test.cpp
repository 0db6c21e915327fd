#include "live_agent/problems.h"

#include <gtest/gtest.h>

namespace parley::live_agent {
namespace {

http::Request request_to(std::string path) {
  http::Request request;
  request.path = std::move(path);
  return request;
}

JsonObject body_of(const http::Problem& problem, const std::string& path = "/api/v1/live-agent/x") {
  const http::Response response = problem_answer(problem, request_to(path));
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.status, problem.status);
  return parse_json(response.body).as_object();
}

TEST(ProblemAnswer, HasWhatTheAppAndOthersRead) {
  const JsonObject body = body_of(http::forbidden("Access denied"));
  EXPECT_EQ(body.at("message"), "Access denied");
  EXPECT_EQ(body.at("detail"), "Access denied");
  EXPECT_EQ(body.at("success"), false);
  EXPECT_EQ(body.at("error"), "Forbidden");
  EXPECT_EQ(body.at("status"), 403);
  EXPECT_TRUE(body.contains("code"));
  EXPECT_FALSE(body.contains("details"));
}

TEST(ProblemAnswer, NamesWrongFieldsTwice) {
  const JsonObject body = body_of(http::invalid_field("/a/b", "blank", "a is blank"));
  EXPECT_EQ(body.at("details"), (Json{{"a.b", "a is blank"}}));
  EXPECT_EQ(body.at("errors").at(0).at("pointer"), "/a/b");
}

TEST(ProblemAnswer, CallsTheWholeBodyBody) {
  const JsonObject body = body_of(http::invalid_field("", "invalid_json", "no JSON"));
  EXPECT_EQ(body.at("details"), (Json{{"body", "no JSON"}}));
}

TEST(ProblemAnswer, SaysWhatIsNotOffered) {
  for (const std::string path : {"/api/v1/knowledge-base", "/api/v1/live-agent/feedback/5"}) {
    EXPECT_EQ(body_of(http::not_found("Nothing"), path).at("code"), "not_offered") << path;
  }
  EXPECT_NE(body_of(http::not_found("Nothing"), "/api/v1/live-agent/feedbacks").at("code"),
            "not_offered");
}

}  // namespace
}  // namespace parley::live_agent
