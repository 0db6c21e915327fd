// A revision that stopped in the middle, seen by the next command: it may be mended behind what was
// done, may not be changed in what was done, and must be finished before anything else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "migrate/executor.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestDatabase;
using test::TestEngine;
using testing::ElementsAre;
using testing::HasSubstr;

SqlTexts sql(std::string text) { return {{.dialect = "", .sql = std::move(text)}}; }

/// Creates a table, fills it in a step of its own, and ends with the user's SQL.
NamespaceDefinition define(const std::string& filled_with, const std::string& last) {
  const Table counters{
      .name = "counters",
      .columns = {{.name = "id", .type = integer()}, {.name = "n", .type = integer()}},
      .primary_key = PrimaryKey{.columns = {"id"}}};
  Revision first{.id = "001_counters", .upgrade = {CreateTable{counters}}, .file = "001.yaml"};
  Revision second{.id = "002_count",
                  .down_revisions = {"001_counters"},
                  .upgrade = {Backfill{.table = "counters",
                                       .set = {{.column = "n", .value = sql(filled_with)}}},
                              Execute{.texts = sql(last), .undo = sql("SELECT 1")}},
                  .file = "002.yaml"};
  return {.histories = {HistoryDefinition{.declared_tables = {counters}}},
          .graph = History({first, second})};
}

class HalfDone : public testing::TestWithParam<TestEngine> {
 protected:
  HalfDone() : database_(GetParam()), connection_(database_.connect()) {
    const auto broken = define("n + 1", "UPDATE nowhere SET n = 1");
    Deployment deployment(*connection_, broken, clock_);
    upgrade(deployment, "001_counters", "", options_);
    connection_->execute("INSERT INTO counters VALUES (1, 0), (2, 0)");
    try {
      upgrade(deployment, "head", "", options_);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::UpgradeIncomplete) << error.what();
    }
  }

  std::vector<std::string> run(const NamespaceDefinition& definition) {
    Deployment deployment(*connection_, definition, clock_);
    return upgrade(deployment, "head", "", options_);
  }
  Error error_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::Internal, "nothing was thrown");
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  ExecuteOptions options_{.tool_version = "test"};
};

INSTANTIATE_TEST_SUITE_P(Engines, HalfDone, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(HalfDone, RevisionMayBeMendedBehindWhatWasDone) {
  EXPECT_THAT(run(define("n + 1", "UPDATE counters SET n = n * 10")), ElementsAre("002_count"));
  EXPECT_EQ(database::query(*connection_, "SELECT id FROM counters WHERE n = 10").size(), 2U)
      << "the rows were not counted up exactly once";
}

TEST_P(HalfDone, RevisionMayNotBeChangedInWhatWasDone) {
  const Error error = error_of([&] { run(define("n + 2", "UPDATE counters SET n = n * 10")); });
  EXPECT_EQ(error.code(), ErrorCode::HistoryChanged) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("002.yaml was edited after a part of it was run"));
  EXPECT_EQ(database::query(*connection_, "SELECT id FROM counters WHERE n = 1").size(), 2U);
}

TEST_P(HalfDone, RevisionIsFinishedBeforeAnythingElse) {
  const auto definition = define("n + 1", "UPDATE counters SET n = n * 10");
  Deployment deployment(*connection_, definition, clock_);
  const Error error = error_of([&] { downgrade(deployment, "base", "", options_); });
  EXPECT_EQ(error.code(), ErrorCode::RefusedForSafety) << error.what();
  EXPECT_THAT(error.hint(), HasSubstr("parley db upgrade 002_count"));
  EXPECT_THAT(run(definition), ElementsAre("002_count"));
}

}  // namespace
}  // namespace parley::migrate
