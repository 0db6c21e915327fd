#include "http/etag.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

Request with(const std::string& name, const std::string& value) {
  Request request;
  request.headers.emplace_back(name, value);
  return request;
}

TEST(Etag, DiffersWithEveryPartOfTheState) {
  const std::string tag = etag_of({"1", "open"});
  EXPECT_EQ(tag, etag_of({"1", "open"}));
  EXPECT_NE(tag, etag_of({"1", "closed"}));
  EXPECT_NE(etag_of({"ab", "c"}), etag_of({"a", "bc"}));
  EXPECT_NE(etag_of({"a", ""}), etag_of({"a"}));
  EXPECT_TRUE(tag.starts_with('"') && tag.ends_with('"')) << tag;
}

TEST(IfMatch, FitsTheCurrentTagOnly) {
  for (const char* value : {"\"1\"", "\"0\", \"1\"", "W/\"1\"", "*", "\"0\" ,W/\"1\""}) {
    EXPECT_TRUE(fits_if_match(with("if-match", value), "\"1\"")) << value;
  }
  for (const char* value : {"\"2\"", "1", "\"1", "W/\"2\"", ","}) {
    EXPECT_FALSE(fits_if_match(with("If-Match", value), "\"1\"")) << value;
  }
  EXPECT_TRUE(fits_if_match(Request{}, "\"1\""));
}

TEST(IfMatch, FailsWith412) {
  const Problem problem = precondition_failed("Ada has taken the session.");
  EXPECT_EQ(problem.status, 412);
  EXPECT_EQ(problem.code, "precondition_failed");
}

TEST(IfNoneMatch, KnowsWhatTheClientHas) {
  EXPECT_TRUE(is_known_to_client(with("If-None-Match", "W/\"1\""), "\"1\""));
  EXPECT_FALSE(is_known_to_client(with("If-None-Match", "\"2\""), "\"1\""));
  EXPECT_FALSE(is_known_to_client(Request{}, "\"1\""));
  EXPECT_EQ(not_modified("\"1\"").status, 304);
  EXPECT_EQ(not_modified("\"1\"").header("ETag"), "\"1\"");
}

}  // namespace
}  // namespace parley::http
