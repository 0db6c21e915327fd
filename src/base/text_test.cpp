#include "base/text.h"

#include <gtest/gtest.h>

#include <array>

namespace parley {
namespace {

using namespace std::string_literals;

TEST(Trim, TakesAsciiWhiteSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(LetterCase, ChangesAsciiLettersOnly) {
  EXPECT_EQ(lower("AZaz09ÄÖ"), "azaz09ÄÖ");
  EXPECT_EQ(upper("AZaz09äö"), "AZAZ09äö");
  EXPECT_TRUE(equals_ignoring_case("Bearer", "bEARER"));
  EXPECT_FALSE(equals_ignoring_case("Bearer", "Bearers"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join(std::vector<std::string>{"a", "", "c"}, ", "), "a, , c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split(",a,,b,", ','), (std::vector<std::string>{"", "a", "", "b", ""}));
  EXPECT_EQ(split("", ','), std::vector<std::string>{""});
}

TEST(CollapseWhiteSpace, LeavesOneSpacePerRun) {
  EXPECT_EQ(collapse_white_space("\n a \t\n b  c "), "a b c");
  EXPECT_EQ(collapse_white_space(" \n "), "");
}

struct Utf8Case {
  std::string bytes;
  bool is_storable;
  const char* why;
};

class StorableText : public testing::TestWithParam<Utf8Case> {};

TEST_P(StorableText, FollowsTheUnicodeTable) {
  EXPECT_EQ(is_storable_text(GetParam().bytes), GetParam().is_storable) << GetParam().why;
  // The same sequence with text around it, so that every place in a text is looked at.
  EXPECT_EQ(is_storable_text("é" + GetParam().bytes + "x"), GetParam().is_storable)
      << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(
    Table37, StorableText,
    testing::Values(Utf8Case{"", true, "empty"}, Utf8Case{"plain\t\n\x7f", true, "ASCII"},
                    Utf8Case{"\0"s, false, "U+0000"},
                    Utf8Case{"\xC2\x80", true, "U+0080, first of two bytes"},
                    Utf8Case{"\xDF\xBF", true, "U+07FF, last of two bytes"},
                    Utf8Case{"\xE0\xA0\x80", true, "U+0800, first of three bytes"},
                    Utf8Case{"\xED\x9F\xBF", true, "U+D7FF, before the surrogates"},
                    Utf8Case{"\xEE\x80\x80", true, "U+E000, after the surrogates"},
                    Utf8Case{"\xEF\xBF\xBF", true, "U+FFFF, a noncharacter"},
                    Utf8Case{"\xF0\x90\x80\x80", true, "U+10000, first of four bytes"},
                    Utf8Case{"\xF4\x8F\xBF\xBF", true, "U+10FFFF, the last"},
                    Utf8Case{"\xC0\x80", false, "overlong U+0000"},
                    Utf8Case{"\xC1\xBF", false, "overlong U+007F"},
                    Utf8Case{"\xE0\x9F\xBF", false, "overlong U+07FF"},
                    Utf8Case{"\xF0\x8F\xBF\xBF", false, "overlong U+FFFF"},
                    Utf8Case{"\xED\xA0\x80", false, "U+D800, a surrogate"},
                    Utf8Case{"\xED\xBF\xBF", false, "U+DFFF, a surrogate"},
                    Utf8Case{"\xF4\x90\x80\x80", false, "U+110000, past the last"},
                    Utf8Case{"\xF5\x80\x80\x80", false, "lead byte F5"},
                    Utf8Case{"\xFF", false, "lead byte FF"},
                    Utf8Case{"\x80", false, "lone continuation"},
                    Utf8Case{"\xC3", false, "cut after one of two"},
                    Utf8Case{"\xE2\x82", false, "cut after two of three"},
                    Utf8Case{"\xF0\x9F\x98", false, "cut after three of four"},
                    Utf8Case{"\xE2\x28\xA1", false, "bad second byte"},
                    Utf8Case{"\xF0\x9F\x28\x80", false, "bad third byte"},
                    Utf8Case{"\xF0\x9F\x98\x28", false, "bad fourth byte"}));

TEST(CodePoints, CountsCharactersAndNotBytes) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("aé€😀"), 4U);
}

TEST(FirstCodePoints, NeverCutsACharacter) {
  EXPECT_EQ(first_code_points("aé€😀z", 0), "");
  EXPECT_EQ(first_code_points("aé€😀z", 3), "aé€");
  EXPECT_EQ(first_code_points("aé€😀z", 4), "aé€😀");
  EXPECT_EQ(first_code_points("aé", 9), "aé");
}

TEST(VisibleCharacter, IsAnythingButUnicodeWhiteSpace) {
  EXPECT_FALSE(has_visible_character(""));
  EXPECT_FALSE(has_visible_character(" \t\r\n\v\f"));
  EXPECT_FALSE(
      has_visible_character("\u0085\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000"));
  EXPECT_TRUE(has_visible_character(" \u200B"));
  EXPECT_TRUE(has_visible_character("\u3000é"));
  EXPECT_TRUE(has_visible_character("😀"));
}

class Nearest : public testing::Test {
 protected:
  std::string to(std::string_view word) const { return nearest(word, candidates_); }

 private:
  std::array<std::string, 4> candidates_{"delivered_at", "read_at", "read_by", "id"};
};

TEST_F(Nearest, FindsTheWordBehindATypingMistake) {
  EXPECT_EQ(to("delivred_at"), "delivered_at");
  EXPECT_EQ(to("raed_at"), "read_at");
  EXPECT_EQ(to("READ_AT"), "read_at");
  EXPECT_EQ(to("ids"), "id");
}

TEST_F(Nearest, GivesNothingWhenNoWordIsNear) {
  EXPECT_EQ(to("message_text"), "");
  EXPECT_EQ(to("xy"), "");
  EXPECT_EQ(nearest("id", {}), "");
}

TEST_F(Nearest, PrefersTheFewestEdits) { EXPECT_EQ(to("read_bi"), "read_by"); }

}  // namespace
}  // namespace parley
