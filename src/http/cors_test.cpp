#include "http/cors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::http {
namespace {

using testing::HasSubstr;

Request request_of(const std::string& method, const std::string& origin) {
  Request request;
  request.method = method;
  request.path = "/api";
  if (!origin.empty()) request.headers.emplace_back("Origin", origin);
  return request;
}

Request preflight_of(const std::string& origin) {
  Request request = request_of("OPTIONS", origin);
  request.headers.emplace_back("access-control-request-method", "PUT");
  return request;
}

Response answered(const Cors& cors, const Request& request) {
  Response response = cors.answer_preflight(request);
  cors.add_headers(request, response);
  return response;
}

TEST(Cors, AnswersAPreflightOfAnAllowedOrigin) {
  const Cors cors("https://a.example, http://b.example:8080");
  const Request request = preflight_of("http://b.example:8080");
  ASSERT_TRUE(cors.is_preflight(request));
  const Response response = answered(cors, request);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "http://b.example:8080");
  EXPECT_THAT(std::string(response.header("Access-Control-Allow-Methods")), HasSubstr("PUT"));
  for (const char* name : {"Authorization", "Content-Type", "X-Tenant-Domain", "Idempotency-Key",
                           "If-Match", "X-Request-Id"}) {
    EXPECT_THAT(std::string(response.header("Access-Control-Allow-Headers")), HasSubstr(name));
  }
  EXPECT_EQ(response.header("Vary"), "Origin");
}

TEST(Cors, RefusesAPreflightOfAnotherOrigin) {
  const Cors cors("https://a.example");
  for (const char* origin : {"https://b.example", "https://a.example:444", "http://a.example",
                             "https://a.example.b.example", "null"}) {
    const Response response = answered(cors, preflight_of(origin));
    EXPECT_EQ(response.status, 403) << origin;
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "") << origin;
  }
}

TEST(Cors, LetsAPageReadTheAnswer) {
  const Cors cors("https://a.example");
  Response response;
  cors.add_headers(request_of("GET", "https://a.example"), response);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "https://a.example");
  EXPECT_EQ(response.header("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(response.header("Access-Control-Expose-Headers"),
            "X-Request-Id, Idempotent-Replayed, ETag, Retry-After");
}

TEST(Cors, TellsCachesThatTheOriginMatters) {
  const Cors cors("https://a.example");
  Response response;
  cors.add_headers(request_of("GET", ""), response);
  EXPECT_EQ(response.header("Vary"), "Origin");
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "");
}

TEST(Cors, AStarAllowsAll) {
  const Cors cors("*");
  const Response response = answered(cors, preflight_of("https://any.example"));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(response.header("Access-Control-Allow-Credentials"), "");
  EXPECT_EQ(response.header("Vary"), "");
}

TEST(Cors, AnOpenPathIsForEveryOrigin) {
  const Cors cors("https://a.example", {"/api"});
  const Response response = answered(cors, preflight_of("https://any.example"));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(response.header("Access-Control-Allow-Credentials"), "");
  EXPECT_TRUE(Cors("", {"/api"}).is_preflight(preflight_of("https://any.example")));
  EXPECT_EQ(
      answered(Cors("https://a.example", {"/other/"}), preflight_of("https://b.example")).status,
      403);
}

TEST(Cors, DoesNothingUnlessConfigured) {
  for (const Cors& cors : {Cors(), Cors("")}) {
    EXPECT_FALSE(cors.is_preflight(preflight_of("https://a.example")));
    Response response;
    cors.add_headers(request_of("GET", "https://a.example"), response);
    EXPECT_TRUE(response.headers.empty());
  }
}

TEST(Cors, AnOrdinaryOptionsIsNoPreflight) {
  EXPECT_FALSE(Cors("*").is_preflight(request_of("OPTIONS", "https://a.example")));
  EXPECT_FALSE(Cors("*").is_preflight(preflight_of("")));
}

TEST(Cors, NamesWhatIsNoOrigin) {
  for (const char* text : {"a.example", "https://a.example/", "https://*.example", "://x"}) {
    try {
      const Cors cors(std::string("https://fine.example ") + text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
      EXPECT_THAT(error.what(), HasSubstr(text));
    }
  }
}

}  // namespace
}  // namespace parley::http
