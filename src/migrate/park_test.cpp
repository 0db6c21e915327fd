#include "migrate/park.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "migrate/executor.h"
#include "migrate/rehearse.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestDatabase;
using test::TestEngine;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Table people() {
  return Table{.name = "people",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "name", .type = string(100)},
                           {.name = "boss_id", .type = integer(), .nullable = true},
                           {.name = "changed_at",
                            .type = datetime(),
                            .default_value = CurrentTimestamp{},
                            .on_update_now = true}},
               .primary_key = PrimaryKey{.columns = {"id"}},
               .foreign_keys = {{.columns = {"boss_id"},
                                 .referenced_table = "people",
                                 .referenced_columns = {"id"}}},
               .indexes = {{.name = "idx_people_name", .parts = {{.column = "name"}}}}};
}

Table notes() {
  return Table{.name = "notes", .columns = {{.name = "body", .type = text(), .nullable = true}}};
}

class Park : public testing::TestWithParam<TestEngine> {
 protected:
  Park() : database_(GetParam()), connection_(database_.connect()) {
    definition_.graph = History({first_});
    upgrade(deployment_, "head", "", options_);
    connection_->execute(
        "INSERT INTO people (name, boss_id, changed_at) VALUES "
        "('Ada', 1, '2020-01-02 03:04:05'), ('Öpik', 1, '2020-01-02 03:04:05')");
    connection_->execute("INSERT INTO notes VALUES ('same'), ('same')");
    options_.parks = true;
  }

  void set_second(std::vector<Change> changes) {
    definition_.graph = History({first_, Revision{.id = "002_second",
                                                  .down_revisions = {"001_first"},
                                                  .message = "second",
                                                  .upgrade = std::move(changes),
                                                  .file = "002.yaml"}});
  }
  void go_up(std::vector<Change> changes) {
    set_second(std::move(changes));
    upgrade(deployment_, "head", "", options_);
  }
  void go_back() { downgrade(deployment_, "-1", "", options_); }

  std::vector<database::Row> rows(const std::string& query) {
    return database::query(*connection_, query);
  }
  std::vector<std::string> parked_tables() {
    std::vector<std::string> names;
    for (const Table& table : deployment_.dialect().inspect(*connection_).tables) {
      if (table.name.starts_with("parley_parked_")) names.push_back(table.name);
    }
    return names;
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  ExecuteOptions options_{.lock_patience = std::chrono::milliseconds(100), .tool_version = "test"};
  Revision first_{.id = "001_first",
                  .message = "first",
                  .upgrade = {CreateTable{people()}, CreateTable{notes()}},
                  .file = "001.yaml"};
  NamespaceDefinition definition_{.histories = {HistoryDefinition{}}, .graph = History({})};
  Deployment deployment_{*connection_, definition_, clock_};
};

INSTANTIATE_TEST_SUITE_P(Engines, Park, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Park, BringsTheValuesOfAColumnBack) {
  const std::string query = "SELECT id, name, boss_id, changed_at FROM people ORDER BY id";
  const auto before = rows(query);
  go_up({DropIndex{"people", "idx_people_name"}, DropColumn{"people", "name"}});
  EXPECT_THAT(parked_tables(), SizeIs(1));
  go_back();
  EXPECT_EQ(rows(query), before);
  EXPECT_THAT(parked_tables(), IsEmpty());
  EXPECT_TRUE(deployment_.drift(deployment_.state()).is_clean());
}

TEST_P(Park, LeavesWhatCameMeanwhile) {
  go_up({DropColumn{"people", "changed_at"}});
  connection_->execute("INSERT INTO people (name, boss_id) VALUES ('new', NULL)");
  go_back();
  EXPECT_THAT(rows("SELECT id FROM people WHERE changed_at = '2020-01-02 03:04:05'"), SizeIs(2));
  EXPECT_THAT(rows("SELECT id FROM people"), SizeIs(3));
}

TEST_P(Park, BringsATableBackWithItsRowsAndCountsOn) {
  const auto before = rows("SELECT id, name, boss_id, changed_at FROM people ORDER BY id");
  go_up({DropTable{"people"}, DropTable{"notes"}});
  EXPECT_THAT(parked_tables(), SizeIs(2));
  go_back();
  EXPECT_EQ(rows("SELECT id, name, boss_id, changed_at FROM people ORDER BY id"), before);
  EXPECT_THAT(rows("SELECT body FROM notes"), SizeIs(2));
  connection_->execute("INSERT INTO people (name) VALUES ('next')");
  EXPECT_THAT(rows("SELECT id FROM people WHERE id = 3"), SizeIs(1));
  EXPECT_TRUE(deployment_.drift(deployment_.state()).is_clean());
}

TEST_P(Park, DoesNotHoldAnEnumThatGoesToo) {
  const Enum mood{.name = "mood", .values = {"calm", "cross"}};
  Column column{.name = "mood", .type = enumeration("mood"), .nullable = true};
  first_.upgrade.emplace_back(CreateEnum{mood});
  first_.upgrade.emplace_back(
      CreateTable{Table{.name = "days",
                        .columns = {{.name = "id", .type = integer()}, column},
                        .primary_key = PrimaryKey{.columns = {"id"}}}});
  const TestDatabase database(GetParam());
  const auto connection = database.connect();
  definition_.graph = History({first_});
  Deployment deployment(*connection, definition_, clock_);
  upgrade(deployment, "head", "", options_);
  connection->execute("INSERT INTO days VALUES (1, 'cross'), (2, NULL)");
  set_second({DropColumn{"days", "mood"}, DropEnum{"mood"}});
  upgrade(deployment, "head", "", options_);
  downgrade(deployment, "-1", "", options_);
  EXPECT_THAT(database::query(*connection, "SELECT id FROM days WHERE mood = 'cross'"), SizeIs(1));
}

TEST_P(Park, KeepsNothingUnlessAsked) {
  options_.parks = false;
  go_up({DropTable{"notes"}});
  EXPECT_THAT(parked_tables(), IsEmpty());
  go_back();
  EXPECT_THAT(rows("SELECT body FROM notes"), IsEmpty());
}

TEST_P(Park, RefusesAColumnWithoutAKeyToFindItsRows) {
  const auto error = test::error_of([&] {
    go_up({AddColumn{"notes", {.name = "size", .type = integer(), .nullable = true}},
           DropColumn{"notes", "body"}});
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::RefusedForSafety);
  EXPECT_THAT(error->what(), HasSubstr("column notes.body cannot be parked"));
  EXPECT_THAT(rows("SELECT body FROM notes"), SizeIs(2));
}

TEST_P(Park, RefusesWhatTheRevisionRenamesFirst) {
  EXPECT_EQ(test::code_of([&] { go_up({RenameTable{"notes", "remarks"}, DropTable{"remarks"}}); }),
            ErrorCode::RefusedForSafety);
}

TEST_P(Park, MakesARehearsedWayBackWhole) {
  set_second({DropTable{"notes"}});
  const Rehearsal done = rehearse(deployment_, {.histories = {""}}, options_);
  ASSERT_FALSE(done.failure) << done.failure->error.what();
  ASSERT_THAT(done.changed_rows, SizeIs(1));
  EXPECT_EQ(done.changed_rows[0].upgraded, std::nullopt);
  EXPECT_TRUE(done.changed_rows[0].is_restored);
}

}  // namespace
}  // namespace parley::migrate
