#include "migrate/words_of_base.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/executor.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestDatabase;
using test::TestEngine;

Table orders() {
  return Table{.name = "orders",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "code", .type = string(20)},
                           {.name = "state", .type = string(20)},
                           {.name = "parent_id", .type = integer(), .nullable = true}},
               .primary_key = PrimaryKey{.columns = {"id"}}};
}

ForeignKey to_parent(const std::string& name) {
  return {.name = name,
          .columns = {"parent_id"},
          .referenced_table = "orders",
          .referenced_columns = {"id"}};
}

/// A table, what a second revision adds to it, and the way back.
class WordsOfBase : public testing::TestWithParam<TestEngine> {
 protected:
  /// Up and down, once by the derived way back and once by a third revision that says `drop`.
  void comes_and_goes(const Change& add, const Change& drop) {
    definition_.graph = History({first_, second({add}), third({drop})});
    const auto before = deployment_.dialect().inspect(*connection_);
    upgrade(deployment_, "002_add", "", options_);
    EXPECT_FALSE(deployment_.dialect().inspect(*connection_) == before);
    downgrade(deployment_, "-1", "", options_);
    EXPECT_EQ(deployment_.dialect().inspect(*connection_), before);
    upgrade(deployment_, "head", "", options_);
    EXPECT_EQ(deployment_.dialect().inspect(*connection_), before);
    downgrade(deployment_, "001_orders", "", options_);
    EXPECT_EQ(deployment_.dialect().inspect(*connection_), before);
  }

  static Revision second(std::vector<Change> changes) {
    return {.id = "002_add",
            .down_revisions = {"001_orders"},
            .message = "add",
            .upgrade = std::move(changes),
            .file = "002.yaml"};
  }
  static Revision third(std::vector<Change> changes) {
    return {.id = "003_drop",
            .down_revisions = {"002_add"},
            .message = "drop",
            .upgrade = std::move(changes),
            .file = "003.yaml"};
  }
  void SetUp() override { upgrade(deployment_, "head", "", options_); }

  TestDatabase database_{GetParam()};
  std::unique_ptr<database::Connection> connection_ = database_.connect();
  SystemClock clock_;
  ExecuteOptions options_{.lock_patience = std::chrono::milliseconds(100), .tool_version = "test"};
  Revision first_{.id = "001_orders",
                  .message = "orders",
                  .upgrade = {CreateTable{orders()}},
                  .file = "001.yaml"};
  NamespaceDefinition definition_{.histories = {HistoryDefinition{}}, .graph = History({first_})};
  Deployment deployment_{*connection_, definition_, clock_};
};

INSTANTIATE_TEST_SUITE_P(Engines, WordsOfBase, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(WordsOfBase, AUniqueConstraintWithAName) {
  const Unique unique{.name = "uq_code", .columns = {"code"}};
  comes_and_goes(AddUnique{"orders", unique}, DropUnique{"orders", {.name = "uq_code"}});
}

TEST_P(WordsOfBase, AUniqueConstraintWithTheNameThatPostgresqlWouldChoose) {
  const Unique unique{.name = "orders_code_key", .columns = {"code"}};
  comes_and_goes(AddUnique{"orders", unique}, DropUnique{"orders", {.name = "orders_code_key"}});
}

TEST_P(WordsOfBase, AUniqueIndexWithTheNameThatMysqlWouldChoose) {
  const Index index{.name = "code", .parts = {{.column = "code"}}, .unique = true};
  comes_and_goes(CreateIndex{"orders", index}, DropIndex{"orders", "code"});
}

TEST_P(WordsOfBase, AForeignKeyWithTheNameThatPostgresqlWouldChoose) {
  comes_and_goes(AddForeignKey{"orders", to_parent("orders_parent_id_fkey")},
                 DropForeignKey{"orders", {.name = "orders_parent_id_fkey"}});
}

TEST_P(WordsOfBase, ACheckWithTheNameThatPostgresqlWouldChoose) {
  comes_and_goes(AddCheck{"orders", {"orders_state_check", "state <> ''"}},
                 DropCheck{.table = "orders", .check = "orders_state_check"});
}

TEST_P(WordsOfBase, ACheckWithoutANameAsItWasWritten) {
  if (GetParam() == TestEngine::Mariadb) {
    GTEST_SKIP() << "MariaDB cannot drop a check without a name";
  }
  const std::string written = "mood IN ('a','b') or mood is null";
  const Table notes{.name = "notes",
                    .columns = {{.name = "mood", .type = string(9), .nullable = true}},
                    .checks = {{.name = "", .expression = written}}};
  definition_.graph = History({first_, second({CreateTable{notes}}),
                               third({DropCheck{.table = "notes", .expression = written}})});
  upgrade(deployment_, "002_add", "", options_);
  EXPECT_ANY_THROW(connection_->execute("INSERT INTO notes VALUES ('c')"));
  upgrade(deployment_, "head", "", options_);
  connection_->execute("INSERT INTO notes VALUES ('c')");
}

}  // namespace
}  // namespace parley::migrate
