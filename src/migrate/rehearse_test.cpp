#include "migrate/rehearse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "migrate/executor.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestDatabase;
using test::TestEngine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Stage = RehearsalFailure::Stage;

Table people() {
  return Table{.name = "people",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "name", .type = string(100), .nullable = true},
                           {.name = "weight", .type = integer(), .nullable = true}},
               .primary_key = PrimaryKey{.columns = {"id"}}};
}

class Rehearse : public testing::TestWithParam<TestEngine> {
 protected:
  Rehearse() : database_(GetParam()), connection_(database_.connect()) {
    definition_.graph = History({first_});
    upgrade(deployment_, "head", "", options_);
    connection_->execute("INSERT INTO people (name, weight) VALUES ('Ada', 61), (NULL, NULL)");
  }

  /// What would happen with a second revision of these changes.
  Rehearsal rehearse_second(std::vector<Change> changes,
                            std::optional<std::vector<Change>> downgrade = {}) {
    definition_.graph = History({first_, Revision{.id = "002_second",
                                                  .down_revisions = {"001_people"},
                                                  .message = "second",
                                                  .upgrade = std::move(changes),
                                                  .downgrade = std::move(downgrade),
                                                  .file = "002.yaml"}});
    return rehearse(deployment_, {.histories = {""}}, options_);
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  ExecuteOptions options_{.lock_patience = std::chrono::milliseconds(100), .tool_version = "test"};
  Revision first_{.id = "001_people",
                  .message = "people",
                  .upgrade = {CreateTable{people()}},
                  .file = "001.yaml"};
  NamespaceDefinition definition_{.histories = {HistoryDefinition{}}, .graph = History({})};
  Deployment deployment_{*connection_, definition_, clock_};
};

INSTANTIATE_TEST_SUITE_P(Engines, Rehearse, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Rehearse, GoesUpAndDownOnACopy) {
  const Rehearsal done = rehearse_second(
      {AddColumn{"people", {.name = "phone", .type = string(20), .nullable = true}}});
  ASSERT_FALSE(done.failure) << done.failure->error.what();
  EXPECT_EQ(done.tables, 1);
  EXPECT_EQ(done.rows, 2);
  ASSERT_EQ(done.revisions.size(), 1U);
  EXPECT_EQ(done.revisions[0].id, "002_second");
  EXPECT_TRUE(done.revisions[0].down);
  EXPECT_THAT(done.revisions[0].losses, IsEmpty());
  EXPECT_THAT(done.changed_rows, IsEmpty());
  EXPECT_EQ(done.no_way_back, "");
}

TEST_P(Rehearse, LeavesTheDatabaseAsItWas) {
  const auto rows = database::query(*connection_, "SELECT * FROM people ORDER BY id");
  rehearse_second({DropColumn{"people", "weight"}});
  EXPECT_EQ(database::query(*connection_, "SELECT * FROM people ORDER BY id"), rows);
  EXPECT_THAT(deployment_.state().applied, ElementsAre("001_people"));
  EXPECT_EQ(deployment_.journal().entries().size(), 1U);
  EXPECT_FALSE(deployment_.journal().lock_owner());
}

TEST_P(Rehearse, TellsWhatIsLostAndDoesNotComeBack) {
  const Rehearsal done = rehearse_second({DropColumn{"people", "weight"}});
  ASSERT_FALSE(done.failure) << done.failure->error.what();
  EXPECT_THAT(done.revisions[0].losses, ElementsAre(HasSubstr("people.weight")));
  ASSERT_EQ(done.changed_rows.size(), 1U);
  EXPECT_EQ(done.changed_rows[0].table, "people");
  EXPECT_EQ(done.changed_rows[0].upgraded, 2);
  EXPECT_FALSE(done.changed_rows[0].is_restored);
}

TEST_P(Rehearse, CountsRowsThatAnUpgradeRemoves) {
  const Rehearsal done =
      rehearse_second({Execute{.texts = {SqlText{.sql = "DELETE FROM people WHERE name IS NULL"}},
                               .undo = {SqlText{.sql = "DELETE FROM people WHERE id = 0"}}}});
  ASSERT_FALSE(done.failure) << done.failure->error.what();
  ASSERT_EQ(done.changed_rows.size(), 1U);
  EXPECT_EQ(done.changed_rows[0].before, 2);
  EXPECT_EQ(done.changed_rows[0].upgraded, 1);
  EXPECT_FALSE(done.changed_rows[0].is_restored);
}

TEST_P(Rehearse, FailsOnRowsThatStandInTheWay) {
  Column strict = people().columns[1];
  strict.nullable = false;
  const Rehearsal done = rehearse_second({AlterColumn{"people", strict}});
  ASSERT_TRUE(done.failure);
  EXPECT_EQ(done.failure->stage, Stage::Upgrade);
  EXPECT_EQ(done.failure->revision, "002_second");
  EXPECT_EQ(done.failure->error.code(), ErrorCode::RefusedForSafety);
  EXPECT_THAT(done.failure->error.what(), HasSubstr("1 row"));
  EXPECT_THAT(done.revisions, IsEmpty());
}

TEST_P(Rehearse, StopsWhereThereIsNoWayBack) {
  const Rehearsal done =
      rehearse_second({Execute{.texts = {SqlText{.sql = "UPDATE people SET weight = 1"}}}});
  ASSERT_FALSE(done.failure) << done.failure->error.what();
  EXPECT_THAT(done.no_way_back, HasSubstr("002_second: no way back"));
  EXPECT_FALSE(done.revisions[0].down);
}

TEST_P(Rehearse, FindsADowngradeThatDoesNotUndo) {
  const Rehearsal done = rehearse_second(
      {AddColumn{"people", {.name = "phone", .type = string(20), .nullable = true}}},
      std::vector<Change>{});
  ASSERT_TRUE(done.failure);
  EXPECT_EQ(done.failure->stage, Stage::Downgrade);
  EXPECT_THAT(done.failure->error.what(), HasSubstr("phone"));
}

TEST_P(Rehearse, CopiesNothingWhenThereIsNothingToDo) {
  EXPECT_TRUE(rehearse(deployment_, {.histories = {""}}, options_).is_empty());
}

TEST_P(Rehearse, RefusesADatabaseThatHasDrifted) {
  connection_->execute("ALTER TABLE people DROP COLUMN weight");
  EXPECT_EQ(test::code_of([&] { rehearse_second({DropColumn{"people", "name"}}); }),
            ErrorCode::SchemaDrift);
}

}  // namespace
}  // namespace parley::migrate
