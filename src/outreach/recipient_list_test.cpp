#include "outreach/recipient_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "outreach/csv.h"

namespace parley::outreach {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::vector<std::string>> rows_of(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  CsvReader reader(text);
  while (const auto row = reader.next()) rows.push_back(row->fields);
  return rows;
}

TEST(Csv, ReadsQuotesAndLineBreaksInFields) {
  EXPECT_THAT(
      rows_of("a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n , \n3,4"),
      ElementsAre(ElementsAre("a", "b"), ElementsAre("x, \"y\"\nz", "2"), ElementsAre("3", "4")));
}

TEST(Csv, FindsTheSeparatorInTheFirstLine) {
  EXPECT_THAT(rows_of("\xEF\xBB\xBF"
                      "a;\"b,c\"\n1,5;2"),
              ElementsAre(ElementsAre("a", "b,c"), ElementsAre("1,5", "2")));
  EXPECT_THAT(rows_of("a\tb"), ElementsAre(ElementsAre("a", "b")));
}

TEST(Csv, CountsLinesAlsoInsideOfFields) {
  CsvReader reader("a\n\"x\ny\"\nb\n\"open\nc");
  EXPECT_EQ(reader.next()->line, 1U);
  EXPECT_EQ(reader.next()->line, 2U);
  EXPECT_EQ(reader.next()->line, 4U);
  const auto broken = reader.next();
  EXPECT_EQ(broken->line, 5U);
  EXPECT_EQ(broken->problem, "a quote does not end");
  EXPECT_EQ(reader.next()->fields, std::vector<std::string>{"c"});
}

TEST(RecipientList, FindsTheUsualColumns) {
  const RecipientList list = read_recipients(
      "First Name,Surname,E-Mail,Mobile,Company Name,Order No\n"
      "Ann,Smith, ANN@Shop.example ,030 123456789,Shop,17\n",
      Channel::Email);
  ASSERT_THAT(list.recipients, SizeIs(1));
  const TemplateRecipient& ann = list.recipients[0].recipient;
  EXPECT_EQ(list.recipients[0].line, 2U);
  EXPECT_EQ(ann.name, "Ann Smith");
  EXPECT_EQ(ann.email, "ann@shop.example");
  EXPECT_EQ(ann.phone, "+030123456789");
  EXPECT_EQ(ann.company, "Shop");
  EXPECT_EQ(ann.fields.at("order_no"), "17");
  EXPECT_EQ(ann.fields.at("first_name"), "Ann");
  EXPECT_THAT(list.broken, IsEmpty());
}

TEST(RecipientList, NamesBrokenLinesAndGoesOn) {
  const RecipientList list = read_recipients(
      "name,email\nAnn,ann@x.example\nBob\n,eve@x.example\nCid,nobody\nDan,\n\"Eve\" "
      "x,e@x.example\n"
      "Fay,fay@x.example\nG\xFF,g@x.example\n",
      Channel::Email);
  EXPECT_THAT(list.recipients, SizeIs(2));
  EXPECT_THAT(list.broken, ElementsAre(BrokenLine{3, "it has 1 fields instead of 2"},
                                       BrokenLine{4, "there is no name"},
                                       BrokenLine{5, "'nobody' is no e-mail address"},
                                       BrokenLine{6, "there is no e-mail address"},
                                       BrokenLine{7, "something follows the end of a quote"},
                                       BrokenLine{9, "it is no UTF-8"}));
}

TEST(RecipientList, NeedsWhatTheChannelNeeds) {
  EXPECT_THROW(read_recipients("name,email\n", Channel::Whatsapp), Error);
  EXPECT_THROW(read_recipients("name,phone\n", Channel::Email), Error);
  EXPECT_THROW(read_recipients("email\n", Channel::Email), Error);
  EXPECT_THROW(read_recipients("", Channel::Email), Error);
  EXPECT_THAT(read_recipients("name,phone\nAnn,+49 30 1\n", Channel::Whatsapp).recipients,
              SizeIs(1));
}

}  // namespace
}  // namespace parley::outreach
