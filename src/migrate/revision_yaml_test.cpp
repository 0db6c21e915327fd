#include "migrate/revision_yaml.h"

#include <gmock/gmock.h>

#include <string>

#include "base/error.h"

namespace parley::migrate {
namespace {

using testing::HasSubstr;

std::string message_for(std::string_view yaml) {
  try {
    read_yaml(yaml, "a.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidRevisionFile);
    return error.what();
  }
  ADD_FAILURE() << "this was read: " << yaml;
  return {};
}

TEST(RevisionYaml, KeepsScalarsAsTheirText) {
  const YamlNode root = read_yaml("a: 001\nb: yes\nc: 2025-01-15 09:00:00\nd: 'it''s'\n", "a.yaml");
  EXPECT_EQ(root.find("a")->text, "001");
  EXPECT_EQ(root.find("b")->text, "yes");
  EXPECT_EQ(root.find("c")->text, "2025-01-15 09:00:00");
  EXPECT_EQ(root.find("d")->text, "it's");
}

TEST(RevisionYaml, TellsNullFromTheWordInQuotes) {
  const YamlNode root = read_yaml("a: null\nb:\nc: 'null'\n", "a.yaml");
  EXPECT_EQ(root.find("a")->kind, YamlNode::Kind::Null);
  EXPECT_EQ(root.find("b")->kind, YamlNode::Kind::Null);
  EXPECT_EQ(root.find("c")->kind, YamlNode::Kind::Scalar);
  EXPECT_EQ(root.find("d"), nullptr);
}

TEST(RevisionYaml, KnowsWhereKeysAndValuesStand) {
  const YamlNode root = read_yaml("a: 1\nlist:\n  - x: yy\n    z:\n", "a.yaml");
  const YamlEntry& x = root.find("list")->items.at(0).entries.at(0);
  EXPECT_EQ(x.position.line, 3);
  EXPECT_EQ(x.position.column, 5);
  EXPECT_EQ(x.value.position.column, 8);
  const YamlEntry& z = root.find("list")->items.at(0).entries.at(1);
  EXPECT_EQ(z.value.position.line, 4);
  EXPECT_EQ(z.value.position.column, 5);
}

TEST(RevisionYaml, CountsColumnsInCharacters) {
  const YamlNode root = read_yaml("\xEF\xBB\xBFgrüße: größe x\r\n", "a.yaml");
  const YamlNode& value = root.entries.at(0).value;
  EXPECT_EQ(value.position.column, 8);
  EXPECT_EQ(value.position_in_text(value.text.find('x')).column, 14);
}

TEST(RevisionYaml, FindsThePlaceInsideQuotesAndGivesUpInsideBlocks) {
  const YamlNode root = read_yaml("a: 'b c'\nd: |\n  e f\ng: 'h''s i'\n", "a.yaml");
  EXPECT_EQ(root.find("a")->position_in_text(2).column, 7);
  EXPECT_EQ(root.find("d")->position_in_text(2).column, root.find("d")->position.column);
  EXPECT_EQ(root.find("g")->position_in_text(4).column, 4);
}

TEST(RevisionYaml, ReadsAnEmptyFileAsNull) {
  EXPECT_EQ(read_yaml("", "a.yaml").kind, YamlNode::Kind::Null);
  EXPECT_EQ(read_yaml("# nothing\n", "a.yaml").kind, YamlNode::Kind::Null);
}

TEST(RevisionYaml, RefusesWhatIsNotYaml) {
  EXPECT_THAT(message_for("a: [b\nc: d\n"), HasSubstr("a.yaml:2:"));
  EXPECT_THAT(message_for("a: b: c\n"), HasSubstr("a.yaml:1:5"));
  EXPECT_THAT(message_for("a: @b\n"), HasSubstr("a.yaml:1:4"));
}

TEST(RevisionYaml, RefusesAQuoteThatSwallowsTheRestOfTheFile) {
  EXPECT_EQ(message_for("a: 'b\nc: d''\n"), "a.yaml:1:4: this quote is never closed");
  EXPECT_EQ(message_for("a: \"b\nc: d\\\"\n"), "a.yaml:1:4: this quote is never closed");
  EXPECT_EQ(read_yaml("a: 'b'''", "a.yaml").find("a")->text, "b'");
  EXPECT_EQ(read_yaml("a: \"b\\\\\"", "a.yaml").find("a")->text, "b\\");
}

TEST(RevisionYaml, RefusesTheSameKeyTwice) {
  EXPECT_EQ(message_for("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n"),
            "a.yaml:5:3: 'c' is here twice; the first is in line 3");
}

TEST(RevisionYaml, RefusesTagsAnchorsAndAliases) {
  EXPECT_THAT(message_for("a: &x 1\nb: *x\n"), HasSubstr("a.yaml:1:4: tags (!), anchors"));
  EXPECT_THAT(message_for("a: [1]\nb: !!binary eA==\n"), HasSubstr("a.yaml:2:4: tags (!)"));
}

TEST(RevisionYaml, RefusesKeysThatAreNoWords) {
  EXPECT_THAT(message_for("null: 1\n"), HasSubstr("a.yaml:1:1: a key must be a word"));
  EXPECT_THAT(message_for("[a, b]: 1\n"), HasSubstr("a key must be a word"));
}

TEST(RevisionYaml, RefusesASecondDocument) {
  EXPECT_THAT(message_for("a: 1\n---\nb: 2\n"), HasSubstr("a.yaml:2:1: a file holds one document"));
}

TEST(RevisionYaml, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(message_for("a: \xFF\n"), "a.yaml:1:4: the file is not UTF-8 text");
  EXPECT_EQ(message_for("a: ü\nb: ü\xC3"), "a.yaml:2:5: the file is not UTF-8 text");
}

TEST(RevisionYaml, RefusesEndlessNesting) {
  EXPECT_THAT(message_for(std::string(100'000, '[')), HasSubstr("this is not YAML"));
}

}  // namespace
}  // namespace parley::migrate
