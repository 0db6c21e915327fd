#include "store/array_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace parley::store::detail {
namespace {

TEST(ArrayText, WritesEachKindOfValue) {
  EXPECT_EQ(array_text(std::vector<Value>{Null{}, true, false, std::int64_t{-7}, 1.5}),
            "{NULL,t,f,-7,1.5}");
  EXPECT_EQ(array_text(std::vector<Value>{}), "{}");
}

TEST(ArrayText, QuotesTextSoThatNothingInItMeansAnything) {
  EXPECT_EQ(array_text(std::vector<Value>{std::string("NULL"), std::string(), std::string("a,{b}"),
                                          std::string("\"c\\\"")}),
            R"({"NULL","","a,{b}","\"c\\\""})");
}

TEST(ArrayText, TakesEachStepthValue) {
  const std::vector<Value> values{std::int64_t{1}, std::int64_t{2}, std::int64_t{3},
                                  std::int64_t{4}, std::int64_t{5}};
  EXPECT_EQ(array_text(values, 2), "{1,3,5}");
  EXPECT_EQ(array_text(std::span(values).subspan(1), 2), "{2,4}");
}

TEST(ArrayText, RefusesBytes) { EXPECT_THROW(array_text(std::vector<Value>{Blob{"x"}}), Error); }

}  // namespace
}  // namespace parley::store::detail
