#include "ai/prompt_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::ai {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Variables kValues{{"name", "Ada"}, {"city", "Köln"}, {"empty", ""}, {"_x9", "y"}};

std::string filled(std::string_view text) { return fill(text, kValues).text; }

TEST(PromptTemplate, KnowsThreeForms) {
  EXPECT_EQ(filled("{{name}}, <name/>, <name>."), "Ada, Ada, Ada.");
  EXPECT_EQ(filled("{{name}}{{city}}<_x9>"), "AdaKölny");
}

TEST(PromptTemplate, KnowsNoOtherForm) {
  for (const std::string text :
       {"{name}",  "{{ name }}", "{{name }}", "< name>", "<name >", "<name />", "</name>",
        "{{name}", "{{name",     "<name",     "{{}}",    "<>",      "</>",      "{{9x}}",
        "<na-me>", "<<>>",       "{{",        "{",       "<",       ""}) {
    EXPECT_EQ(filled(text), text);
    EXPECT_THAT(fill(text, kValues).missing, IsEmpty()) << text;
  }
}

TEST(PromptTemplate, FindsAHoleInsideOfOtherSigns) {
  EXPECT_EQ(filled("{{{name}}}"), "{Ada}");
  EXPECT_EQ(filled("<<name>>"), "<Ada>");
  EXPECT_EQ(filled("{<name>}"), "{Ada}");
}

TEST(PromptTemplate, LeavesAndReportsWhatHasNoValue) {
  const Filled result = fill("<who> {{empty}} <city> {{who}} <empty/>", kValues);
  EXPECT_EQ(result.text, "<who> {{empty}} Köln {{who}} <empty/>");
  EXPECT_THAT(result.missing, ElementsAre("who", "empty"));
}

TEST(PromptTemplate, NeverSearchesAValue) {
  const Variables values{{"a", "{{b}}<b>"}, {"b", "secret"}, {"open", "{{"}, {"close", "b}}"}};
  EXPECT_EQ(fill("{{a}} {{b}}", values).text, "{{b}}<b> secret");
  EXPECT_EQ(fill("{{open}}{{close}}", values).text, "{{b}}");
}

TEST(PromptTemplate, ListsItsVariables) {
  EXPECT_THAT(variables_of("<b> {{a}} <b/> {c} {{name}}"), ElementsAre("b", "a", "name"));
}

}  // namespace
}  // namespace parley::ai
