#include "outreach/channels/mime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "outreach/channels/html_text.h"

namespace parley::outreach {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Mail mail() {
  return {.from = {.name = "The Shop", .address = "news@shop.example"},
          .to = {.name = "Ann", .address = "ann@home.example"},
          .subject = "Hello",
          .content = "Dear Ann,\nall is well.",
          .message_id = "<1@shop.example>",
          .date = parse_timestamp("2025-03-05T09:08:07Z").value()};
}

TEST(Mime, HasTheHeadersOfAMessage) {
  EXPECT_THAT(mime_text(mail()), StartsWith("Date: Wed, 5 Mar 2025 09:08:07 +0000\r\n"
                                            "From: The Shop\r\n <news@shop.example>\r\n"
                                            "To: Ann\r\n <ann@home.example>\r\n"
                                            "Subject: Hello\r\n"
                                            "Message-ID: <1@shop.example>\r\n"
                                            "MIME-Version: 1.0\r\n"
                                            "Content-Type: multipart/alternative;\r\n"));
}

TEST(Mime, HasTextAndHtmlOfEither) {
  EXPECT_THAT(mime_text(mail()), HasSubstr("\r\n\r\nDear Ann,\r\nall is well.\r\n"));
  EXPECT_THAT(mime_text(mail()), HasSubstr("\r\nDear Ann,<br>\r\nall is well.<br>\r\n"));
  Mail page = mail();
  page.content = "<p>Dear <b>Ann</b></p>";
  EXPECT_THAT(mime_text(page), HasSubstr("\r\n\r\nDear Ann\r\n"));
  EXPECT_THAT(mime_text(page), HasSubstr("\r\n\r\n<p>Dear <b>Ann</b></p>\r\n"));
}

TEST(Mime, LetsNothingIntoTheHeaders) {
  Mail evil = mail();
  evil.subject = "Hello\r\nBcc: all@home.example\n";
  evil.to.name = "Ann\r\nBcc: all@home.example";
  EXPECT_THAT(mime_text(evil), Not(HasSubstr("\r\nBcc")));
  EXPECT_THAT(mime_text(evil), HasSubstr("Subject: Hello  Bcc: all@home.example\r\n"));
}

TEST(Mime, IsAsciiInShortLines) {
  Mail wide = mail();
  wide.subject = std::string(100, 'a') + " Grüße aus München, und noch viele weitere Wörter äöü";
  wide.from.name = "Jürgen \"der Händler\" Groß mit einem wirklich sehr langen Namen und Zusatz";
  wide.content = std::string(500, '.') + "\nFrom ä\n" + std::string(300, ' ') + "\n.\n";
  for (const std::string& line : split(mime_text(wide), '\n')) {
    EXPECT_LE(line.size(), 77U) << line;
    EXPECT_TRUE(line.empty() || line.ends_with('\r')) << line;
    for (const char c : line) EXPECT_TRUE(c == '\r' || (c >= 0x20 && c < 0x7f)) << line;
  }
}

TEST(Mime, EncodesWordsWithoutCuttingCharacters) {
  EXPECT_EQ(encoded_header("Grüße", 9), "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=");
  EXPECT_EQ(encoded_header("a =?b", 9), "=?UTF-8?Q?a_=3D=3Fb?=");
  std::string umlauts;
  for (int i = 0; i < 60; ++i) umlauts += "ü";
  for (const std::string& line : split(encoded_header(umlauts, 9), '\n')) {
    EXPECT_THAT(line, HasSubstr("?Q?=C3=BC"));
    EXPECT_TRUE(line.ends_with("=BC?=") || line.ends_with("=BC?=\r")) << line;
  }
}

TEST(Mime, QuotesNamesWithSigns) {
  Mail quoted = mail();
  quoted.from.name = "Shop, \"Inc.\"";
  EXPECT_THAT(mime_text(quoted), HasSubstr("From: \"Shop, \\\"Inc.\\\"\"\r\n"));
}

TEST(QuotedPrintable, KeepsBlanksAtTheEndOfLinesAndHidesLeadingDots) {
  EXPECT_EQ(quoted_printable("a \nb\t\n"), "a=20\r\nb=09\r\n");
  EXPECT_EQ(quoted_printable(".\r\nFrom me"), "=2E\r\n=46rom me");
  EXPECT_EQ(quoted_printable("1=1 é"), "1=3D1 =C3=A9");
}

TEST(Mailbox, IsReadInItsForms) {
  EXPECT_EQ(parse_mailbox("a@b.example"), (Mailbox{"", "a@b.example"}));
  EXPECT_EQ(parse_mailbox(" <a@b.example> "), (Mailbox{"", "a@b.example"}));
  EXPECT_EQ(parse_mailbox("A, B <a@b.example>"), (Mailbox{"A, B", "a@b.example"}));
  EXPECT_EQ(parse_mailbox("\"A, B\" <a@b.example>"), (Mailbox{"A, B", "a@b.example"}));
  for (const char* wrong : {"", "a", "@b", "a@", "a b@c", "<a@b", "a@b>", "a@b\r\nRCPT TO:<c@d>",
                            "ä@b.example", "a@b,c@d"}) {
    EXPECT_EQ(parse_mailbox(wrong), std::nullopt) << wrong;
  }
}

TEST(HtmlText, IsWhatPeopleRead) {
  EXPECT_EQ(text_of_html("<html><head><title>T</title></head><body><h1>Hi</h1>\n<p>a &amp; b\nc</p>"
                         "<!-- no --><ul><li>one</li><li>two&nbsp;&#8364;&#x41;</li></ul></body>"),
            "Hi\n\na & b c\n\none\n\ntwo €A\n");
  EXPECT_EQ(text_of_html("1 < 2 &unknown; & <b"), "1 < 2 &unknown; & <b\n");
  EXPECT_EQ(text_of_html("<style>p {}"), "");
  EXPECT_EQ(text_of_html("&#0;&#xD800;"), "&#0;&#xD800;\n");
}

}  // namespace
}  // namespace parley::outreach
