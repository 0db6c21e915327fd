#include "dialect/beyond_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "migrate/backup.h"
#include "migrate/executor.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using test::TestEngine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BeyondModel : public testing::TestWithParam<TestEngine> {
 protected:
  void execute(const std::string& sql) { connection_->execute(sql); }

  test::TestDatabase database_{GetParam()};
  test::TemporaryDirectory directory_;
  std::unique_ptr<database::Connection> connection_ = database_.connect();
  SystemClock clock_;
  NamespaceDefinition definition_{.histories = {HistoryDefinition{}}, .graph = History({})};
  Deployment deployment_{*connection_, definition_, clock_};
};

INSTANTIATE_TEST_SUITE_P(Engines, BeyondModel, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(BeyondModel, IsNothingInAPlainDatabase) {
  execute("CREATE TABLE plain (id INT PRIMARY KEY, n INT UNIQUE CHECK (n > 0))");
  execute("CREATE VIEW positive AS SELECT id FROM plain WHERE n > 0");
  EXPECT_THAT(dialect::beyond_model(*connection_), IsEmpty());
}

TEST_P(BeyondModel, IsNamedAndKeepsABackupFromBeingWritten) {
  std::string first;
  switch (GetParam()) {
    case TestEngine::Sqlite: GTEST_SKIP() << "SQLite keeps the text of each table";
    case TestEngine::Postgresql:
      execute("CREATE DOMAIN short AS varchar(3)");
      execute("CREATE FUNCTION fine(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'");
      execute("CREATE TABLE base (id int PRIMARY KEY, code short, n int CHECK (fine(n)))");
      execute("CREATE TABLE child () INHERITS (base)");
      execute("ALTER TABLE base ENABLE ROW LEVEL SECURITY");
      execute("CREATE UNIQUE INDEX one_null ON base (code) NULLS NOT DISTINCT");
      execute("CREATE TABLE parts (id int) PARTITION BY RANGE (id)");
      execute("CREATE VIEW checked AS SELECT id FROM base WHERE id > 0 WITH CHECK OPTION");
      execute("CREATE RULE silent AS ON DELETE TO base DO INSTEAD NOTHING");
      execute("CREATE TABLE rooms (a box, EXCLUDE USING gist (a WITH &&))");
      EXPECT_THAT(
          dialect::beyond_model(*connection_),
          ElementsAre("column base.code is of the type short, a domain",
                      "column child.code is of the type short, a domain",
                      "index one_null takes NULLs for equal", "table base has row level security",
                      "table base has the constraint base_n_check, which calls the function fine",
                      "table base has the rule silent",
                      "table child has the constraint base_n_check, which calls the function fine",
                      "table child inherits another", "table parts is partitioned",
                      "table rooms has the exclusion constraint rooms_a_excl",
                      "view checked has a check option"));
      first = "column base.code is of the type short, a domain; ";
      break;
    case TestEngine::Mariadb:
      execute("CREATE TABLE kept (id INT PRIMARY KEY) WITH SYSTEM VERSIONING");
      execute("CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2");
      execute("CREATE SEQUENCE numbers");
      EXPECT_THAT(dialect::beyond_model(*connection_),
                  ElementsAre("table kept is versioned by the system", "table parts is partitioned",
                              "there is the sequence numbers"));
      first = "table kept is versioned by the system; ";
      break;
  }
  try {
    back_up(deployment_, {.file = directory_.path() + "/saved", .tool_version = "test"});
    ADD_FAILURE() << "a backup was written";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("what a backup cannot bring back: " + first));
  }
}

}  // namespace
}  // namespace parley::migrate
