#include "live_agent/preview.h"

#include <gtest/gtest.h>

namespace parley::live_agent {
namespace {

TEST(Preview, CollapsesWhiteSpace) { EXPECT_EQ(preview_of("  a \n\t b  "), "a b"); }

TEST(Preview, CutsAfterAHundredCharacters) {
  EXPECT_EQ(preview_of(std::string(100, 'x')), std::string(100, 'x'));
  EXPECT_EQ(preview_of(std::string(101, 'x')), std::string(100, 'x') + "...");
}

TEST(Preview, CountsCharactersAndNotBytes) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "é";
  EXPECT_EQ(preview_of(hundred), hundred);
  EXPECT_EQ(preview_of(hundred + "é"), hundred + "...");
}

TEST(MetadataOnWire, IsAnObjectOrNull) {
  EXPECT_EQ(metadata_on_wire(std::nullopt), Json(nullptr));
  EXPECT_EQ(metadata_on_wire(Json(nullptr)), Json(nullptr));
  EXPECT_EQ(metadata_on_wire(Json{{"a", 1}}), (Json{{"a", 1}}));
}

TEST(MetadataOnWire, WrapsWhatIsNoObject) {
  EXPECT_EQ(metadata_on_wire(json::array{1, 2}), (Json{{"value", {1, 2}}}));
  EXPECT_EQ(metadata_on_wire(Json(5)), (Json{{"value", 5}}));
  EXPECT_EQ(metadata_on_wire(Json("plain")), (Json{{"value", "plain"}}));
  EXPECT_EQ(metadata_on_wire(Json("[1]")), (Json{{"value", "[1]"}}));
}

TEST(MetadataOnWire, DecodesAnObjectInsideAText) {
  EXPECT_EQ(metadata_on_wire(Json(R"({"a":1})")), (Json{{"a", 1}}));
}

}  // namespace
}  // namespace parley::live_agent
