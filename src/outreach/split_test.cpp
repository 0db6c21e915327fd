#include "outreach/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace parley::outreach {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Split, ParagraphsEndAtBlankLines) {
  EXPECT_THAT(paragraphs_of("one\ntwo\r\n \t\r\n\n\nthree\n"), ElementsAre("one\ntwo", "three"));
  EXPECT_THAT(paragraphs_of(" \n\n "), IsEmpty());
}

TEST(Split, SentencesEndBeforeABlank) {
  EXPECT_THAT(sentences_of("It costs 1.5 now. Really?! Yes"),
              ElementsAre("It costs 1.5 now.", "Really?!", "Yes"));
  EXPECT_THAT(sentences_of("End."), ElementsAre("End."));
}

TEST(Split, PiecesLieBetweenDelimiters) {
  EXPECT_THAT(pieces_between("a---b------c", "---"), ElementsAre("a", "b", "c"));
}

TEST(Split, ShortensWhatIsTooLongAndSaysSo) {
  const std::string exact(kPartCharactersMax, 'x');
  EXPECT_THAT(fit({exact}, 10).cut, IsEmpty());
  std::string longer;
  for (std::size_t i = 0; i <= kPartCharactersMax; ++i) longer += "ä";
  const SplitText split = fit({longer}, 10);
  ASSERT_EQ(split.parts.size(), 1U);
  EXPECT_EQ(code_points(split.parts[0]), kPartCharactersMax);
  EXPECT_TRUE(split.parts[0].ends_with("ä..."));
  EXPECT_THAT(split.cut, ElementsAre(CutPart{0, CutPart::Reason::TooLong, longer}));
}

TEST(Split, NamesThePartsThatAreTooMany) {
  const SplitText split = fit({"a", "b", "c"}, 2);
  EXPECT_THAT(split.parts, ElementsAre("a", "b"));
  EXPECT_THAT(split.cut, ElementsAre(CutPart{2, CutPart::Reason::Surplus, "c"}));
}

TEST(Variables, AreMadeOfLettersDigitsAndUnderscores) {
  EXPECT_THAT(variable_names({"First Name", " E-Mail (work) ", "2nd", "", "__", "Größe"}),
              ElementsAre("first_name", "e_mail_work", "col_2nd", "unnamed_column",
                          "unnamed_column_2", "gr_e"));
}

TEST(Variables, AreNeverTwiceTheSame) {
  EXPECT_THAT(variable_names({"a", "A", "a_2", "a"}), ElementsAre("a", "a_2", "a_2_2", "a_3"));
}

TEST(Variables, HaveTheTypeOfTheirValues) {
  EXPECT_EQ(data_type_of({"1", "-2.5", ""}), "number");
  EXPECT_EQ(data_type_of({"yes", "No"}), "boolean");
  EXPECT_EQ(data_type_of({"2025-03-15", "2025-03-15T10:00:00Z"}), "date");
  EXPECT_EQ(data_type_of({"ann@shop.example"}), "email");
  EXPECT_EQ(data_type_of({"+49 30 1234567"}), "phone");
  EXPECT_EQ(data_type_of({"https://shop.example/a"}), "url");
  EXPECT_EQ(data_type_of({"1", "one"}), "text");
  EXPECT_EQ(data_type_of({"a@b", "@b.c", "a b@c.d", "a@b@c.d"}), "text");
  EXPECT_EQ(data_type_of({"", " "}), "text");
  EXPECT_EQ(data_type_of({}), "text");
}

}  // namespace
}  // namespace parley::outreach
