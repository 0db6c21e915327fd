#include "migrate/backfill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dialect/dialect.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using std::chrono::milliseconds;
using test::TestDatabase;
using test::TestEngine;
using testing::ElementsAre;

TEST(NextBatch, AimsAtTheWantedTimeButAtMostDoublesOrHalves) {
  EXPECT_EQ(next_batch(100, milliseconds(100), milliseconds(150)), 150);
  EXPECT_EQ(next_batch(100, milliseconds(1), milliseconds(150)), 200);
  EXPECT_EQ(next_batch(100, milliseconds(10'000), milliseconds(150)), 50);
  EXPECT_EQ(next_batch(1, milliseconds(10'000), milliseconds(150)), 1);
  EXPECT_EQ(next_batch(900'000, milliseconds(0), milliseconds(150)), 1'000'000);
}

class BackfillRun : public testing::TestWithParam<TestEngine> {
 protected:
  BackfillRun() : database_(GetParam()), connection_(database_.connect()) {}

  void create(const Table& table) {
    for (const auto& sql : dialect::dialect_of(*connection_).render(CreateTable{table}, {})) {
      connection_->execute(sql);
    }
  }
  std::vector<std::int64_t> column(const std::string& query) {
    std::vector<std::int64_t> values;
    for (const auto& row : database::query(*connection_, query)) {
      values.push_back(database::integer_of(row.front()));
    }
    return values;
  }
  void run(const BackfillJob& job, BackfillPlace from = {}) {
    backfill(*connection_, job, from, options_,
             {.save =
                  [&](const BackfillPlace& place, bool) {
                    if (place.rows > stop_after_) throw Error(ErrorCode::Internal, "stop");
                    place_ = place;
                  },
              .report = [&](std::int64_t done, std::int64_t) { reported_.push_back(done); }});
  }

  const Table pairs_{.name = "pairs",
                     .columns = {{.name = "a", .type = string(10)},
                                 {.name = "b", .type = integer()},
                                 {.name = "n", .type = integer()}},
                     .primary_key = PrimaryKey{.columns = {"a", "b"}}};
  ExecuteOptions options_{.batch_time = milliseconds(60'000), .first_batch = 2};
  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  BackfillPlace place_;
  std::int64_t stop_after_ = 1'000;
  std::vector<std::int64_t> reported_;
};

INSTANTIATE_TEST_SUITE_P(Engines, BackfillRun, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(BackfillRun, TouchesEveryRowOnceInGrowingBatchesByAKeyOfTwoColumns) {
  create(pairs_);
  connection_->execute(
      "INSERT INTO pairs VALUES ('x', 1, 0), ('x', 2, 0), ('x', 3, 0), ('y', 1, 0), ('y', 2, 0), "
      "('z', 0, 0), ('z', 9, 0)");
  run({.table = pairs_, .assignments = "n = n + 1"});
  EXPECT_THAT(column("SELECT n FROM pairs"), ElementsAre(1, 1, 1, 1, 1, 1, 1));
  EXPECT_THAT(reported_, ElementsAre(2, 6, 7));
}

TEST_P(BackfillRun, StoppedInTheMiddleGoesOnWhereItStopped) {
  create(pairs_);
  connection_->execute(
      "INSERT INTO pairs VALUES ('x', 1, 0), ('x', 2, 0), ('x', 3, 0), ('y', 1, 0), ('y', 2, 0)");
  stop_after_ = 2;
  EXPECT_THROW(run({.table = pairs_, .assignments = "n = n + 1"}), Error);
  EXPECT_THAT(column("SELECT n FROM pairs ORDER BY a, b"), ElementsAre(1, 1, 0, 0, 0));
  stop_after_ = 1'000;
  run({.table = pairs_, .assignments = "n = n + 1"}, place_);
  EXPECT_THAT(column("SELECT n FROM pairs"), ElementsAre(1, 1, 1, 1, 1));
  EXPECT_EQ(place_.rows, 5);
}

TEST_P(BackfillRun, LeavesRowsAloneForWhichTheConditionDoesNotHold) {
  create(pairs_);
  connection_->execute("INSERT INTO pairs VALUES ('x', 1, 5), ('x', 2, 6), ('x', 3, 7)");
  run({.table = pairs_, .assignments = "n = 0", .condition = "n = 5 OR n = 7"});
  EXPECT_THAT(column("SELECT n FROM pairs ORDER BY b"), ElementsAre(0, 6, 0));
}

TEST_P(BackfillRun, WithANullInTheKeyIsOneBatch) {
  if (GetParam() != TestEngine::Sqlite) GTEST_SKIP() << "only SQLite allows NULL in a primary key";
  Table table = pairs_;
  table.columns.front().nullable = true;
  create(table);
  connection_->execute("INSERT INTO pairs VALUES (NULL, 1, 0), (NULL, 2, 0), ('x', 3, 0)");
  run({.table = table, .assignments = "n = n + 1"});
  EXPECT_THAT(column("SELECT n FROM pairs"), ElementsAre(1, 1, 1));
}

TEST_P(BackfillRun, WithoutAPrimaryKeyIsOneBatch) {
  Table bag = pairs_;
  bag.primary_key.reset();
  create(bag);
  connection_->execute("INSERT INTO pairs VALUES ('x', 1, 0), ('x', 1, 0), ('x', 1, 0)");
  run({.table = bag, .assignments = "n = n + 1"});
  EXPECT_THAT(column("SELECT n FROM pairs"), ElementsAre(1, 1, 1));
  EXPECT_THAT(reported_, ElementsAre(3));
}

TEST_P(BackfillRun, OfAnEmptyTableIsDone) {
  create(pairs_);
  run({.table = pairs_, .assignments = "n = 1"});
  EXPECT_EQ(place_.rows, 0);
}

}  // namespace
}  // namespace parley::migrate
