#include "migrate/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "migrate/history_test_graphs.h"

namespace parley::migrate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const Applied kAllFour = {"aaaa1", "bbbb2", "cccc3", "dddd4"};

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
  EXPECT_THAT(ids(line().downgrade_path("aaaa1", {"aaaa1", "bbbb2", "cccc3"}, "")),
              ElementsAre("cccc3", "bbbb2"));
  EXPECT_THAT(ids(line().downgrade_path("base", {"aaaa1"}, "")), ElementsAre("aaaa1"));
}

TEST(HistoryLine, DowngradeRefusesATargetThatIsNotApplied) {
  EXPECT_EQ(error_of([] { line().downgrade_path("cccc3", {"aaaa1"}, ""); }).second,
            "Destination cccc3 is not a valid downgrade target from current head(s)");
  EXPECT_THAT(line().downgrade_path("aaaa1", {"aaaa1"}, ""), IsEmpty());
}

TEST(HistoryLine, StampingGoesUpAndDown) {
  const std::vector<std::string> up = {"cccc3"};
  const std::vector<std::string> down = {"aaaa1"};
  const std::vector<std::string> base = {"base"};
  EXPECT_THAT(line().stamped(up, {"aaaa1"}, ""), ElementsAre("aaaa1", "bbbb2", "cccc3"));
  EXPECT_THAT(line().stamped(down, {"aaaa1", "bbbb2", "cccc3"}, ""), ElementsAre("aaaa1"));
  EXPECT_THAT(line().stamped(base, {"aaaa1", "bbbb2"}, ""), IsEmpty());
}

TEST(HistoryBranch, KeepsABranchTogether) {
  std::vector<std::string> order;
  const History history = branch();
  for (const Revision& revision : history.revisions()) order.push_back(revision.id);
  EXPECT_THAT(order, ElementsAre("aaaa1", "bbbb2", "dddd4", "cccc3", "eeee5"));
}

TEST(HistoryBranch, KnowsItsBranchPointItsHeadsAndItsLabels) {
  EXPECT_THAT(branch().heads(), UnorderedElementsAre("dddd4", "eeee5"));
  const Place fork = branch().place_of("aaaa1");
  EXPECT_TRUE(fork.is_branch_point());
  EXPECT_FALSE(fork.is_head);
  EXPECT_THAT(fork.labels, IsEmpty());
  EXPECT_THAT(branch().place_of("dddd4").labels, ElementsAre("left"));
}

TEST(HistoryBranch, ALabelHoldsBelowWhereThereIsOneWay) {
  const History history({node("aaaa1"), labelled(node("bbbb2", {"aaaa1"}), "main")});
  EXPECT_THAT(history.place_of("aaaa1").labels, ElementsAre("main"));
}

TEST(HistoryBranch, DowngradeToTheForkUndoesBothBranches) {
  const Applied all = {"aaaa1", "bbbb2", "cccc3", "dddd4", "eeee5"};
  EXPECT_THAT(ids(branch().downgrade_path("aaaa1", all, "")),
              ElementsAre("eeee5", "cccc3", "dddd4", "bbbb2"));
  EXPECT_THAT(ids(branch().downgrade_path("right@aaaa1", all, "")), ElementsAre("eeee5", "cccc3"));
  EXPECT_THAT(ids(branch().downgrade_path("cccc3", all, "")), ElementsAre("eeee5"));
}

TEST(HistoryBranch, StampingABranchLeavesTheOther) {
  const std::vector<std::string> right = {"eeee5"};
  EXPECT_THAT(branch().stamped(right, {"aaaa1", "bbbb2"}, ""),
              ElementsAre("aaaa1", "bbbb2", "cccc3", "eeee5"));
  const std::vector<std::string> fork = {"aaaa1"};
  EXPECT_THAT(branch().stamped(fork, {"aaaa1", "bbbb2", "cccc3"}, ""), ElementsAre("aaaa1"));
}

