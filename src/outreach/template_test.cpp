#include "outreach/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::outreach {
namespace {

using testing::ElementsAre;

const TemplateRecipient kAnn{.name = "Ann",
                             .email = "ann@shop.example",
                             .phone = std::nullopt,
                             .company = "Smith & Sons",
                             .fields = {{"order", "{name}"}}};

std::string content_of(std::string text, std::optional<std::vector<std::string>> variables = {}) {
  return render({.content = std::move(text), .variables = std::move(variables)}, kAnn)
      .content.value();
}

TEST(Template, ReplacesTheNamesOfItsVariables) {
  EXPECT_EQ(content_of("Dear {name} of {company}", {{"name", "company"}}),
            "Dear Ann of Smith & Sons");
}

TEST(Template, LeavesNamesThatAreNoVariables) {
  EXPECT_EQ(content_of("{name} {email}", {{"email"}}), "{name} ann@shop.example");
}

TEST(Template, LeavesVariablesThatTheRecipientLacks) {
  EXPECT_EQ(content_of("{name} {colour}", {{"name", "colour"}}), "Ann {colour}");
}

TEST(Template, ReplacesEveryKnownNameWithoutAListOfVariables) {
  EXPECT_EQ(content_of("{name} {colour}"), "Ann {colour}");
}

TEST(Template, ReplacesNothingWithAnEmptyListOfVariables) {
  EXPECT_EQ(content_of("{name}", std::vector<std::string>{}), "{name}");
}

TEST(Template, PutsNothingForAValueThatIsUnknown) { EXPECT_EQ(content_of("<{phone}>"), "<>"); }

TEST(Template, DoesNotLookIntoValues) { EXPECT_EQ(content_of("{order}"), "{name}"); }

TEST(Template, KeepsBracesThatEncloseNoName) {
  EXPECT_EQ(content_of("{ {} {name {name} } {"), "{ {} {name Ann } {");
}

TEST(Template, EscapesValuesInHtmlOnly) {
  EXPECT_EQ(content_of("<p>{company}</p>"), "<p>Smith &amp; Sons</p>");
  const auto rendered = render({.subject = "{company}",
                                .content = "<b>{company}</b>",
                                .whatsapp_content = "<b>{company}</b>"},
                               kAnn);
  EXPECT_EQ(rendered.subject, "Smith & Sons");
  EXPECT_EQ(rendered.whatsapp_content, "<b>Smith & Sons</b>");
}

TEST(Template, SendsTheContentWhereThereIsNoneForWhatsapp) {
  const MessageTemplate without{.content = "Hi {name}", .whatsapp_content = ""};
  EXPECT_EQ(render(without, kAnn).whatsapp_content, "Hi Ann");
  EXPECT_EQ(render({.subject = "S"}, kAnn), (RenderedMessage{.subject = "S"}));
}

TEST(Template, KnowsHtmlByItsTags) {
  EXPECT_TRUE(is_html("a <br> b"));
  EXPECT_TRUE(is_html("<!DOCTYPE html>"));
  EXPECT_TRUE(is_html("</p>"));
  EXPECT_FALSE(is_html("1 < 2 and 3 > 2"));
  EXPECT_FALSE(is_html("a <b"));
  EXPECT_FALSE(is_html("<3 <"));
}

TEST(Template, TellsItsNames) {
  EXPECT_THAT(names_in("{b} {a} {b} {{c}}"), ElementsAre("b", "a", "c"));
}

}  // namespace
}  // namespace parley::outreach
