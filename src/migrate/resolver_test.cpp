// Every expression, and Alembic's words where one cannot be followed.

#include "migrate/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/history_test_graphs.h"

namespace parley::migrate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Ids = std::vector<std::string>;
const Applied kAllFour = {"aaaa1", "bbbb2", "cccc3", "dddd4"};

struct Expression {
  std::string text;
  Applied applied;
  Ids expected;
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
                    Expression{"head-2", {}, {"aaaa1"}}, Expression{"head-3", {}, {}},
                    Expression{"base+2", {}, {"bbbb2"}},
                    Expression{"current+1", {"aaaa1"}, {"bbbb2"}},
                    Expression{"aaaa+1", {}, {"bbbb2"}}));

class ResolveBranch : public testing::TestWithParam<Expression> {};
TEST_P(ResolveBranch, NamesTheRevisions) {
  EXPECT_EQ(branch().resolve(GetParam().text, GetParam().applied, ""), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Expressions, ResolveBranch,
    testing::Values(Expression{"heads", {}, {"dddd4", "eeee5"}},
                    Expression{"left@head", {}, {"dddd4"}}, Expression{"right", {}, {"cccc3"}},
                    Expression{"left@heads", {}, {"dddd4"}}, Expression{"left@base", {}, {}},
                    Expression{"right@cccc", {}, {"cccc3"}}, Expression{"cccc@head", {}, {"eeee5"}},
                    Expression{"left@+1", {"aaaa1"}, {"bbbb2"}},
                    Expression{"right@+2", {"aaaa1"}, {"eeee5"}},
                    Expression{"right@+1", {"aaaa1", "bbbb2"}, {"cccc3"}},
                    Expression{"left@-1", {"aaaa1", "bbbb2", "cccc3", "dddd4"}, {"bbbb2"}},
                    Expression{"left@aaaa1+1", {}, {"bbbb2"}},
                    Expression{"right@head-1", {}, {"cccc3"}},
                    Expression{"current", {"aaaa1", "bbbb2", "cccc3"}, {"bbbb2", "cccc3"}}));

/// A word per mistake.
struct Refusal {
  std::string expression;
  Applied applied;
  std::string words;
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.expression; }

class Refused : public testing::TestWithParam<Refusal> {};
TEST_P(Refused, InAlembicsWords) {
  const auto& [expression, applied, words] = GetParam();
  EXPECT_THAT(error_of([&] { branch().resolve(expression, applied, ""); }).second,
              StartsWith(words));
}
INSTANTIATE_TEST_SUITE_P(
    Expressions, Refused,
    testing::Values(
        Refusal{"head",
                {},
                "Multiple head revisions are present for given argument 'head'; please specify a "
                "specific target revision, '<branchname>@head' to narrow to a specific head, or "
                "'heads' for all heads"},
        Refusal{"head-1", {}, "Multiple head revisions are present for given argument 'head-1'"},
        Refusal{"zzzz", {}, "Can't locate revision identified by 'zzzz'"},
        Refusal{"bbb", {}, "Can't locate revision identified by 'bbb'"},
        Refusal{"nowhere@head", {}, "No such revision or branch 'nowhere'"},
        Refusal{"left@cccc3", {}, "Revision cccc3 is not a member of branch 'left'"},
        Refusal{"left@eeee5-1", {}, "Revision eeee5 is not a member of branch 'left'"},
        Refusal{"+1", {"aaaa1"}, "Ambiguous walk"},
        Refusal{"+1", {"aaaa1", "bbbb2", "cccc3"}, "Ambiguous upgrade from multiple current"},
        Refusal{"left@+3", {"aaaa1"}, "Relative revision +3 didn't produce 3 migrations"},
        Refusal{"dddd4+1", {}, "Relative revision +1 didn't produce 1 migrations"},
        Refusal{"-1", {}, "Relative revision -1 didn't produce 1 migrations"},
        Refusal{"-2", {"aaaa1"}, "Relative revision -2 didn't produce 2 migrations"},
        Refusal{"-1",
                {"aaaa1", "bbbb2", "cccc3"},
                "downgrade -1 from multiple heads is ambiguous: bbbb2, cccc3 are applied"}));

TEST(Resolve, TellsTheFirstOfSeveralThatAPrefixMayMean) {
  const History history({node("abcd1"), node("abcd2", {"abcd1"})});
  EXPECT_EQ(error_of([&] { history.resolve("abcd", {}, ""); }).second,
            "Multiple revisions start with 'abcd': 'abcd1', 'abcd2'...");
}

TEST(Resolve, ALabelNarrowsAPrefix) {
  const History history({labelled(node("abcd1"), "one"), labelled(node("abcd2"), "two")});
  EXPECT_THAT(history.resolve("two@abcd", {}, ""), ElementsAre("abcd2"));
}

TEST(Resolve, HeadsLeavesOutWhatAnotherHeadDependsOn) {
  EXPECT_THAT(cross_dependency().resolve("heads", {}, ""), ElementsAre("dddd4"));
  EXPECT_THAT(cross_dependency().resolve("one@head", {}, ""), ElementsAre("bbbb2"));
}

TEST(Resolve, AMergePointHasNoOneStepBelow) {
  EXPECT_EQ(error_of([] { diamond().resolve("dddd4-1", {}, ""); }).second, "Ambiguous walk");
}

TEST(ResolveUpgrade, NeverCountsDownFromWhereTheDatabaseIs) {
  EXPECT_EQ(error_of([] { line().resolve_upgrade("-1", {"aaaa1", "bbbb2"}, ""); }).second,
            "Relative revision -1 didn't produce 1 migrations");
  EXPECT_THAT(line().resolve_upgrade("head-1", {}, ""), ElementsAre("bbbb2"));
}

TEST(ResolveUpgrade, GoesOnAtABranchThatOnlyDependenciesReach) {
  // Only dddd4 is in alembic_version; the branch `one` goes on above bbbb2 all the same.
  const History history({labelled(node("aaaa1"), "one"), node("bbbb2", {"aaaa1"}), node("cccc3"),
                         node("dddd4", {"cccc3"}, {"bbbb2"}), node("ffff6", {"bbbb2"})});
  EXPECT_THAT(history.resolve_upgrade("one@+1", kAllFour, ""), ElementsAre("ffff6"));
}

TEST(ResolveUpgrade, StartsAtTheTipOfWhatTheBranchStandsOn) {
  // Of the parents of dddd4, bbbb2 implies aaaa1.
  const History history({node("aaaa1"), node("bbbb2", {}, {"aaaa1"}), node("cccc3", {"bbbb2"}),
                         labelled(node("dddd4", {"aaaa1", "bbbb2"}), "both")});
  EXPECT_THAT(history.resolve_upgrade("both@+1", {"aaaa1", "bbbb2", "cccc3"}, ""),
              ElementsAre("dddd4"));
}

Ids undone(const History& history, std::string_view expression, const Applied& applied) {
  return ids(history.downgrade_path(expression, applied, ""));
}

TEST(ResolveDowngrade, CountsFromWhereTheDatabaseIs) {
  EXPECT_THAT(undone(line(), "-2", {"aaaa1", "bbbb2", "cccc3"}), ElementsAre("cccc3", "bbbb2"));
  EXPECT_THAT(undone(line(), "-1", {"aaaa1"}), ElementsAre("aaaa1"));
  EXPECT_THAT(undone(line(), "cccc3-1", {"aaaa1", "bbbb2", "cccc3"}), ElementsAre("cccc3"));
  EXPECT_THAT(undone(line(), "aaaa1+1", {"aaaa1", "bbbb2", "cccc3"}), ElementsAre("cccc3"));
  EXPECT_THAT(undone(branch(), "left@-1", {"aaaa1", "bbbb2", "cccc3"}), ElementsAre("bbbb2"));
}

TEST(ResolveDowngrade, OneStepLeavesOtherLinesWhereDependenciesJoinThem) {
  EXPECT_THAT(undone(cross_dependency(), "-1", kAllFour), ElementsAre("dddd4"));
  const History history({node("aaaa1"), node("bbbb2", {}, {"aaaa1"})});
  EXPECT_THAT(undone(history, "-1", {"aaaa1", "bbbb2"}), ElementsAre("bbbb2"));
}

TEST(ResolveDowngrade, IsAmbiguousFromSeveralHeads) {
  EXPECT_THAT(
      error_of([] { branch().downgrade_path("-1", {"aaaa1", "bbbb2", "cccc3"}, ""); }).second,
      HasSubstr("downgrade -1 from multiple heads is ambiguous"));
  EXPECT_EQ(error_of([] { line().downgrade_path("+1", {"aaaa1"}, ""); }).second,
            "Relative revision +1 didn't produce 1 migrations");
}

TEST(ResolveDowngrade, RefusesABranchThatDoesNotBeginThere) {
  const History history(
      {labelled(node("aaaa1"), "all"), node("bbbb2", {"aaaa1"}), node("cccc3", {"aaaa1"})});
  EXPECT_EQ(error_of([&] {
              history.downgrade_path("all@aaaa1", {"aaaa1", "bbbb2", "cccc3"}, "");
            }).second,
            "Not a valid downgrade target from current heads");
}

struct RangeCase {
  std::string start;
  std::string end;
  Applied applied;
  Ids expected;
};
void PrintTo(const RangeCase& range, std::ostream* out) { *out << range.start << ":" << range.end; }

class RangeOfLine : public testing::TestWithParam<RangeCase> {};
TEST_P(RangeOfLine, IsNewestFirstWithBothEnds) {
  const auto& [start, end, applied, expected] = GetParam();
  EXPECT_EQ(ids(line().range(start, end, applied, "")), expected);
}
INSTANTIATE_TEST_SUITE_P(
    Ranges, RangeOfLine,
    testing::Values(RangeCase{"", "", {}, {"cccc3", "bbbb2", "aaaa1"}},
                    RangeCase{"bbbb2", "", {}, {"cccc3", "bbbb2"}},
                    RangeCase{"", "bbbb2", {}, {"bbbb2", "aaaa1"}},
                    RangeCase{"aaaa1", "bbbb2", {}, {"bbbb2", "aaaa1"}},
                    RangeCase{"-1", "current", {"aaaa1", "bbbb2"}, {"bbbb2", "aaaa1"}},
                    RangeCase{"-3", "current", {"aaaa1", "bbbb2"}, {"bbbb2", "aaaa1"}},
                    RangeCase{"current", "", {"aaaa1", "bbbb2"}, {"cccc3", "bbbb2"}},
                    RangeCase{"bbbb2", "+1", {}, {"cccc3", "bbbb2"}}));

TEST(Range, StaysInTheBranchThatItsStartNames) {
  EXPECT_THAT(ids(branch().range("left@base", "heads", {}, "")),
              ElementsAre("dddd4", "bbbb2", "aaaa1"));
  EXPECT_THAT(ids(branch().range("bbbb2", "dddd4", {}, "")), ElementsAre("dddd4", "bbbb2"));
}

TEST(Range, CountsFromEachOfSeveralEnds) {
  EXPECT_THAT(
      ids(branch().range("-1", "current", {"aaaa1", "bbbb2", "cccc3", "dddd4", "eeee5"}, "")),
      ElementsAre("eeee5", "cccc3", "dddd4", "bbbb2"));
}

TEST(Range, RefusesAStartThatIsNotBelowItsEnd) {
  EXPECT_EQ(error_of([] { line().range("cccc3", "aaaa1", {}, ""); }).second,
            "Revision cccc3 is not an ancestor of revision aaaa1");
  EXPECT_THAT(line().range("", "base", {}, ""), IsEmpty());
}

}  // namespace
}  // namespace parley::migrate