TEST(HistoryDiamond, NewestOfAllIsTheMergePoint) {
  EXPECT_THAT(diamond().newest(kAllFour), ElementsAre("dddd4"));
  EXPECT_THAT(diamond().newest({"aaaa1", "bbbb2", "cccc3"}),
              UnorderedElementsAre("bbbb2", "cccc3"));
  EXPECT_THAT(diamond().with_ancestors("dddd4"),
              UnorderedElementsAre("aaaa1", "bbbb2", "cccc3", "dddd4"));
}

TEST(HistoryDiamond, DowngradeToASideUndoesOnlyTheMerge) {
  EXPECT_THAT(ids(diamond().downgrade_path("bbbb2", kAllFour, "")), ElementsAre("dddd4"));
}

TEST(HistoryTwoBases, DowngradeOfOneLeavesTheOther) {
  EXPECT_THAT(ids(two_bases().downgrade_path("two@base", kAllFour, "")),
              ElementsAre("dddd4", "cccc3"));
  EXPECT_THAT(ids(two_bases().downgrade_path("aaaa1", kAllFour, "")), ElementsAre("bbbb2"));
  EXPECT_THAT(ids(two_bases().downgrade_path("base", kAllFour, "")),
              ElementsAre("dddd4", "cccc3", "bbbb2", "aaaa1"));
}

TEST(HistoryTwoBases, StampingTheBaseOfOneLeavesTheOther) {
  const std::vector<std::string> base = {"two@base"};
  EXPECT_THAT(two_bases().stamped(base, kAllFour, ""), ElementsAre("aaaa1", "bbbb2"));
}

TEST(HistoryCrossDependency, UpgradeBringsWhatIsDependedOn) {
  const std::vector<std::string> target = {"dddd4"};
  EXPECT_THAT(ids(cross_dependency().upgrade_path(target, {})),
              ElementsAre("aaaa1", "bbbb2", "cccc3", "dddd4"));
}

TEST(HistoryCrossDependency, DowngradeTakesWhatDependsOnIt) {
  EXPECT_THAT(ids(cross_dependency().downgrade_path("aaaa1", kAllFour, "")),
              ElementsAre("dddd4", "bbbb2"));
  EXPECT_THAT(ids(cross_dependency().downgrade_path("one@base", kAllFour, "")),
              ElementsAre("dddd4", "bbbb2", "aaaa1"));
}

// Alembic's `heads` shows both and its alembic_version holds only the one that implies the other.
TEST(HistoryCrossDependency, ADependedOnHeadIsAHeadButNotInTheMarker) {
  EXPECT_THAT(cross_dependency().heads(), ElementsAre("bbbb2", "dddd4"));
  EXPECT_THAT(cross_dependency().real_heads(), ElementsAre("dddd4"));
  EXPECT_THAT(cross_dependency().newest(kAllFour), ElementsAre("bbbb2", "dddd4"));
  EXPECT_THAT(cross_dependency().marker(kAllFour), ElementsAre("dddd4"));
  EXPECT_TRUE(cross_dependency().place_of("bbbb2").is_head);
  EXPECT_FALSE(cross_dependency().place_of("bbbb2").is_real_head);
}

TEST(HistoryCrossDependency, ALabelMayBeDependedOn) {
  const History history({labelled(node("aaaa1"), "one"), node("bbbb2", {}, {"one"})});
  EXPECT_THAT(history.with_ancestors("bbbb2"), ElementsAre("aaaa1", "bbbb2"));
}

TEST(HistoryCycle, IsDetectedInAlembicsWords) {
  const auto [code, text] =
      error_of([] { History({node("aaaa1", {"bbbb2"}), node("bbbb2", {"aaaa1"})}); });
  EXPECT_EQ(code, ErrorCode::HistoryCycle);
  EXPECT_EQ(text, "Cycle is detected in revisions (aaaa1, bbbb2)");
}

TEST(HistoryCycle, IsDetectedAboveAGoodBaseAndNamesOnlyItsMembers) {
  const auto [code, text] = error_of([] {
    History({node("aaaa1"), node("bbbb2", {"aaaa1", "cccc3"}), node("cccc3", {"bbbb2"}),
             node("dddd4", {"cccc3"})});
  });
  EXPECT_EQ(text, "Cycle is detected in revisions (bbbb2, cccc3)");
}

