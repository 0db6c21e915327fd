#include "migrate/renames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::migrate {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Column column(std::string name, Type type) { return {.name = std::move(name), .type = type}; }

Schema users(std::vector<Column> columns, std::string name = "users") {
  return {.tables = {{.name = std::move(name), .columns = std::move(columns)}},
          .views = {},
          .triggers = {},
          .enums = {{"mood", {"good", "bad"}}}};
}

const Schema kOld =
    users({column("id", integer()), column("name", text()), column("age", integer())});
const Schema kNew =
    users({column("id", integer()), column("full_name", text()), column("age", integer())});

TEST(Renames, AColumnOfTheSameTypeAndALikeNameIsProbable) {
  const auto questions = probable_renames(kOld, kNew, {});
  ASSERT_THAT(questions, SizeIs(1));
  EXPECT_EQ(questions[0].from, "name");
  EXPECT_THAT(questions[0].candidates, ElementsAre("full_name"));
  EXPECT_EQ(rename_option(questions[0], "full_name"), "--rename users.name=full_name");
}

TEST(Renames, AnAnsweredQuestionIsNotAskedAgain) {
  const auto renames = read_renames({"users.name=full_name"}, kOld, kNew);
  EXPECT_THAT(renames.columns, ElementsAre(ColumnRename{"users", "name", "full_name"}));
  EXPECT_THAT(probable_renames(kOld, kNew, renames), IsEmpty());
}

TEST(Renames, AColumnOfAnotherTypeIsNotProbable) {
  const Schema other =
      users({column("id", integer()), column("full_name", boolean()), column("age", integer())});
  EXPECT_THAT(probable_renames(kOld, other, {}), IsEmpty());
}

TEST(Renames, ATableWithTheSameColumnsIsProbable) {
  const auto questions = probable_renames(kOld, users(kOld.tables[0].columns, "people"), {});
  ASSERT_THAT(questions, SizeIs(1));
  EXPECT_EQ(rename_option(questions[0], "people"), "--rename users=people");
}

TEST(Renames, AColumnOfARenamedTableIsCalledByEitherName) {
  const Schema people = users(kNew.tables[0].columns, "people");
  for (const std::string& answer :
       {std::string("users.name=full_name"), std::string("people.name=full_name")}) {
    const auto renames = read_renames({answer, "users=people"}, kOld, people);
    EXPECT_THAT(renames.columns, ElementsAre(ColumnRename{"people", "name", "full_name"}));
  }
}

TEST(Renames, AnAnswerThatFitsNothingIsRefused) {
  EXPECT_THROW(read_renames({"nobody=people"}, kOld, kNew), Error);
  EXPECT_THROW(read_renames({"users.nothing=full_name"}, kOld, kNew), Error);
  EXPECT_THROW(read_renames({"users.name=nothing"}, kOld, kNew), Error);
  EXPECT_THROW(read_renames({"users.name=age"}, kOld, kNew), Error);
  EXPECT_THROW(read_renames({"users.name"}, kOld, kNew), Error);
}

TEST(Renames, AnEnumsValueMayBecomeAnother) {
  Schema wanted = kOld;
  wanted.enums[0].values = {"fine", "bad"};
  EXPECT_THAT(read_renames({"mood.good=fine"}, kOld, wanted).values,
              ElementsAre(ValueRename{"mood", "good", "fine"}));
}

TEST(Renames, ANameThatNeedsQuotesIsQuotedForTheShell) {
  const ProbableRename rename{"", "order items", {"lines"}, ""};
  EXPECT_EQ(rename_option(rename, "it's"), "--rename 'order items=it'\\''s'");
}

}  // namespace
}  // namespace parley::migrate
