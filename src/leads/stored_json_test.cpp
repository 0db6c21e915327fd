#include "leads/stored_json.h"

#include <gtest/gtest.h>

namespace parley::leads {
namespace {

TEST(StoredJson, ReadsWhatWasMeant) {
  EXPECT_EQ(list_in(json::array{1, 2}), (json::array{1, 2}));
  EXPECT_EQ(list_in(Json("[1, 2]")), (json::array{1, 2}));
  EXPECT_EQ(object_in(parse_json(R"({"a":1})")), (JsonObject{{"a", 1}}));
  EXPECT_EQ(object_in(Json(R"({"a":1})")), (JsonObject{{"a", 1}}));
}

TEST(StoredJson, IsEmptyWhereNothingFits) {
  EXPECT_TRUE(list_in(std::nullopt).empty());
  EXPECT_TRUE(list_in(Json(nullptr)).empty());
  EXPECT_TRUE(list_in(Json("[1")).empty());
  EXPECT_TRUE(list_in(JsonObject{}).empty());
  EXPECT_TRUE(object_in(std::nullopt).empty());
  EXPECT_TRUE(object_in(Json("no object")).empty());
  EXPECT_TRUE(object_in(json::array{1}).empty());
}

TEST(StoredJson, NumbersMayBeTexts) {
  const JsonObject object{{"number", 2.5}, {"text", "1.5"}, {"word", "1.5 hours"}, {"inf", "inf"}};
  EXPECT_EQ(number_at(object, "number"), 2.5);
  EXPECT_EQ(number_at(object, "text"), 1.5);
  EXPECT_EQ(number_at(object, "word"), std::nullopt);
  EXPECT_EQ(number_at(object, "inf"), std::nullopt);
  EXPECT_EQ(number_at(object, "absent"), std::nullopt);
}

TEST(StoredJson, AnEmptyTextIsNone) {
  EXPECT_EQ(text_at({{"a", ""}}, "a"), std::nullopt);
  EXPECT_EQ(text_at({{"a", 1}}, "a"), std::nullopt);
  EXPECT_EQ(text_at({{"a", "x"}}, "a"), "x");
}

}  // namespace
}  // namespace parley::leads
