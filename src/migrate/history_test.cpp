#include "migrate/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::migrate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Revision node(std::string id, std::vector<std::string> parents = {},
              std::vector<std::string> depends_on = {}, std::string history = "") {
  return Revision{.id = id,
                  .down_revisions = std::move(parents),
                  .depends_on = std::move(depends_on),
                  .message = "step " + id,
                  .history = std::move(history),
                  .file = id + ".yaml"};
}

std::vector<std::string> ids(const std::vector<const Revision*>& path) {
  std::vector<std::string> found;
  for (const Revision* revision : path) found.push_back(revision->id);
  return found;
}

/// The error that `action` throws, as code and text.
template <class Action>
std::pair<ErrorCode, std::string> error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::Internal, "nothing was thrown"};
}

History line() {
  return History({node("aaaa1"), node("bbbb2", {"aaaa1"}), node("cccc3", {"bbbb2"})});
}
History branch() {
  return History({node("aaaa1"), node("bbbb2", {"aaaa1"}), node("cccc3", {"aaaa1"})});
}
History diamond() {
  return History({node("aaaa1"), node("bbbb2", {"aaaa1"}), node("cccc3", {"aaaa1"}),
                  node("dddd4", {"bbbb2", "cccc3"})});
}

TEST(HistoryLine, SortsParentsBeforeChildrenWhateverTheOrderOfFiles) {
  const History history({node("cccc3", {"bbbb2"}), node("bbbb2", {"aaaa1"}), node("aaaa1")});
  EXPECT_EQ(history.revisions()[0].id, "aaaa1");
  EXPECT_EQ(history.revisions()[2].id, "cccc3");
  EXPECT_THAT(history.heads(), ElementsAre("cccc3"));
  EXPECT_THAT(history.bases(), ElementsAre("aaaa1"));
}

TEST(HistoryLine, UpgradePathLeavesOutWhatIsApplied) {
  const std::vector<std::string> target = {"cccc3"};
  EXPECT_THAT(ids(line().upgrade_path(target, {"aaaa1"})), ElementsAre("bbbb2", "cccc3"));
  EXPECT_THAT(line().upgrade_path(target, {"aaaa1", "bbbb2", "cccc3"}), IsEmpty());
}

TEST(HistoryLine, DowngradePathGoesNewestFirst) {
  const std::vector<std::string> target = {"aaaa1"};
  EXPECT_THAT(ids(line().downgrade_path(target, {"aaaa1", "bbbb2", "cccc3"}, "")),
              ElementsAre("cccc3", "bbbb2"));
  EXPECT_THAT(ids(line().downgrade_path({}, {"aaaa1"}, "")), ElementsAre("aaaa1"));
}

TEST(HistoryBranch, HasTwoHeadsAndRefusesToChoose) {
  EXPECT_THAT(branch().heads(), UnorderedElementsAre("bbbb2", "cccc3"));
  const auto [code, text] = error_of([] { branch().resolve("head", {}, ""); });
  EXPECT_EQ(code, ErrorCode::MultipleHeads);
  EXPECT_EQ(
      text,
      "Multiple head revisions are present for given argument 'head'; please specify a specific "
      "target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all "
      "heads");
  EXPECT_THAT(branch().resolve("heads", {}, ""), UnorderedElementsAre("bbbb2", "cccc3"));
}

TEST(HistoryDiamond, NewestOfAllIsTheMergePoint) {
  EXPECT_THAT(diamond().newest({"aaaa1", "bbbb2", "cccc3", "dddd4"}), ElementsAre("dddd4"));
  EXPECT_THAT(diamond().newest({"aaaa1", "bbbb2", "cccc3"}),
              UnorderedElementsAre("bbbb2", "cccc3"));
  EXPECT_THAT(diamond().with_ancestors("dddd4"),
              UnorderedElementsAre("aaaa1", "bbbb2", "cccc3", "dddd4"));
}

TEST(HistoryGraph, NamesBothFilesOfOneId) {
  Revision twin = node("aaaa1");
  twin.file = "other.yaml";
  const auto [code, text] = error_of([&] { History({node("aaaa1"), twin}); });
  EXPECT_EQ(code, ErrorCode::InvalidRevisionFile);
  EXPECT_THAT(text, HasSubstr("aaaa1.yaml"));
  EXPECT_THAT(text, HasSubstr("other.yaml"));
}

TEST(HistoryGraph, NamesTheFileWhoseParentIsMissing) {
  const auto [code, text] = error_of([] { History({node("bbbb2", {"aaaa1"})}); });
  EXPECT_EQ(code, ErrorCode::InvalidRevisionFile);
  EXPECT_THAT(text, HasSubstr("bbbb2.yaml"));
  EXPECT_THAT(text, HasSubstr("aaaa1"));
}

TEST(HistoryGraph, DetectsCycles) {
  const auto [code, text] =
      error_of([] { History({node("aaaa1", {"bbbb2"}), node("bbbb2", {"aaaa1"})}); });
  EXPECT_EQ(code, ErrorCode::HistoryCycle);
  EXPECT_THAT(text, HasSubstr("Cycle is detected in revisions"));
}

