#include "http/message.h"

#include <gtest/gtest.h>

#include "base/log.h"

namespace parley::http {
namespace {

template <class Thrown>
Problem problem_for(const Thrown& thrown) {
  return problem_of(std::make_exception_ptr(thrown));
}

TEST(RequestHeader, IsFoundInAnyLetterCase) {
  Request request;
  request.headers = {{"Content-Type", "text/plain"}, {"X-One", "1"}};
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.header("X-Two"), "");
}

TEST(ResponseJson, WritesStatusAndBody) {
  const Response response = Response::json(201, JsonObject{{"id", 7}});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"id":7})");
}

TEST(ProblemOf, LetsAProblemThroughUnchanged) {
  const Problem problem = problem_for(conflict("email_taken", "This e-mail is registered."));
  EXPECT_EQ(problem.status, 409);
  EXPECT_EQ(problem.code, "email_taken");
  EXPECT_EQ(problem.detail, "This e-mail is registered.");
}

TEST(ProblemOf, ShowsTheMessageOfACallersMistake) {
  const Problem problem = problem_for(Error(ErrorCode::InvalidArgument, "Line 1, column 2: no."));
  EXPECT_EQ(problem.status, 400);
  EXPECT_EQ(problem.code, "bad_request");
  EXPECT_EQ(problem.detail, "Line 1, column 2: no.");
}

TEST(ProblemOf, HidesTheMessageOfADatabaseError) {
  for (const ErrorCode code : {ErrorCode::UnknownColumn, ErrorCode::UniqueViolation,
                               ErrorCode::CannotConnect, ErrorCode::Internal}) {
    const Problem problem = problem_for(Error(code, "no such column: secret"));
    EXPECT_EQ(problem.status, facts_of(code).http_status);
    EXPECT_EQ(problem.code, facts_of(code).name);
    EXPECT_EQ(problem.detail, facts_of(code).public_text);
  }
}

TEST(ProblemOf, HidesUnknownExceptions) {
  EXPECT_EQ(problem_for(std::runtime_error("secret")).status, 500);
  EXPECT_EQ(problem_for(std::runtime_error("secret")).code, "internal");
  EXPECT_EQ(problem_for(42).detail, facts_of(ErrorCode::Internal).public_text);
}

TEST(ProblemOf, AsksForATokenWith401) {
  const Problem problem = problem_for(Error(ErrorCode::Unauthenticated, "The token has expired."));
  ASSERT_EQ(problem.headers.size(), 1u);
  EXPECT_EQ(problem.headers[0].first, "WWW-Authenticate");
}

TEST(ProblemOf, SaysWhenToComeBackWith503) {
  const Problem problem = problem_for(Error(ErrorCode::Unavailable, "The queue is full."));
  ASSERT_EQ(problem.headers.size(), 1u);
  EXPECT_EQ(problem.headers[0], std::pair(std::string("Retry-After"), std::string("1")));
}

TEST(LoggedProblemOf, IsTheSameProblem) {
  log::set_level(log::Level::Off);
  const auto error = std::make_exception_ptr(Error(ErrorCode::DiskFull, "/data is full"));
  EXPECT_EQ(logged_problem_of(error, Request{}).code, "unavailable");
  log::set_level(log::Level::Info);
}

TEST(ProblemJson, HasTheMembersOfRfc9457AndOfTheExistingClients) {
  const JsonObject object = to_json(not_found("No session \"x\"."), "/api/x");
  EXPECT_EQ(to_text(object),
            R"({"type":"about:blank","title":"Not Found","status":404,"code":"not_found",)"
            R"("instance":"/api/x","detail":"No session \"x\".","message":"No session \"x\"."})");
}

TEST(ProblemJson, ListsWrongFields) {
  const JsonObject object =
      to_json(invalid_field("/name", "too_long", "At most 255 characters."), "/");
  EXPECT_EQ(object.at("status"), 422);
  EXPECT_EQ(object.at("code"), "validation_failed");
  EXPECT_EQ(to_text(object.at("errors")),
            R"([{"pointer":"/name","code":"too_long","message":"At most 255 characters."}])");
}

TEST(ReasonOf, KnowsStatusesAndAdmitsIgnorance) {
  EXPECT_EQ(reason_of(404), "Not Found");
  EXPECT_EQ(reason_of(299), "Unknown");
}

}  // namespace
}  // namespace parley::http
