#include "migrate/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

using dialect::TransactionNeed;
using testing::ElementsAre;
using testing::IsEmpty;

Step step(TransactionNeed need = TransactionNeed::Inside, std::size_t statements = 1) {
  return {.change = schema::DropTable{"t"},
          .statements = std::vector<std::string>(statements, "DROP TABLE t"),
          .transaction = need};
}

Step fill() { return {.change = schema::Backfill{.table = "t"}, .statements = {"UPDATE t"}}; }

/// `T2@0`: a transaction of two steps from position 0; S statements, B a backfill.
std::vector<std::string> shape(const Plan& plan, Ddl ddl) {
  std::vector<std::string> shape;
  for (const Part& part : parts_of(plan, ddl)) {
    shape.push_back(std::string(1, "TSB"[static_cast<int>(part.kind)]) +
                    std::to_string(part.steps.size()) + "@" + std::to_string(part.position));
  }
  return shape;
}

TEST(Parts, OrdinaryStepsAreOneTransaction) {
  const Plan plan{.steps = {step(), step(TransactionNeed::Inside, 3), step()}};
  EXPECT_THAT(shape(plan, Ddl::RollsBack), ElementsAre("T3@0"));
  EXPECT_TRUE(is_one_transaction(parts_of(plan, Ddl::RollsBack)));
}

TEST(Parts, AStepThatRefusesTransactionsStandsBetweenTwo) {
  const Plan plan{
      .steps = {step(TransactionNeed::Inside, 2), step(TransactionNeed::Outside), step(), step()}};
  EXPECT_THAT(shape(plan, Ddl::RollsBack), ElementsAre("T1@0", "S1@2", "T2@3"));
  EXPECT_FALSE(is_one_transaction(parts_of(plan, Ddl::RollsBack)));
}

TEST(Parts, WhatMustBeCommittedFirstEndsItsTransaction) {
  const Plan plan{.steps = {step(), step(TransactionNeed::CommitAfter), step()}};
  EXPECT_THAT(shape(plan, Ddl::RollsBack), ElementsAre("T2@0", "T1@2"));
}

TEST(Parts, ABackfillStandsAlone) {
  const Plan plan{.steps = {step(), fill(), step()}};
  EXPECT_THAT(shape(plan, Ddl::RollsBack), ElementsAre("T1@0", "B1@1", "T1@2"));
  EXPECT_THAT(shape(plan, Ddl::CommitsItself), ElementsAre("S1@0", "B1@1", "S1@2"));
}

TEST(Parts, WhereDdlCommitsItselfEveryStepIsOne) {
  const Plan plan{.steps = {step(TransactionNeed::Inside, 2), step()}};
  EXPECT_THAT(shape(plan, Ddl::CommitsItself), ElementsAre("S1@0", "S1@2"));
}

TEST(Parts, NothingToDoIsStillRecordedInOneTransaction) {
  EXPECT_TRUE(is_one_transaction(parts_of({}, Ddl::RollsBack)));
  EXPECT_THAT(shape({}, Ddl::CommitsItself), IsEmpty());
}

}  // namespace
}  // namespace parley::migrate