// Two histories of one namespace: the support history's last revision stands on the core's.
History core_and_support() {
  return History({node("001", {}, {}, "core"), node("002", {"001"}, {}, "core"),
                  node("s01", {}, {}, "support"), node("s02", {"s01"}, {"002"}, "support")});
}

TEST(HistoryOfTwo, KeepsHeadsApart) {
  EXPECT_THAT(core_and_support().heads("core"), ElementsAre("002"));
  EXPECT_THAT(core_and_support().heads("support"), ElementsAre("s02"));
}

TEST(HistoryOfTwo, DowngradeTakesDependentsOfTheOtherAlong) {
  EXPECT_THAT(ids(core_and_support().downgrade_path({}, {"001", "002", "s01", "s02"}, "core")),
              ElementsAre("s02", "002", "001"));
}

TEST(HistoryOfTwo, DependentsReturnOnlyWhereTheirParentsStayed) {
  EXPECT_THAT(ids(core_and_support().returning({"001", "002", "s01"}, "core")), ElementsAre("s02"));
  EXPECT_THAT(core_and_support().returning({"001", "002"}, "core"), IsEmpty());
}

struct Expression {
  std::string text;
  Applied applied;
  std::vector<std::string> expected;
};
void PrintTo(const Expression& expression, std::ostream* out) { *out << expression.text; }
class ResolveLine : public testing::TestWithParam<Expression> {};

TEST_P(ResolveLine, NamesTheRevisions) {
  EXPECT_EQ(line().resolve(GetParam().text, GetParam().applied, ""), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, ResolveLine,
    testing::Values(Expression{"head", {}, {"cccc3"}}, Expression{"base", {"aaaa1"}, {}},
                    Expression{"bbbb2", {}, {"bbbb2"}}, Expression{"bbbb", {}, {"bbbb2"}},
                    Expression{"current", {"aaaa1"}, {"aaaa1"}}, Expression{"+1", {}, {"aaaa1"}},
                    Expression{"+2", {"aaaa1"}, {"cccc3"}},
                    Expression{"-1", {"aaaa1", "bbbb2"}, {"aaaa1"}},
                    Expression{"-1", {"aaaa1"}, {}}, Expression{"aaaa1+1", {}, {"bbbb2"}},
                    Expression{"head-2", {}, {"aaaa1"}}));

TEST(Resolve, SaysInAlembicsWordsWhatItCannotFind) {
  const auto message = [](std::string_view expression, Applied applied) {
    return error_of([&] { line().resolve(expression, applied, ""); }).second;
  };
  EXPECT_EQ(message("zzzz", {}), "Can't locate revision identified by 'zzzz'");
  EXPECT_EQ(message("bbb", {}), "Can't locate revision identified by 'bbb'");
  EXPECT_EQ(message("+4", {}), "Relative revision +4 didn't produce 4 migrations");
  EXPECT_EQ(message("-2", {"aaaa1"}), "Relative revision -2 didn't produce 2 migrations");
  EXPECT_EQ(message("nowhere@head", {}), "No such revision or branch 'nowhere'");
}

TEST(Resolve, RefusesAnAmbiguousPrefix) {
  const History history({node("abcd1"), node("abcd2", {"abcd1"})});
  EXPECT_THAT(error_of([&] { history.resolve("abcd", {}, ""); }).second,
              HasSubstr("Multiple revisions start with 'abcd'"));
}

TEST(Resolve, NarrowsToALabelledBranch) {
  Revision left = node("bbbb2", {"aaaa1"});
  left.branch_labels = {"left"};
  const History history({node("aaaa1"), left, node("cccc3", {"aaaa1"})});
  EXPECT_THAT(history.resolve("left@head", {}, ""), ElementsAre("bbbb2"));
  EXPECT_EQ(error_of([&] { history.resolve("left@cccc3", {}, ""); }).second,
            "Revision cccc3 is not a member of branch 'left'");
}

TEST(Replay, AddsUpTheChangesOfWhatIsApplied) {
  Revision first = node("aaaa1");
  first.upgrade = {
      schema::CreateTable{{.name = "t", .columns = {{.name = "a", .type = schema::integer()}}}}};
  Revision second = node("bbbb2", {"aaaa1"});
  second.upgrade = {
      schema::AddColumn{"t", {.name = "b", .type = schema::text(), .nullable = true}}};
  const History history({first, second});
  EXPECT_EQ(history.replay({"aaaa1"}).find_table("t")->columns.size(), 1U);
  EXPECT_EQ(history.replay({"aaaa1", "bbbb2"}).find_table("t")->columns.size(), 2U);
}

TEST(Replay, NamesTheFileWhoseChangeDoesNotFit) {
  Revision wrong = node("aaaa1");
  wrong.upgrade = {schema::DropTable{"t"}};
  EXPECT_THAT(error_of([&] { History({wrong}).replay({"aaaa1"}); }).second,
              HasSubstr("aaaa1.yaml"));
}

}  // namespace
}  // namespace parley::migrate
