#include "migrate/revision_scalar.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/text.h"
#include "migrate/revision_yaml.h"

namespace parley::migrate {
namespace {

/// What a file with `text` as a value, as a key, in a list and as a list item reads back as.
void expect_round_trip(const std::string& text) {
  Lines lines = yaml_field("value", text);
  append(lines, {"list: " + yaml_list({text, "x", text}), yaml_scalar(text) + ": key"});
  append(lines, {"items:"});
  append(lines, indented(list_item({yaml_scalar(text)})));
  append(lines, indented(list_item(yaml_field("value", text))));
  const std::string yaml = join(lines, "\n") + "\n";
  try {
    const YamlNode root = read_yaml(yaml, "a.yaml");
    ASSERT_EQ(root.entries.size(), 4U) << yaml;
    ASSERT_EQ(root.entries[0].value.text, text) << yaml;
    ASSERT_EQ(root.entries[1].value.items.at(0).text, text) << yaml;
    ASSERT_EQ(root.entries[1].value.items.at(2).text, text) << yaml;
    ASSERT_EQ(root.entries[2].key, text) << yaml;
    ASSERT_EQ(root.entries[3].value.items.at(0).text, text) << yaml;
    ASSERT_EQ(root.entries[3].value.items.at(1).find("value")->text, text) << yaml;
  } catch (const std::exception& error) {
    FAIL() << error.what() << "\n" << yaml;
  }
}

TEST(RevisionScalar, ReadsBackEveryShortTextOfAwkwardCharacters) {
  constexpr std::string_view kCharacters = "a \n\t:#-'\"\\,[{}]?&*|~\r";
  for (const char first : kCharacters) {
    for (const char second : kCharacters) {
      for (const char third : kCharacters) {
        ASSERT_NO_FATAL_FAILURE(expect_round_trip({first, second, third}));
      }
    }
  }
}

TEST(RevisionScalar, ReadsBackEveryTextOfAFewLines) {
  constexpr auto kPieces =
      std::to_array<std::string_view>({"a", " ", "\n", "\t", "# b", "- c", "d: e"});
  for (const auto first : kPieces) {
    for (const auto second : kPieces) {
      for (const auto third : kPieces) {
        for (const auto last : kPieces) {
          const std::string text = "x" + std::string(first) + std::string(second) + "\n" +
                                   std::string(third) + std::string(last);
          ASSERT_NO_FATAL_FAILURE(expect_round_trip(text));
        }
      }
    }
  }
}

TEST(RevisionScalar, ReadsBackWhatYamlTakesForSomethingElse) {
  for (const char* text : {"",         "null",
                           "NULL",     "~",
                           "true",     "No",
                           "on",       "1",
                           "0.5",      "---",
                           "...",      "a: b",
                           "<<",       "=",
                           "!x",       "%a",
                           "@a",       "`a",
                           ">",        "\x01\x1B\x7F",
                           "grüße",    "\xEF\xBB\xBFx",
                           "\xC2\x85", "\xE2\x80\xA8",
                           "😀",       "a\xC2\xA0"}) {
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(text));
  }
}

TEST(RevisionScalar, IsBareWherePossible) {
  EXPECT_EQ(yaml_scalar("string(20) null default 'pending'"), "string(20) null default 'pending'");
  EXPECT_EQ(yaml_scalar("a.b -> c(d)"), "a.b -> c(d)");
  EXPECT_EQ(yaml_scalar("x::regclass"), "x::regclass");
  EXPECT_EQ(yaml_list({"a", "b c"}), "[a, b c]");
}

TEST(RevisionScalar, QuotesWithTheSignThatNeedsNoEscapes) {
  EXPECT_EQ(yaml_scalar("it's: so"), "\"it's: so\"");
  EXPECT_EQ(yaml_scalar("\"order items\" to orders"), "'\"order items\" to orders'");
  EXPECT_EQ(yaml_scalar("null"), "\"null\"");
  EXPECT_EQ(yaml_list({"a, b"}), "[\"a, b\"]");
}

TEST(RevisionScalar, WritesSeveralLinesAsABlock) {
  EXPECT_EQ(yaml_field("sql", "a\n\n  b"), (Lines{"sql: |-", "  a", "", "    b"}));
  EXPECT_EQ(yaml_field("sql", "a\nb\n"), (Lines{"sql: |", "  a", "  b"}));
}

}  // namespace
}  // namespace parley::migrate
