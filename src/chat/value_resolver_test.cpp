#include "chat/value_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const DataSchema kSchema{.columns = {{"Sales", "City", "Text", true},
                                     {"Sales", "Amount", "Int64", false},
                                     {"It's", "A]b", "Text", true}},
                         .text = ""};
const std::vector<std::string> kValues{"Berlin", "Bern", "Rom"};

TEST(ValueResolver, TakesTextColumnsOfTheSchemaOnly) {
  const auto found = read_word(R"({"word":"berln","columns":[{"table":"Sales","column":"City"},
      {"table":"Sales","column":"Amount"},{"table":"Users","column":"Name"},"x"]})",
                               kSchema);
  EXPECT_EQ(found.word, "berln");
  ASSERT_THAT(found.columns, SizeIs(1));
  EXPECT_EQ(found.columns[0].name, "City");
}

TEST(ValueResolver, TakesThreeColumnsAtMost) {
  const auto found = read_word(R"({"word":"x","columns":[{"table":"Sales","column":"City"},
      {"table":"Sales","column":"City"},{"table":"Sales","column":"City"},
      {"table":"Sales","column":"City"}]})",
                               kSchema);
  EXPECT_THAT(found.columns, SizeIs(kValueColumnsMax));
}

TEST(ValueResolver, FindsNoWordInNonsense) {
  for (const char* reply : {"", "none", R"({"columns":[]})", R"({"word":"x"})",
                            R"({"word":"","columns":[{"table":"Sales","column":"City"}]})"}) {
    EXPECT_THAT(read_word(reply, kSchema).columns, IsEmpty()) << reply;
  }
}

TEST(ValueResolver, QuotesTheColumnInTheQuery) {
  EXPECT_EQ(values_query(kSchema.columns[2]),
            "EVALUATE TOPN(60, DISTINCT('It''s'[A]]b]), 'It''s'[A]]b], ASC) "
            "ORDER BY 'It''s'[A]]b] ASC");
}

TEST(ValueResolver, RewritesTheQuestionWithTheChoice) {
  const auto resolution =
      read_choice(R"({"choice":"Berlin"})", "Sales in BERLN?", "berln", kValues);
  EXPECT_EQ(resolution.question, "Sales in Berlin?");
  EXPECT_EQ(resolution.note, "interpreting \"berln\" as \"Berlin\"");
  EXPECT_EQ(read_choice(R"({"choice":"Rom"})", "the eternal city?", "rome", kValues).question,
            "the eternal city? (rome: Rom)");
}

TEST(ValueResolver, NotesAlternatives) {
  const auto resolution = read_choice(R"({"alternatives":["Bern","Berlin","Bern","Paris",7]})",
                                      "Sales in ber?", "ber", kValues);
  EXPECT_EQ(resolution.question, "Sales in ber?");
  EXPECT_EQ(resolution.note, "\"ber\" could be \"Bern\", \"Berlin\"");
}

TEST(ValueResolver, LeavesTheQuestionWhenNothingFits) {
  for (const char* reply : {"", "{}", R"({"choice":"Paris"})", R"({"choice":"Rom"})",
                            R"({"alternatives":["Paris"]})"}) {
    const auto resolution = read_choice(reply, "Sales in Rom?", "Rom", kValues);
    EXPECT_EQ(resolution.question, "Sales in Rom?") << reply;
    EXPECT_EQ(resolution.note, "") << reply;
  }
}

}  // namespace
}  // namespace parley::chat
