#include "http/target.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using Query = std::map<std::string, std::string>;

TEST(ReadTarget, DecodesPathAndQuery) {
  Request request;
  ASSERT_TRUE(read_target("/a%20b/%C3%A9+c?x=1%262&y=a+b&flag&=e&x=3&&", request));
  EXPECT_EQ(request.path, "/a b/é+c");
  EXPECT_EQ(request.query, (Query{{"x", "3"}, {"y", "a b"}, {"flag", ""}, {"", "e"}}));
}

TEST(ReadTarget, KeepsDotSegmentsAndEmptySegments) {
  Request request;
  ASSERT_TRUE(read_target("/a/%2e%2e/../b//c", request));
  EXPECT_EQ(request.path, "/a/../../b//c");
}

TEST(ReadTarget, TakesAbsoluteFormAndAsterisk) {
  Request request;
  ASSERT_TRUE(read_target("HTTP://example.com:80/a?b=c", request));
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query.at("b"), "c");
  ASSERT_TRUE(read_target("http://example.com", request));
  EXPECT_EQ(request.path, "/");
  ASSERT_TRUE(read_target("*", request));
  EXPECT_EQ(request.path, "*");
}

TEST(ReadTarget, RefusesWhatIsNoTarget) {
  for (const std::string_view target :
       {"", "a", "example.com:443", "?a=b", "ftp://x/y", "/%", "/%4", "/%zz", "/%4g", "/%00",
        "/%ff", "/\xff", "/%c3%28", "/%ed%a0%80"}) {
    Request request;
    request.path = "before";
    EXPECT_FALSE(read_target(target, request)) << target;
    EXPECT_EQ(request.path, "before");
  }
}

TEST(ReadTarget, SaysThePathOfATargetWhoseQueryIsBad) {
  for (const std::string_view target : {"/here?a=%", "/here?%ff=1", "/here?a=%00"}) {
    Request request;
    EXPECT_FALSE(read_target(target, request)) << target;
    EXPECT_EQ(request.path, "/here");
    EXPECT_TRUE(request.query.empty());
  }
}

TEST(ReadTarget, RefusesAnEncodedSlash) {
  for (const std::string_view target : {"/a%2fb", "/a%2Fb?c=d", "/%2f"}) {
    Request request;
    EXPECT_FALSE(read_target(target, request)) << target;
    EXPECT_NE(request.path, "");
  }
  Request request;
  ASSERT_TRUE(read_target("/a%252fb?c=%2f", request));
  EXPECT_EQ(request.path, "/a%2fb");
  EXPECT_EQ(request.query.at("c"), "/");
}

TEST(RawPath, LeavesTheQueryOut) {
  EXPECT_EQ(raw_path("/a%0a?token=secret"), "/a%0a");
  EXPECT_EQ(raw_path("/a"), "/a");
}

}  // namespace
}  // namespace parley::http
