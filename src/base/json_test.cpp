#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"

namespace parley {
namespace {

std::string message_of(std::string_view text) {
  try {
    parse_json(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    return error.what();
  }
  return "no error";
}

TEST(ParseJson, ReadsEveryKindOfValue) {
  const Json value = parse_json(R"( {"a": [1, -2.5, true, null, "é\u20ac"], "b": {}} )");
  EXPECT_EQ(value.at("a").at(0).as_int64(), 1);
  EXPECT_EQ(value.at("a").at(1).as_double(), -2.5);
  EXPECT_TRUE(value.at("a").at(2).as_bool());
  EXPECT_TRUE(value.at("a").at(3).is_null());
  EXPECT_EQ(value.at("a").at(4).as_string(), "é€");
  EXPECT_TRUE(value.at("b").as_object().empty());
}

TEST(ParseJson, NamesLineAndColumn) {
  EXPECT_EQ(message_of("{\"a\": tru }"), "invalid JSON at line 1, column 7: syntax error");
  EXPECT_EQ(message_of("{\n  \"a\": 1,\n  b\n}"), "invalid JSON at line 3, column 3: syntax error");
}

TEST(ParseJson, CountsCharactersForTheColumn) {
  EXPECT_EQ(message_of("[\"é€😀\", x]"), "invalid JSON at line 1, column 9: syntax error");
}

TEST(ParseJson, PointsBehindATextThatStopsTooEarly) {
  EXPECT_EQ(message_of("{\"a\":\n 1"), "invalid JSON at line 2, column 3: incomplete JSON");
  EXPECT_EQ(message_of(""), "invalid JSON at line 1, column 1: incomplete JSON");
}

TEST(ParseJson, RefusesTextAfterTheValue) {
  EXPECT_EQ(message_of("{} x"),
            "invalid JSON at line 1, column 4: text after the end of the value");
}

TEST(ParseJson, RefusesBrokenUtf8) {
  EXPECT_NE(message_of("\"\xC3\x28\"").find("line 1, column"), std::string::npos);
  EXPECT_NE(message_of("\"\xED\xA0\x80\"").find("line 1, column"), std::string::npos);
}

TEST(ParseJson, RefusesWhatOtherParsersAllow) {
  for (const char* text :
       {"[1,]", "{'a':1}", "// c\n1", "NaN", "01", "\"a\nb\"", "\xEF\xBB\xBF{}"}) {
    EXPECT_NE(message_of(text), "no error") << text;
  }
}

TEST(ParseJson, StopsBelowSixtyFourLevels) {
  EXPECT_EQ(message_of(std::string(64, '[') + std::string(64, ']')), "no error");
  EXPECT_NE(message_of(std::string(65, '[') + std::string(65, ']')), "no error");
}

TEST(JsonText, HasNoWhiteSpace) {
  EXPECT_EQ(to_text(parse_json(R"({ "a" : [ 1 , "b c" ] })")), R"({"a":[1,"b c"]})");
}

TEST(JsonText, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(to_text(Json{0.0, 0.7, 66.67, -2.0, 1e30, 5e-324, 3}),
            "[0.0,0.7,66.67,-2.0,1e+30,5e-324,3]");
  for (const double value : {0.1, 1.0 / 3, 123456789.123, 1e22, 2.2250738585072014e-308}) {
    EXPECT_DOUBLE_EQ(parse_json(to_text(Json(value))).as_double(), value);
  }
  EXPECT_EQ(to_text(Json(std::numeric_limits<double>::infinity())), "null");
}

TEST(JsonText, IsReadAsTheSameValue) {
  const Json value = parse_json(R"({"a\"b":[],"c":{},"d":[{"e":[1,2.5,null]},true],"":"é\u0001"})");
  EXPECT_EQ(to_text(value), R"({"a\"b":[],"c":{},"d":[{"e":[1,2.5,null]},true],"":"é\u0001"})");
}

}  // namespace
}  // namespace parley
