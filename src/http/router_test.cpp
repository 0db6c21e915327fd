#include "http/router.h"

#include <gtest/gtest.h>

#include "base/log.h"

namespace parley::http {
namespace {

Handler answers(std::string text) {
  return [text](std::shared_ptr<Request>, Responder responder) {
    Response response;
    response.body = text;
    responder(response);
  };
}

template <class Thrown>
Handler throws(Thrown thrown) {
  return [thrown](std::shared_ptr<Request>, Responder) { throw thrown; };
}

Response plain_style(const Problem& problem, const Request&) {
  Response response;
  response.status = problem.status;
  response.content_type = "text/plain";
  response.headers = problem.headers;
  response.body = problem.code;
  return response;
}

class RouterTest : public testing::Test {
 protected:
  void SetUp() override { log::set_level(log::Level::Off); }
  void TearDown() override { log::set_level(log::Level::Info); }

  Response ask(const std::string& method, const std::string& path) {
    request = std::make_shared<Request>();
    request->method = method;
    request->path = path;
    Response answer;
    router.handle(request, [&](Response response) { answer = std::move(response); });
    return answer;
  }

  Router router;
  std::shared_ptr<Request> request;
};

TEST_F(RouterTest, FindsTheRouteAndItsPathValues) {
  router.add_group("", {{"GET", "/a/{id}/b/{name}", answers("found")}});
  EXPECT_EQ(ask("GET", "/a/1/b/two words").body, "found");
  EXPECT_EQ(request->path_values.at("id"), "1");
  EXPECT_EQ(request->path_values.at("name"), "two words");
}

TEST_F(RouterTest, PrefersTextToANameInAnyOrder) {
  router.add_group("", {{"GET", "/a/{id}", answers("name")}, {"GET", "/a/stats", answers("text")}});
  router.add_group("", {{"GET", "/b/stats", answers("text")}, {"GET", "/b/{id}", answers("name")}});
  EXPECT_EQ(ask("GET", "/a/stats").body, "text");
  EXPECT_EQ(ask("GET", "/a/other").body, "name");
  EXPECT_EQ(ask("GET", "/b/stats").body, "text");
}

TEST_F(RouterTest, FallsBackToANameWhenTheTextLacksTheMethod) {
  router.add_group("",
                   {{"GET", "/a/stats", answers("text")}, {"DELETE", "/a/{id}", answers("name")}});
  EXPECT_EQ(ask("DELETE", "/a/stats").body, "name");
}

TEST_F(RouterTest, ANameIsNeverEmptyAndNeverTwoSegments) {
  router.add_group("", {{"GET", "/a/{id}", answers("found")}});
  EXPECT_EQ(ask("GET", "/a/").status, 404);
  EXPECT_EQ(ask("GET", "/a").status, 404);
  EXPECT_EQ(ask("GET", "/a/1/2").status, 404);
  EXPECT_EQ(ask("GET", "/a/1/").status, 404);
}

TEST_F(RouterTest, TrailingSlashIsIgnoredWhereItsGroupSaysSo) {
  router.add_group("/a", {{"GET", "/a", answers("list")}, {"GET", "/a/{id}", answers("one")}},
                   problem_response, TrailingSlash::Ignored);
  EXPECT_EQ(ask("GET", "/a/").body, "list");
  EXPECT_EQ(ask("GET", "/a/7/").body, "one");
  EXPECT_EQ(request->path_values.at("id"), "7");
  EXPECT_EQ(ask("GET", "/a//").status, 404);
  EXPECT_EQ(ask("POST", "/a/").status, 405);
}

TEST_F(RouterTest, DotSegmentsAreOrdinaryText) {
  router.add_group("", {{"GET", "/a", answers("found")}});
  EXPECT_EQ(ask("GET", "/b/../a").status, 404);
}

TEST_F(RouterTest, AnswersUnknownPathsWith404) {
  const Response response = ask("GET", "/nowhere");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const JsonObject problem = parse_json(response.body).as_object();
  EXPECT_EQ(problem.at("code"), "not_found");
  EXPECT_EQ(problem.at("instance"), "/nowhere");
}

TEST_F(RouterTest, AnswersOtherMethodsWith405AndAllow) {
  router.add_group("", {{"GET", "/a", answers("")}, {"POST", "/a", answers("")}});
  const Response response = ask("DELETE", "/a");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("Allow"), "GET, HEAD, POST");
}

TEST_F(RouterTest, AnswersHeadAsGet) {
  router.add_group("", {{"GET", "/a", answers("found")}, {"POST", "/b", answers("")}});
  EXPECT_EQ(ask("HEAD", "/a").body, "found");
  EXPECT_EQ(ask("HEAD", "/b").status, 405);
}

TEST_F(RouterTest, AsteriskAndUnreadPathsHaveNoRoute) {
  router.add_group("", {{"OPTIONS", "/", answers("")}});
  EXPECT_EQ(ask("OPTIONS", "*").status, 404);
  EXPECT_EQ(ask("GET", "").status, 404);
}

TEST_F(RouterTest, TheLongestPrefixDecidesTheStyle) {
  router.add_group("/api", {});
  router.add_group("/api/plain", {}, plain_style);
  EXPECT_EQ(ask("GET", "/api/plain/x").content_type, "text/plain");
  EXPECT_EQ(ask("GET", "/api/plain").content_type, "text/plain");
  EXPECT_EQ(ask("GET", "/api/plainer").content_type, "application/problem+json");
  EXPECT_EQ(ask("GET", "/other").content_type, "application/problem+json");
}

TEST_F(RouterTest, AnswersExceptionsInTheStyleOfTheRoutesGroup) {
  router.add_group("/elsewhere",
                   {{"GET", "/a", throws(not_found("No such thing."))},
                    {"GET", "/b", throws(Error(ErrorCode::Busy, "locked"))},
                    {"GET", "/c", throws(std::runtime_error("secret"))}},
                   plain_style);
  EXPECT_EQ(ask("GET", "/a").body, "not_found");
  EXPECT_EQ(ask("GET", "/b").body, "unavailable");
  EXPECT_EQ(ask("GET", "/c").body, "internal");
}

TEST_F(RouterTest, ListsItsRoutesSorted) {
  router.add_group("", {{"POST", "/b", answers("")}, {"GET", "/c/{id}", answers("")}});
  router.add_group("", {{"GET", "/a", answers("")}});
  std::vector<std::string> listed;
  for (const Route* route : router.routes()) listed.push_back(route->method + route->pattern);
  EXPECT_EQ(listed, (std::vector<std::string>{"GET/a", "POST/b", "GET/c/{id}"}));
}

using RouterDeathTest = RouterTest;

TEST_F(RouterDeathTest, RefusesTwoRoutesOfOneShape) {
  router.add_group("", {{"GET", "/a/{id}", answers("")}});
  EXPECT_DEATH(router.add_group("", {{"GET", "/a/{name}", answers("")}}), "");
  EXPECT_DEATH(router.add_group("", {{"GET", "a", answers("")}}), "");
}

TEST_F(RouterTest, DeferredAnswersAfterTheWorkIsDone) {
  std::function<void(std::exception_ptr)> done;
  const auto submit = [&done](auto work, auto when_done) {
    int connection = 41;
    work(connection);
    done = when_done;
  };
  const auto work = [](const Request&, int& connection) {
    return Response::json(201, connection + 1);
  };
  router.add_group("", {{"POST", "/a", deferred(submit, work, problem_response)}});
  std::vector<Response> answers;
  auto post = std::make_shared<Request>();
  post->method = "POST";
  post->path = "/a";
  router.handle(post, [&](Response response) { answers.push_back(std::move(response)); });
  EXPECT_TRUE(answers.empty());
  done(nullptr);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].body, "42");
}

TEST_F(RouterTest, DeferredAnswersAFailedCommitInItsStyle) {
  const auto submit = [](auto, auto done) {
    done(std::make_exception_ptr(Error(ErrorCode::DiskFull, "/data")));
  };
  const auto work = [](const Request&, int&) { return Response::json(201, {}); };
  router.add_group("", {{"POST", "/a", deferred(submit, work, plain_style)}});
  const Response response = ask("POST", "/a");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "unavailable");
}

}  // namespace
}  // namespace parley::http