TEST(HistoryCycle, OfDependenciesIsCalledSo) {
  EXPECT_EQ(
      error_of([] { History({node("aaaa1", {}, {"bbbb2"}), node("bbbb2", {"aaaa1"})}); }).second,
      "Dependency cycle is detected in revisions (aaaa1, bbbb2)");
  EXPECT_EQ(error_of([] { History({node("aaaa1", {"aaaa1"})}); }).second,
            "Self-loop is detected in revisions (aaaa1)");
  EXPECT_EQ(error_of([] { History({node("aaaa1", {}, {"aaaa1"})}); }).second,
            "Dependency self-loop is detected in revisions (aaaa1)");
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

TEST(HistoryGraph, RefusesALabelGivenTwice) {
  EXPECT_THAT(error_of([] {
                History({labelled(node("aaaa1"), "one"), labelled(node("bbbb2"), "one")});
              }).second,
              HasSubstr("Branch name 'one' in revision bbbb2 already used by revision aaaa1"));
  EXPECT_THAT(error_of([] { History({node("aaaa1"), labelled(node("bbbb2"), "aaaa1")}); }).second,
              HasSubstr("Branch name 'aaaa1' in revision bbbb2 already used by revision aaaa1"));
}

// Two histories of one namespace: the support history's last revision stands on the core's.
History core_and_support() {
  return History({node("001", {}, {}, "core"), node("002", {"001"}, {}, "core"),
                  node("s01", {}, {}, "support"), node("s02", {"s01"}, {"002"}, "support")});
}

TEST(HistoryOfTwo, KeepsHeadsApart) {
  EXPECT_THAT(core_and_support().heads("core"), ElementsAre("002"));
  EXPECT_THAT(core_and_support().heads("support"), ElementsAre("s02"));
  EXPECT_THAT(core_and_support().real_heads("core"), ElementsAre("002"));
  EXPECT_TRUE(core_and_support().place_of("002").is_real_head);
}

TEST(HistoryOfTwo, TheMarkerOfTheCoreDoesNotKnowTheOther) {
  EXPECT_THAT(core_and_support().marker({"001", "002", "s01", "s02"}, "core"), ElementsAre("002"));
}

TEST(HistoryOfTwo, DowngradeTakesDependentsOfTheOtherAlong) {
  EXPECT_THAT(ids(core_and_support().downgrade_path("base", {"001", "002", "s01", "s02"}, "core")),
              ElementsAre("s02", "002", "001"));
}

TEST(HistoryOfTwo, DependentsReturnOnlyWhereTheirParentsStayed) {
  EXPECT_THAT(ids(core_and_support().returning({"001", "002", "s01"}, "core")), ElementsAre("s02"));
  EXPECT_THAT(core_and_support().returning({"001", "002"}, "core"), IsEmpty());
}

TEST(HistoryOfTwo, StampingOneLeavesTheOther) {
  const std::vector<std::string> base = {"base"};
  EXPECT_THAT(core_and_support().stamped(base, {"001", "s01"}, "core"), ElementsAre("s01"));
}

TEST(HistoryOfMany, IsQuick) {
  std::vector<Revision> revisions = {node("r0")};
  for (int i = 1; i < 20000; ++i) {
    revisions.push_back(node(fmt::format("r{}", i), {fmt::format("r{}", i - 1)}));
  }
  const auto start = std::chrono::steady_clock::now();
  const History history(std::move(revisions));
  const Applied all = history.with_ancestors("r19999");
  EXPECT_EQ(all.size(), 20000U);
  EXPECT_THAT(history.resolve("head-19998", all, ""), ElementsAre("r1"));
  EXPECT_EQ(history.downgrade_path("base", all, "").size(), 20000U);
  EXPECT_EQ(history.range("", "", {}, "").size(), 20000U);
  // Anything quadratic would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
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
